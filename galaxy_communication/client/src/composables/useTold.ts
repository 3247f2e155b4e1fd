import { onBeforeUnmount, ref } from "vue";

/** Milliseconds for which a remark stays. */
const STAYS = 3_000;

/** A remark that goes by itself, such as that something was copied. */
export function useTold() {
  const told = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(text: string): void {
    clearTimeout(timer);
    told.value = text;
    timer = setTimeout(() => (told.value = ""), STAYS);
  }

  onBeforeUnmount(() => clearTimeout(timer));
  return { told, tell };
}
