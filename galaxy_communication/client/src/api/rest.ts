import { createCaller } from "./caller";
import type {
  Invitation,
  Member,
  MembershipUpdate,
  MemberUpdate,
  Message,
  Preferences,
  PreferencesUpdate,
  ReadPointer,
  Report,
  Revision,
  Room,
  RoomUpdate,
  Sanction,
  SanctionEntry,
  Socket,
  Status,
  StatusUpdate,
  User,
} from "./wire";

export interface Page {
  /** Only messages below this number. */
  before?: number;
  /** Only messages above this number. */
  after?: number;
  /** Messages on both sides of this number, and the one that has it. */
  around?: number;
  limit: number;
}

export interface Search {
  q: string;
  room_id?: string;
  user_id?: string;
  /** The id of the last hit of the page before, or a time (ISO 8601): only what is older. */
  before?: string;
  /** A time: only what is newer. */
  after?: string;
  limit?: number;
}

export interface Members {
  /** The beginning of a public name. */
  query?: string;
  /** The id of the last one of the page before. */
  before?: string;
  limit?: number;
}

export type Rest = ReturnType<typeof createRest>;

/** Galaxy's root at the server that has the chat. Galaxy's own answers for status, preferences and the switch. */
export function rootOf({ url }: Socket, root: string): string {
  return (url ?? "") + root;
}

/** @param root Galaxy's root, with a slash at its end; see `rootOf`. */
export function createRest(root: string) {
  const { call, get } = createCaller(root);

  const ofRoom = (id: string): string => `/rooms/${encodeURIComponent(id)}`;
  const ofMember = (id: string, userId: string): string => `${ofRoom(id)}/members/${encodeURIComponent(userId)}`;
  const ofBan = (id: string, userId: string): string => `${ofRoom(id)}/bans/${encodeURIComponent(userId)}`;
  const ofMessage = (id: string): string => `/messages/${encodeURIComponent(id)}`;

  return {
    status: () => get<Status>("/status"),
    preferences: () => get<Preferences>("/preferences"),
    setStatus: (wanted: StatusUpdate) => call<Status>("PUT", "/status", wanted),

    setPreferences: (wanted: PreferencesUpdate) => call<Preferences>("PUT", "/preferences", wanted),

    /** Those one is in, and of those one may join at most `limit`, of which `query` is a part of the name. */
    rooms: (search: { query?: string; limit?: number } = {}) => get<Room[]>("/rooms", search),
    room: (id: string) => get<Room>(ofRoom(id)),
    changeRoom: (id: string, wanted: RoomUpdate) => call<Room>("PATCH", ofRoom(id), wanted),
    archiveRoom: (id: string) => call<null>("DELETE", ofRoom(id)),
    changeMembership: (id: string, wanted: MembershipUpdate) => call<Room>("PATCH", `${ofRoom(id)}/membership`, wanted),
    setRead: (id: string, pointer: ReadPointer) => call<Room>("PUT", `${ofRoom(id)}/read`, pointer),
    members: (id: string, page: Members = {}) => get<Member[]>(`${ofRoom(id)}/members`, { ...page }),
    invite: (id: string, who: Invitation) => call<Member[]>("POST", `${ofRoom(id)}/members`, who),
    changeMember: (id: string, userId: string, wanted: MemberUpdate) => call<Member>("PATCH", ofMember(id, userId), wanted),
    removeMember: (id: string, userId: string) => call<null>("DELETE", ofMember(id, userId)),

    bans: (id: string) => get<SanctionEntry[]>(`${ofRoom(id)}/bans`),
    ban: (id: string, userId: string, wanted: Sanction) => call<null>("PUT", ofBan(id, userId), wanted),
    unban: (id: string, userId: string) => call<null>("DELETE", ofBan(id, userId)),

    /** Newest first. */
    messages: (id: string, page: Page) => get<Message[]>(`${ofRoom(id)}/messages`, { ...page }),
    message: (id: string) => get<Message>(ofMessage(id)),
    report: (id: string, reason: string) => call<Report>("POST", `${ofMessage(id)}/report`, { reason }),
    revisions: (id: string) => get<Revision[]>(`${ofMessage(id)}/revisions`),
    pin: (id: string, on: boolean) => call<Message>(on ? "PUT" : "DELETE", `${ofMessage(id)}/pin`),
    pins: (id: string) => get<Message[]>(`${ofRoom(id)}/pins`),
    search: (wanted: Search) => get<Message[]>("/search", { ...wanted }),

    /** People one can address whose public name begins with `query`. */
    users: (query: string) => get<User[]>("/users", { query }),
    mutes: () => get<User[]>("/mutes"),
    mutePerson: (id: string, on: boolean) => call<null>(on ? "PUT" : "DELETE", `/users/${encodeURIComponent(id)}/mute`),
  };
}
