import type { Room, SanctionEntry, User } from "./wire";

export interface FilterList { action: "refuse" | "mask" | "report"; words: string[]; patterns: string[] }
export interface WordFilter { lists: FilterList[] }
export interface FilterOutcome { action: "refuse" | "mask" | "report" | null; text: string; found: string[] }
export type Days = Record<Room["kind"], number | null>;
export interface Retention { days: Days; erasure: "keep" | "remove"; last_run: string | null }
export interface RetentionUpdate { days?: Partial<Days>; erasure?: "keep" | "remove" }
export interface RetentionPreview { messages: number; by_kind: Partial<Record<Room["kind"], number>>; people: number }
export interface Worker { name: string; started_at: string; seen_at: string; connections: number; queue: number; is_this: boolean }
export interface Warning { reason: string; message: string; values: Record<string, string | number> }
export interface Figures {
  online: number; connections: number; messages_per_minute: number; queue: number; workers: Worker[]; bus: string;
  database: { engine: "sqlite" | "postgresql"; separate: boolean; milliseconds: number };
  version: string; galaxy_version: string; warnings: Warning[];
}
export interface DayFigures { date: string; messages: number; authors: number }
export interface Statistics { days: DayFigures[]; rooms: { id: string | null; name: string; kind: Room["kind"]; messages: number }[] }
export interface AdminRoom {
  id: string; name: string; topic: string; kind: Room["kind"]; member_count: number; message_count: number; owner: User | null;
  group_name: string | null; created_at: string; last_message_at: string | null; archived: boolean; read_only: boolean;
  slow_mode_seconds: number; configured: boolean;
}
export interface GalaxyGroup { id: string; name: string; kind: "group" | "role"; room_id: string | null }
export interface AdminUser {
  user: User; email: string | null; deleted: boolean; message_count: number; last_message_at: string | null;
  silence: SanctionEntry | null; ban: SanctionEntry | null;
}
export interface Sanction { reason?: string; until?: string | null }
