import { computed, onScopeDispose, ref, watch } from "vue";

/**
 * The seconds until a moment, counted down; 0 when it has come or there is none.
 *
 * @param until in milliseconds since 1970.
 */
export function useCountdown(until: () => number | null) {
  const left = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tick(): void {
    clearTimeout(timer);
    left.value = Math.max(0, (until() ?? 0) - Date.now());
    if (left.value > 0) timer = setTimeout(tick, left.value % 1000 || 1000);
  }

  watch(until, tick, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return computed(() => Math.ceil(left.value / 1000));
}
