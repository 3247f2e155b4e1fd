import { fireEvent, waitFor, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Rest } from "../api/rest";
import type { Message } from "../api/wire";
import { render, settled, type Options, type Rendered } from "../../tests/render";
import { alice, bob, frame, message, room } from "../../tests/samples";

const search = vi.fn<Rest["search"]>();
const users = vi.fn<Rest["users"]>();

beforeEach(() => {
  sessionStorage.clear();
  search.mockReset().mockResolvedValue([]);
  users.mockReset().mockResolvedValue([]);
});

interface Searching extends Rendered {
  panel: HTMLElement;
  box: HTMLInputElement;
  hits: () => HTMLElement[];
  ask: (text: string) => Promise<void>;
}

async function open(options: Options = {}): Promise<Searching> {
  const rendered = await render({ ...options, rest: { search, users, ...options.rest } });
  rendered.anchors("search button")[0]?.click();
  await settled();
  const panel = rendered.screen.getByRole("region", { name: "Search messages" });
  const box = within(panel).getByRole<HTMLInputElement>("searchbox", { name: "Search for" });
  async function ask(text: string): Promise<void> {
    await fireEvent.input(box, { target: { value: text } });
    await fireEvent.submit(box.form as HTMLFormElement);
    await settled();
  }
  return { ...rendered, panel, box, hits: () => rendered.anchors("search hit"), ask };
}

function found(...seqs: number[]): Message[] {
  return seqs.map((seq) => message(seq, { text: `About FastQC, part ${seq}` }));
}

const labels = (all: HTMLElement[]) => all.map(({ textContent }) => textContent?.replace(/\s+/g, " ").trim());

describe("the search", () => {
  it("opens with the focus in its box, and by the keyboard from anywhere in the chat", async () => {
    const { box, screen, anchors } = await open();
    expect(document.activeElement).toBe(box);
    await fireEvent.keyDown(box, { key: "Escape" });
    await settled();
    expect(screen.queryByRole("region", { name: "Search messages" })).toBeNull();
    expect(document.activeElement).toBe(anchors("composer")[0]);
    await fireEvent.keyDown(anchors("composer")[0] as HTMLElement, { key: "F", ctrlKey: true, shiftKey: true });
    await settled();
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
    await fireEvent.keyDown(document.activeElement as Element, { key: "Escape" });
    await settled();
    expect(document.activeElement).toBe(anchors("composer")[0]);
  });

  it("follows what one types", async () => {
    const { box, hits } = await open();
    search.mockResolvedValue(found(3));
    await fireEvent.input(box, { target: { value: "fastqc" } });
    await waitFor(() => expect(hits()).toHaveLength(1));
    expect(search).toHaveBeenCalledOnce();
  });

  it("shows room, author, time and the words that were found", async () => {
    const { ask, hits, panel } = await open();
    search.mockResolvedValue([...found(30), message(2, { user: { ...bob, username: null }, text: "<i>FastQC</i>" })]);
    await ask("fastqc");
    const [first, second] = hits();
    expect(first?.querySelector("time")?.getAttribute("datetime")).toBe(message(30).created_at);
    expect(labels(hits())[0]).toMatch(/^bob .*2026.* All Chats About FastQC, part 30$/);
    expect([...(first?.querySelectorAll("mark") ?? [])].map(({ textContent }) => textContent)).toEqual(["FastQC"]);
    expect(second?.textContent).toContain("<i>FastQC</i>");
    expect(second?.textContent).toContain("Unknown user");
    expect(within(panel).getByText("2 messages found").getAttribute("role")).toBe("status");
  });

  it("goes to a hit in its room, and gets out of the way where it would cover it", async () => {
    const history = Array.from({ length: 300 }, (_, index) => message(index + 1));
    const rooms = [room({ head_seq: 300, read_seq: 300 })];
    const { ask, hits, chat, screen } = await open({ history, rooms });
    search.mockResolvedValue(found(40));
    await ask("fastqc");
    hits()[0]?.click();
    await settled();
    expect(screen.queryByRole("region", { name: "Search messages" })).toBeNull();
    expect((document.activeElement as HTMLElement).dataset["seq"]).toBe("40");
    chat.openSearch();
    await settled();
    expect(hits()).toHaveLength(1);
  });

  it("is walked through with arrows", async () => {
    const { ask, hits, box } = await open();
    search.mockResolvedValue(found(3, 2, 1));
    await ask("fastqc");
    const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
    await press("ArrowDown");
    expect(document.activeElement).toBe(hits()[0]);
    await press("ArrowDown");
    await press("ArrowDown");
    await press("ArrowDown");
    expect(document.activeElement).toBe(hits()[2]);
    for (let i = 0; i < 3; i++) await press("ArrowUp");
    expect(document.activeElement).toBe(box);
  });

  it("shows older ones on request", async () => {
    const { ask, hits, panel } = await open();
    search.mockResolvedValueOnce(found(...Array.from({ length: 25 }, (_, index) => 100 - index)));
    search.mockResolvedValueOnce(found(7));
    await ask("fastqc");
    within(panel).getByText("More than 25 messages found");
    within(panel).getByRole("button", { name: "Show older ones" }).click();
    await settled();
    expect(search.mock.lastCall?.[0].before).toBe("m76");
    expect(hits()).toHaveLength(26);
    expect(within(panel).queryByRole("button", { name: "Show older ones" })).toBeNull();
  });

  it("that finds nothing offers the other rooms", async () => {
    const { ask, panel, hits } = await open();
    await ask("fastqc");
    within(panel).getByText("Nothing found in this room.");
    search.mockResolvedValue(found(5));
    within(panel).getByRole("button", { name: "Search all rooms" }).click();
    await waitFor(() => expect(hits()).toHaveLength(1));
    expect(search.mock.lastCall?.[0]).not.toHaveProperty("room_id");
    expect(within(panel).getByRole<HTMLInputElement>("radio", { name: "All rooms" }).checked).toBe(true);
  });

  it("that fails says why, and can be tried again", async () => {
    const { ask, panel, hits } = await open();
    search.mockRejectedValueOnce(new ChatError("forbidden", "Not now."));
    await ask("fastqc");
    expect(within(panel).getByRole("alert").textContent).toContain("Not now.");
    search.mockResolvedValue(found(5));
    within(panel).getByRole("button", { name: "Try again" }).click();
    await settled();
    expect(hits()).toHaveLength(1);
  });

  it("reads nothing of the room that it covers", async () => {
    const { listener, requests, panel } = await open();
    listener.roomEvents({ room_id: "r1", ...frame({ seq: 1, type: "message.created", message: message(1) }) });
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    await fireEvent.keyDown(panel, { key: "Escape" });
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: 1 }]);
  });
});

describe("its filters", () => {
  it("choose a person by the beginning of a name, whether the server or the room knows them", async () => {
    const { panel, ask } = await open({ history: [message(1, { user: { ...bob, id: "x", username: "boris" } })] });
    await ask("fastqc");
    users.mockResolvedValue([bob]);
    const person = within(panel).getByRole<HTMLInputElement>("combobox", { name: "Written by" });
    await fireEvent.input(person, { target: { value: "Bo" } });
    await waitFor(() => expect(labels(within(panel).getAllByRole("option"))).toEqual(["B boris", "B bob"].map((name) => name.replace(" ", ""))));
    await fireEvent.keyDown(person, { key: "ArrowDown" });
    expect(person.getAttribute("aria-activedescendant")).toBe(within(panel).getByRole("option", { selected: true }).id);
    expect(await fireEvent.keyDown(person, { key: "Enter", keyCode: 229 })).toBe(true); // an input method's own
    expect(within(panel).getAllByRole("option")).toHaveLength(2);
    await fireEvent.keyDown(person, { key: "Enter" });
    await waitFor(() => expect(search.mock.lastCall?.[0].user_id).toBe(bob.id));
    within(panel).getByRole("button", { name: "Anybody, not only bob" }).click();
    await waitFor(() => expect(search.mock.lastCall?.[0]).not.toHaveProperty("user_id"));
    expect(document.activeElement).toBe(within(panel).getByRole("combobox"));
  });

  it("know oneself, whom the server does not name", async () => {
    const { panel } = await open();
    await fireEvent.input(within(panel).getByRole("combobox"), { target: { value: "al" } });
    within(panel).getByRole("option", { name: /alice/ }).click();
    await settled();
    within(panel).getByRole("button", { name: `Anybody, not only ${alice.username}` });
  });

  it("say where nobody is called so", async () => {
    const { panel } = await open();
    await fireEvent.input(within(panel).getByRole("combobox"), { target: { value: "zz" } });
    await waitFor(() => within(panel).getByText("Nobody of this name"));
  });

  it("Escape closes the names, and not the search", async () => {
    const { panel } = await open();
    const person = within(panel).getByRole("combobox");
    await fireEvent.input(person, { target: { value: "al" } });
    await fireEvent.keyDown(person, { key: "Escape" });
    await settled();
    expect(within(panel).queryByRole("option")).toBeNull();
    expect(panel.isConnected).toBe(true);
  });

  it("choose days", async () => {
    const { panel, ask } = await open();
    await ask("fastqc");
    await fireEvent.change(within(panel).getByLabelText("From"), { target: { value: "2026-01-31" } });
    await fireEvent.change(within(panel).getByLabelText("To"), { target: { value: "2026-02-01" } });
    await waitFor(() => expect(search.mock.lastCall?.[0].before).toBe(new Date(2026, 1, 2).toISOString()));
    expect(search).toHaveBeenCalledTimes(2);
  });

  it("follow one into another room", async () => {
    const rooms = [room(), room({ id: "r2", name: "Help", kind: "public" })];
    const { chat, ask } = await open({ rooms });
    await ask("fastqc");
    const other = chat.state.rooms.get("r2");
    if (other) chat.show(other);
    await waitFor(() => expect(search.mock.lastCall?.[0].room_id).toBe("r2"));
  });
});
