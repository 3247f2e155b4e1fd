import type { Room } from "./wire";

export type Days = Record<Room["kind"], number | null>;
export interface Retention { days: Days; erasure: "keep" | "remove"; last_run: string | null }
export interface RetentionUpdate { days?: Partial<Days>; erasure?: "keep" | "remove" }
export interface RetentionPreview { messages: number; by_kind: Partial<Record<Room["kind"], number>>; people: number }
