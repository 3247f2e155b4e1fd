import { shallowRef } from "vue";

import { ChatError } from "../api/errors";

/**
 * What a form does: once at a time, and what went wrong is said in the form. (Its button is not disabled meanwhile: it has
 * the focus.)
 */
export function useTask() {
  let busy = false;
  const error = shallowRef<ChatError | null>(null);

  /** @returns whether it was done. */
  async function run(task: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false;
    busy = true;
    error.value = null;
    try {
      await task();
      return true;
    } catch (reason) {
      error.value = reason instanceof ChatError ? reason : new ChatError("unexpected", "");
      return false;
    } finally {
      busy = false;
    }
  }

  return { error, run };
}
