/** What one does with rooms: come, go, make one. */
import type { ChatParts } from "./chat";
import { putRoom, type RoomEntry } from "./rooms";

export function createRoomActions({ state, request, attempt, show, forget }: ChatParts) {
  return {
    join: (entry: RoomEntry) =>
      attempt(async () => {
        const { room } = await request("room.join", { room_id: entry.room.id });
        show(putRoom(state.rooms, room));
      }),
    leave: (entry: RoomEntry) =>
      attempt(async () => {
        await request("room.leave", { room_id: entry.room.id });
        forget(entry.room.id);
      }),
  };
}
