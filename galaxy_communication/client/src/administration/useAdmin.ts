import { inject, type InjectionKey } from "vue";

import type { AdminRest } from "../api/adminRest";

export interface AdminContext {
  rest: AdminRest;
  /** Galaxy's root, with a slash at its end. */
  root: string;
  /** Others look after rooms of theirs. */
  isAdmin: boolean;
}

export const adminKey: InjectionKey<AdminContext> = Symbol("admin");

export function useAdmin(): AdminContext {
  const context = inject(adminKey);
  if (!context) throw new Error("this stands outside of the administration");
  return context;
}
