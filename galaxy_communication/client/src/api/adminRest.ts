import { createCaller, withQuery } from "./caller";
import type {
  AdminRoom,
  AdminUser,
  AuditEntry,
  Figures,
  FilterList,
  FilterOutcome,
  GalaxyGroup,
  ReportedMessage,
  Resolution,
  Retention,
  RetentionPreview,
  RetentionUpdate,
  Room,
  RoomCreate,
  RoomUpdate,
  Sanction,
  SanctionEntry,
  Statistics,
  WordFilter,
} from "./wire";

/** Of a list, the newest first. */
export interface ListPage {
  /** The id of the last one of the page before. */
  before?: string | undefined;
  limit: number;
}

export type SanctionKind = SanctionEntry["kind"];
export type AdminRest = ReturnType<typeof createAdminRest>;

/** What administrators ask and tell, and moderators in part. @param root Galaxy's root, see `rootOf`. */
export function createAdminRest(root: string) {
  const { request, call, get } = createCaller(root);
  const ofRoom = (id: string): string => `/admin/rooms/${encodeURIComponent(id)}`;
  const ofSanction = (kind: SanctionKind, id: string): string => `/admin/${kind}s/${encodeURIComponent(id)}`;

  return {
    figures: () => get<Figures>("/admin/figures"),
    statistics: (days: number) => get<Statistics>("/admin/statistics", { days }),

    rooms: (page: ListPage & { query?: string; kind?: string | null; archived?: boolean | null }) =>
      get<AdminRoom[]>("/admin/rooms", { ...page }),
    changeRoom: (id: string, wanted: RoomUpdate) => call<AdminRoom>("PATCH", ofRoom(id), wanted),
    createRoom: (wanted: RoomCreate) => call<Room>("POST", "/rooms", wanted),
    /** @param name the room's, as it was typed in. */
    deleteRoom: (id: string, name: string) => call<null>("DELETE", withQuery(ofRoom(id), { name })),
    /** Lines of JSON; the header `X-Total-Count` says how many. */
    exportRoom: (id: string) => request("GET", `${ofRoom(id)}/export`),
    groups: (query: string) => get<GalaxyGroup[]>("/admin/groups", { query }),

    people: (page: ListPage & { query?: string }) => get<AdminUser[]>("/admin/users", { ...page }),
    impose: (kind: SanctionKind, id: string, wanted: Sanction) => call<null>("PUT", ofSanction(kind, id), wanted),
    lift: (kind: SanctionKind, id: string, reason: string) => call<null>("DELETE", withQuery(ofSanction(kind, id), { reason })),
    sanctions: (page: ListPage & { user_id?: string }) => get<SanctionEntry[]>("/admin/sanctions", { ...page }),

    reports: ({ open, ...page }: ListPage & { open: boolean | null }) => get<ReportedMessage[]>("/admin/reports", { open, ...page }),
    resolve: (id: string, wanted: Resolution) => call<ReportedMessage>("PUT", `/admin/reports/${encodeURIComponent(id)}`, wanted),
    deleteMessage: (id: string, reason: string) => call<null>("DELETE", withQuery(`/messages/${encodeURIComponent(id)}`, { reason })),

    wordFilter: () => get<WordFilter>("/admin/word-filter"),
    setWordFilter: (wanted: WordFilter) => call<WordFilter>("PUT", "/admin/word-filter", wanted),
    tryFilter: (text: string, lists: FilterList[]) => call<FilterOutcome>("POST", "/admin/word-filter/try", { text, lists }),

    retention: () => get<Retention>("/admin/retention"),
    setRetention: (wanted: RetentionUpdate) => call<Retention>("PUT", "/admin/retention", wanted),
    previewRetention: (wanted: RetentionUpdate) => call<RetentionPreview>("POST", "/admin/retention/preview", wanted),

    audit: (page: ListPage & { actor?: string; target?: string; room_id?: string }) => get<AuditEntry[]>("/admin/audit", { ...page }),
  };
}
