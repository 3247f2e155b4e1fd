/** The message list of one room, laid out, with more in it than what is loaded at first. */
import type { Message } from "../src/api/wire";
import type { RoomEntry } from "../src/stores/rooms";
import { currentRoom } from "../src/stores/state";
import { render, settled, type Options, type Rendered } from "./render";
import { message, room } from "./samples";

/** So many messages there are, and so high is the number of the last. */
export const HEAD = 400;

export interface ShownList extends Rendered {
  readonly list: HTMLElement;
  entry: () => RoomEntry;
  row: (seq: number) => HTMLElement | null;
  seqs: () => number[];
  line: () => HTMLElement | undefined;
  /** The number of the message below that line. */
  firstNew: () => number;
  button: (name: string | RegExp) => HTMLElement | null;
}

export interface ListOptions extends Options {
  unread?: number;
  /** The read pointer. */
  read?: number;
}

/** `layOut` has to come before. */
export async function openList({ unread = 0, read = HEAD, history = messages(), ...options }: ListOptions = {}): Promise<ShownList> {
  const rooms = options.rooms ?? [room({ head_seq: history.length, read_seq: read, unread })];
  const rendered = await render({ ...options, history, rooms });
  await settled();
  const line = () => rendered.anchors("unread line")[0];
  return {
    ...rendered,
    line,
    get list() {
      return rendered.screen.getByRole("log");
    },
    entry: () => currentRoom(rendered.chat.state) as RoomEntry,
    row: (seq) => rendered.screen.getByRole("log").querySelector(`[data-seq="${seq}"]`),
    seqs: () => rendered.anchors("message").map(({ dataset }) => Number(dataset["seq"])),
    firstNew: () => Number((line()?.nextElementSibling as HTMLElement | null)?.dataset["seq"]),
    button: (name) => rendered.screen.queryByRole("button", { name }),
  };
}

export function messages(change: (one: Message) => Partial<Message> = () => ({})): Message[] {
  return Array.from({ length: HEAD }, (_, index) => {
    const one = message(index + 1);
    return { ...one, ...change(one) };
  });
}
