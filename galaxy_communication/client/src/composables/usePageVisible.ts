import { onBeforeUnmount, ref, type Ref } from "vue";

export function usePageVisible(): Ref<boolean> {
  const visible = ref(document.visibilityState === "visible");
  const update = (): void => {
    visible.value = document.visibilityState === "visible";
  };
  document.addEventListener("visibilitychange", update);
  onBeforeUnmount(() => document.removeEventListener("visibilitychange", update));
  return visible;
}
