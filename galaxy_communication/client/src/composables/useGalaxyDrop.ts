/** Takes what is dragged from Galaxy's history over an element; a drag of anything else stays the browser's. */
import { ref } from "vue";

import { galaxyItems, itemLink, maySuitGalaxy } from "./galaxyItems";

/** @param root Galaxy's root, with a slash at its end. */
export function useGalaxyDrop(root: string, insert: (text: string) => void) {
  const isOver = ref(false);

  function dragover(event: DragEvent): void {
    if (!event.dataTransfer || !maySuitGalaxy(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move"; // the only effect that Galaxy allows
    isOver.value = true;
  }

  /** Going on to what lies within is no leaving. */
  function dragleave({ relatedTarget, currentTarget }: DragEvent): void {
    const isWithin = relatedTarget instanceof Node && currentTarget instanceof Node && currentTarget.contains(relatedTarget);
    if (!isWithin) isOver.value = false;
  }

  function drop(event: DragEvent): void {
    isOver.value = false;
    const items = galaxyItems(event.dataTransfer?.getData("text/plain") ?? "");
    if (items.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    insert(items.map((item) => itemLink(item, root)).join("\n"));
  }

  return { isOver, listeners: { dragenter: dragover, dragover, dragleave, drop } };
}
