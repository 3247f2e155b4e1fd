import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import { alice, bob, created, frame, message, room, updated } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

const HEAD = 5;

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
});

async function listen(options: Options = {}) {
  const history = Array.from({ length: HEAD }, (_, index) => message(index + 1));
  const rooms = [room({ head_seq: HEAD, read_seq: HEAD }), room({ id: "r2", name: "Help" })];
  const rendered = await render({ history, rooms, ...options });
  await settled();
  const come = async (...events: ReturnType<typeof created>[]): Promise<void> => {
    rendered.listener.roomEvents({ room_id: "r1", ...frame(...events) });
    await settled();
  };
  const said = () => rendered.anchors("announcement")[0]?.textContent?.trim();
  const later = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(20_000);
    await settled();
  };
  return { ...rendered, come, said, later };
}

function show(visibility: DocumentVisibilityState): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  document.dispatchEvent(new Event("visibilitychange"));
}

describe("what is read out", () => {
  it("is one message with its author, without the marks of its text and not all of a long one", async () => {
    const { come, said, screen } = await listen();
    expect(screen.getByRole("log").getAttribute("aria-live")).toBe("off");
    expect(said()).toBe("");
    await come(created(6, { text: `> **Look** at \`this\`\n\n${"and more ".repeat(50)}` }));
    expect(said()).toMatch(/^bob: Look at this and more .*…$/);
    expect(said()?.length).toBeLessThan(160);
  });

  it("is a number where many come", async () => {
    const { come, said, later } = await listen();
    await come(created(6));
    for (let seq = 7; seq < 12; seq++) await come(created(seq));
    expect(said()).toBe("bob: text 6");
    await later();
    expect(said()).toBe("5 new messages in All Chats");
  });

  it("is neither one's own, nor of people whom one has muted, nor what was changed", async () => {
    const { come, said, later } = await listen({ welcome: { muted: [{ id: "c3", username: "carol", avatar_color: "#000000" }] } });
    await come(created(6, { user: alice }), created(7, { user: { ...bob, id: "c3" } }), updated(8, 3), updated(9, 4, { deleted: true }));
    await later();
    expect(said()).toBe("");
  });

  it("is neither an older page nor what another room has", async () => {
    const { chat, said, later, listener } = await listen();
    listener.roomEvents({ room_id: "r2", ...frame(created(1, { room_id: "r2" })) });
    const other = chat.state.rooms.get("r2");
    if (other) chat.show(other);
    await later();
    expect(said()).toBe("");
  });

  it("is one summary of what came while the page was hidden", async () => {
    const { come, said, later } = await listen();
    show("hidden");
    for (let seq = 6; seq < 36; seq++) await come(created(seq));
    await later();
    expect(said()).toBe("");
    show("visible");
    await settled();
    expect(said()).toBe("30 new messages in All Chats");
  });

  it("is the connection, and what was not sent", async () => {
    const { chat, said, later, listener, requests } = await listen({
      play: (name) => {
        if (name === "message.send") throw new ChatError("forbidden", "You are silenced.");
        return undefined;
      },
    });
    listener.state("connecting");
    await settled();
    expect(said()).toBe("The connection to the chat was lost.");
    listener.state("connected");
    await later();
    expect(said()).toBe("The connection is back.");
    const entry = chat.state.rooms.get("r1");
    if (entry) chat.send(entry, "Hello");
    await later();
    expect(requests.map(([name]) => name)).toContain("message.send");
    expect(said()).toBe("Your message was not sent. You are silenced.");
  });
});
