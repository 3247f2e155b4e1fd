import { useChat } from "./useChat";

/** The element of a heading. On a page of its own the chat has the first level; docked it stands below Galaxy's. */
export function useHeading(level: 1 | 2 | 3): string {
  return `h${useChat().mode === "page" ? level : level + 1}`;
}
