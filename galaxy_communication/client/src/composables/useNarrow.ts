import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";

/** Whether an element is narrower than so many rem. */
export function useNarrow(element: Ref<HTMLElement | null>, rem: number): Ref<boolean> {
  const narrow = ref(true);
  const observer = new ResizeObserver(measure);

  function measure(): void {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    narrow.value = (element.value?.clientWidth ?? 0) < rem * size;
  }

  onMounted(() => {
    measure();
    if (element.value) observer.observe(element.value);
  });
  onBeforeUnmount(() => observer.disconnect());
  return narrow;
}
