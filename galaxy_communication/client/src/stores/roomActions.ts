/** What one does with rooms: come, go, make one, look after it, and say how much of it one wants to hear. */
import type { Members } from "../api/rest";
import type { Member, MembershipUpdate, MemberUpdate, Room, RoomCreate, RoomUpdate, Sanction, User } from "../api/wire";
import type { ChatParts } from "./chat";
import type { RoomEntry } from "./rooms";

/** As many as a list shows that one looks through. */
const FOUND = 50;

export function createRoomActions({ people, rest, request, attempt, told, show, forget }: ChatParts) {
  /** Throws, for a dialog, which says itself what went wrong. Joining twice is joining once. */
  async function enter(room: Room): Promise<void> {
    const answer = await request("room.join", { room_id: room.id });
    show(told(answer.room));
  }

  /** Throws. The server knows which names are the same, and rooms that no list has shown. */
  async function enterNamed(name: string): Promise<void> {
    const answer = await request("room.join", { name });
    show(told(answer.room));
  }

  /** Throws; also goes there. */
  async function createRoom(wanted: RoomCreate): Promise<void> {
    const { room } = await request("room.create", wanted);
    show(told(room));
  }

  /**
   * Who has gone is told to all; but somebody who only seemed to go, by a reload, may have been asked about in between, and
   * is not told of again.
   */
  async function members({ room }: RoomEntry, page: Members): Promise<Member[]> {
    const found = await rest.members(room.id, page);
    for (const { id, status } of found) if (status !== "offline") people.setStatus(id, status);
    return found;
  }

  /** Throws. */
  async function changeRoom({ room }: RoomEntry, wanted: RoomUpdate): Promise<void> {
    told(await rest.changeRoom(room.id, wanted));
  }

  return {
    enter,
    enterNamed,
    createRoom,
    members,
    join: ({ room }: RoomEntry) => attempt(() => enter(room)),
    leave: ({ room }: RoomEntry) =>
      attempt(async () => {
        await request("room.leave", { room_id: room.id });
        forget(room.id);
      }),
    /** Opens the conversation of two, which is made where there is none. */
    talkTo: ({ id }: User) => attempt(() => createRoom({ kind: "direct", members: [id] })),
    /** Whose name contains this: those one is in, and some of those one may join. */
    findRooms: (query: string) => rest.rooms({ query, limit: FOUND }),

    changeRoom,
    setPace: (entry: RoomEntry, wanted: RoomUpdate) => attempt(() => changeRoom(entry, wanted)),
    archive: (entry: RoomEntry, archived: boolean) => attempt(() => changeRoom(entry, { archived })),
    changeMembership: ({ room }: RoomEntry, wanted: MembershipUpdate) =>
      attempt(async () => void told(await rest.changeMembership(room.id, wanted))),

    /** Throws. */
    invite: ({ room }: RoomEntry, users: User[]) => rest.invite(room.id, { members: users.map(({ id }) => id) }),
    setRole: ({ room }: RoomEntry, { id }: User, role: MemberUpdate["role"]) =>
      attempt(async () => void (await rest.changeMember(room.id, id, { role }))),
    /** Throws. */
    banFrom: ({ room }: RoomEntry, { id }: User, wanted: Sanction) => rest.ban(room.id, id, wanted),
    /** Throws. */
    unban: ({ room }: RoomEntry, { id }: User) => rest.unban(room.id, id),
    bannedFrom: ({ room }: RoomEntry) => rest.bans(room.id),
    removeMember: ({ room }: RoomEntry, { id }: User) =>
      attempt(async () => void (await rest.removeMember(room.id, id))),
  };
}
