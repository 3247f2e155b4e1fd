/** The pinned messages of the room whose pins one looks at. */
import { markRaw, reactive } from "vue";

import { persist, type Sleep } from "../api/backoff";
import type { Rest } from "../api/rest";
import type { Message } from "../api/wire";

export type Pins = ReturnType<typeof createPins>;

const ATTEMPTS = 4;

export function createPins(rest: Pick<Rest, "pins">, sleep?: Sleep) {
  const state = reactive({
    roomId: null as string | null,
    /** The last pinned first; null until they are known. */
    messages: null as Message[] | null,
    failed: false,
  });
  let asked = 0;

  async function load(): Promise<void> {
    const { roomId } = state;
    if (roomId === null) return;
    const question = ++asked;
    state.failed = false;
    try {
      const messages = await persist(() => rest.pins(roomId), ATTEMPTS, sleep);
      if (question === asked) state.messages = messages.map((message) => markRaw(message));
    } catch {
      if (question === asked) state.failed = true;
    }
  }

  return {
    state,
    load,

    open(roomId: string): Promise<void> {
      Object.assign(state, { roomId, messages: null });
      return load();
    },

    close(): void {
      asked += 1;
      Object.assign(state, { roomId: null, messages: null, failed: false });
    },

    /** In which order they were pinned, only the server knows. */
    heard(messages: Message[]): void {
      const shown = new Set(state.messages?.map(({ id }) => id));
      const isNews = messages.some((one) => one.room_id === state.roomId && (one.pinned || shown.has(one.id)));
      if (isNews) void load();
    },
  };
}
