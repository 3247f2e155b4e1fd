import { nextTick } from "vue";
import { expect, it } from "vitest";

import type { Notice } from "../api/wire";
import { render } from "../../tests/render";

/** Where the notice leads to. */
async function link(reason: Notice["reason"], isAdmin: boolean): Promise<string | null> {
  const { chat, anchors } = await render({ welcome: { is_admin: isAdmin } });
  chat.state.told = { level: "info", text: "", reason, values: {} };
  await nextTick();
  return anchors("notice")[0]?.querySelector("a")?.getAttribute("href") ?? null;
}

it("leads moderators to their reports, and administrators also to people", async () => {
  expect(await link("reported", false)).toBe("/communication/admin#reports");
  expect(await link("reported_direct", true)).toBe("/communication/admin#reports");
  expect(await link("flooder_silenced", true)).toBe("/communication/admin#people");
  expect(await link("flooder_silenced", false)).toBeNull();
  expect(await link("banned_from", true)).toBeNull();
});
