import { beforeEach, expect, it } from "vitest";

import type { User } from "../api/wire";
import { alice, frame, message, room, updated } from "../../tests/samples";
import { render, settled } from "../../tests/render";
import { authorOf } from "../composables/people";

const mary: User = { id: "m9", username: "mary", avatar_color: "#16695f" };

beforeEach(() => sessionStorage.clear());

it("is beside the author's name, explained, and in what the message is called", async () => {
  const { anchors, screen } = await render({ history: [message(1), message(2, { acting_admin: mary })] });
  const [mark, ...others] = anchors("acting admin");
  expect(others).toEqual([]);
  expect(mark?.textContent).toBe("by admin mary");
  expect(mark?.title).toContain("mary, an administrator, wrote, changed or deleted this while logged in as bob.");
  expect(mark?.closest("article")).toBe(screen.getByRole("article", { name: /^bob \(by admin mary\), .*text 2/ }));
});

it("is on one's own messages, too", async () => {
  const { anchors } = await render({ history: [message(1, { user: alice, acting_admin: mary })] });
  expect(anchors("acting admin").map(({ textContent }) => textContent)).toEqual(["by admin mary"]);
});

it("comes with an edit, and heads no other message of the author", async () => {
  const { anchors, listener } = await render({ rooms: [room({ head_seq: 3, read_seq: 3 })], history: [message(1), message(2), message(3)] });
  expect(anchors("acting admin")).toEqual([]);
  listener.roomEvents({ room_id: "r1", ...frame(updated(4, 2, { acting_admin: mary })) });
  await settled();
  const headed = anchors("message").filter((row) => row.querySelector(".message-head"));
  expect(headed.map(({ dataset }) => dataset["seq"])).toEqual(["1", "2", "3"]);
  expect(anchors("acting admin").map((mark) => mark.closest<HTMLElement>("article")?.dataset["seq"])).toEqual(["2"]);
});

it("is in what answers quote", async () => {
  const { anchors } = await render({ history: [message(1, { acting_admin: mary }), message(2, { user: alice, reply_to: "m1" })] });
  expect(anchors("message quote")[0]?.textContent).toContain("by admin mary");
});

it("is in what is read out and notified", () => {
  expect(authorOf(message(1))).toBe("bob");
  expect(authorOf(message(1, { acting_admin: mary }))).toBe("bob (by admin mary)");
  expect(authorOf(message(1, { acting_admin: { ...mary, username: null } }))).toBe("bob (by admin Unknown user)");
});
