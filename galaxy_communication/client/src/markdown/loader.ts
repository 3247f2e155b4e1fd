/**
 * Loads what renders messages when there is something to render: it weighs as much as the rest of the chat. Until then,
 * and should it not come, messages are shown as they were typed.
 */
import type katexModule from "katex";
import { shallowRef } from "vue";

import type { RenderMarkdown } from "./render";

export type Katex = Pick<typeof katexModule, "render">;

export const renderMarkdown = shallowRef<RenderMarkdown | null>(null);
export const katex = shallowRef<Katex | null>(null);

export const loadMarkdown = once(async (root: string) => {
  const { createRenderer } = await import("./render");
  renderMarkdown.value = createRenderer(root);
});
export const loadMath = once(async () => {
  katex.value = (await import("katex")).default;
});

/** Only a failure is tried again, by the next one who asks. */
function once<Parameters extends unknown[]>(load: (...parameters: Parameters) => Promise<void>) {
  let loading: Promise<void> | null = null;
  return (...parameters: Parameters): Promise<void> => {
    loading ??= load(...parameters).catch(() => {
      loading = null;
    });
    return loading;
  };
}
