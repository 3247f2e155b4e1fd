/** The members of a room, page by page: who looks after it first, then by name. */
import { computed, ref, shallowRef, watch } from "vue";

import type { Member } from "../api/wire";
import type { RoomEntry } from "../stores/rooms";
import { nameOf } from "./people";
import { useChat } from "./useChat";
import { useDebounced } from "./useDebounced";

export const PAGE = 50;
/** The server gives no more at once. */
const LARGEST_PAGE = 200;
const RANK = { owner: 0, moderator: 1, member: 2 };

export function useMembers(entry: () => RoomEntry) {
  const { chat } = useChat();
  const query = ref("");
  const loaded = shallowRef<Member[]>([]);
  const state = ref<"loading" | "loaded" | "failed">("loading");
  const hasMore = ref(false);
  const loadingMore = ref(false);

  const members = computed(() => {
    const byName = (one: Member, other: Member): number => nameOf(one).localeCompare(nameOf(other));
    return [...loaded.value].sort((one, other) => RANK[one.role] - RANK[other.role] || byName(one, other));
  });

  /** As many as one has seen already. */
  async function read(wanted: string): Promise<{ page: Member[]; limit: number }> {
    const limit = Math.min(Math.max(1, Math.ceil(loaded.value.length / PAGE)) * PAGE, LARGEST_PAGE);
    return { page: await chat.members(entry(), { query: wanted.trim(), limit }), limit };
  }

  const reading = useDebounced(
    read,
    ({ page, limit }) => {
      loaded.value = page;
      hasMore.value = page.length >= limit;
      state.value = "loaded";
    },
    () => (state.value = "failed"),
  );

  async function more(): Promise<void> {
    const { value: before } = loaded;
    const last = before.at(-1);
    if (!last || loadingMore.value) return;
    loadingMore.value = true;
    try {
      const page = await chat.members(entry(), { query: query.value.trim(), before: last.id, limit: PAGE });
      if (loaded.value !== before) return; // something else was read meanwhile
      loaded.value = [...before, ...page];
      hasMore.value = page.length >= PAGE;
    } catch {
      state.value = "failed";
    } finally {
      loadingMore.value = false;
    }
  }

  const reload = (): Promise<void> => reading.now(query.value);
  watch(query, () => {
    loaded.value = [];
    reading.soon(query.value);
  });
  // Who came or went, and whom one may look after, as far as it is told.
  watch(
    () => [entry().room.member_count, entry().room.role, chat.state.connection === "connected"],
    () => reading.soon(query.value),
  );
  void reload();

  return { query, members, state, hasMore, loadingMore, more, reload };
}
