import { ref, shallowRef } from "vue";

import { ChatError } from "../api/errors";

/** What a form does: once at a time, and what went wrong is said in the form. */
export function useTask() {
  const busy = ref(false);
  const error = shallowRef<ChatError | null>(null);

  /** @returns whether it was done. */
  async function run(task: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = null;
    try {
      await task();
      return true;
    } catch (reason) {
      error.value = reason instanceof ChatError ? reason : new ChatError("invalid", String(reason));
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, error, run };
}
