/** What one looks at in a room: its newest messages or old ones, the line where the new ones begin, how far one has read. */
import { ChatError } from "../api/errors";
import type { Message } from "../api/wire";
import type { ChatParts } from "./chat";
import { clear } from "./cleared";
import type { History } from "./history";
import { trim } from "./log";
import type { Reading } from "./reading";
import { putRoom, unreadIn, type RoomEntry } from "./rooms";
import { currentRoom } from "./state";
import { createVisit, type Target } from "./visit";

/** So many messages of an open room are kept while one reads the newest; twice as many have to be there first. */
const KEPT = 400;

export function createView({ state, rest, attempt, show }: ChatParts, history: History, reading: Reading) {
  async function find(roomId: string): Promise<RoomEntry> {
    return state.rooms.get(roomId) ?? putRoom(state.rooms, await known(rest.room(roomId)));
  }

  async function jump(roomId: string, seq: number, kind: Target["kind"]): Promise<void> {
    const entry = await find(roomId);
    show(entry);
    entry.clearedTo = null;
    await history.around(entry, seq, () => {
      if (entry === currentRoom(state)) entry.visit.target = { seq, kind };
      else entry.log.context = null;
    });
  }

  /** Back from old messages to the newest. */
  function toNewest({ log, visit }: RoomEntry): void {
    log.jumps += 1;
    log.context = null;
    visit.target = null;
  }

  function tidy({ log }: RoomEntry): void {
    if (log.messages.length > 2 * KEPT) trim(log, KEPT);
  }

  const actions = {
    /** Opens the room and shows this message, however old it is, among its neighbours. */
    jumpTo: (roomId: string, seq: number) => attempt(() => jump(roomId, seq, "message")),
    jumpToMessage: ({ room_id: roomId, seq }: Message) => attempt(() => jump(roomId, seq, "message")),
    jumpToUnread: ({ room, visit }: RoomEntry) =>
      attempt(() => jump(room.id, (visit.newFrom ?? room.read_seq) + 1, "unread")),
    toNewest,

    /** What the address of the chat's page asks for, by ids. */
    openLink: (messageId: string | null, roomId: string | null) =>
      attempt(async () => {
        if (messageId) {
          const { room_id: its, seq } = await known(rest.message(messageId));
          await jump(its, seq, "message");
        } else if (roomId) show(await find(roomId));
      }),

    /** From this message on, all is new again. */
    markUnread: (entry: RoomEntry, { seq }: Message) => attempt(() => reading.putBack(entry, seq - 1)),

    loadOlder: (entry: RoomEntry) => attempt(() => history.older(entry)),
    loadNewer: (entry: RoomEntry) => attempt(() => history.newer(entry)),
    reload: (entry: RoomEntry) => history.open(entry),

    /** Takes what there is out of sight; what comes shows in an empty view. */
    clearView(entry: RoomEntry): void {
      toNewest(entry);
      clear(entry);
    },

    showHistory: (entry: RoomEntry) => void (entry.clearedTo = null),

    /** The room's messages come on the screen. */
    beginVisit(entry: RoomEntry): void {
      const newFrom = unreadIn(entry) > 0 ? entry.room.read_seq : null;
      Object.assign(entry.visit, { isOpen: true, isHeld: false, newFrom });
    },

    endVisit(entry: RoomEntry): void {
      toNewest(entry);
      entry.visit = createVisit();
      actions.setReading(false);
    },

    /** The newest messages are before the user's eyes, or no longer. */
    setReading(isReading: boolean): void {
      state.reading = isReading;
      const entry = currentRoom(state);
      if (!isReading || !entry) return;
      reading.mark(entry);
      tidy(entry);
    },

    /** Nobody looks at this tab now: where the new messages begin is another place when someone does again. */
    lookAway(entry: RoomEntry): void {
      if (unreadIn(entry) === 0) entry.visit.newFrom = null;
    },
  };

  return {
    actions,

    /** New messages came. */
    heard(entry: RoomEntry): void {
      const { visit, room } = entry;
      if (state.reading && entry === currentRoom(state)) tidy(entry);
      else if (visit.isOpen && visit.newFrom === null && unreadIn(entry) > 0) visit.newFrom = room.read_seq;
    },

    /** Who writes has seen what there is. */
    wrote(entry: RoomEntry): void {
      toNewest(entry);
      Object.assign(entry.visit, { newFrom: null, isHeld: false });
      reading.mark(entry);
    },
  };
}

/** What one may not know of is not told from what is not there. */
function known<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    const isMissing = error instanceof ChatError && ["not_found", "forbidden", "invalid"].includes(error.code);
    throw isMissing ? new ChatError("unreachable", "") : error;
  });
}
