import { expect, it, vi } from "vitest";

import { loadMarkdown, renderMarkdown } from "./loader";

it("a file that could not be loaded is asked for again, and not one that was", async () => {
  const createRenderer = vi.fn(() => vi.fn());
  vi.doMock("./render", () => {
    throw new Error("the server is gone");
  });
  await loadMarkdown("/");
  expect(renderMarkdown.value).toBeNull();
  vi.doMock("./render", () => ({ createRenderer }));
  await loadMarkdown("/");
  await loadMarkdown("/");
  expect(renderMarkdown.value).not.toBeNull();
  expect(createRenderer).toHaveBeenCalledTimes(1);
});
