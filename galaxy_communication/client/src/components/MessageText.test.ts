// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { createApp, h, nextTick, reactive } from "vue";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Message } from "../api/wire";
import { chatKey, type ChatContext } from "../composables/useChat";
import { katex, loadMarkdown, renderMarkdown } from "../markdown/loader";
import { eventually } from "../../tests/eventually";
import { alice, bob, message } from "../../tests/samples";
import MessageText from "./MessageText.vue";

const openLink = vi.fn();

/** Alone, so that it can be shown by jsdom, which knows of elements what browsers know. */
function show(given: { text: string; message?: Message | null }) {
  const props = reactive(given);
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  const app = createApp({ render: () => h(MessageText, props) });
  app.provide(chatKey, { root: "/galaxy/", chat: { state: { me: alice }, openLink } } as unknown as ChatContext);
  app.mount(place);
  return { place, props, screen: within(place) };
}

const written = (text: string, parts: Partial<Message> = {}) => {
  const one = message(1, { text, ...parts });
  return show({ text, message: one });
};

beforeEach(() => loadMarkdown("/galaxy/"));

describe("a message", () => {
  it("is shown as it was typed until it can be rendered", async () => {
    const render = renderMarkdown.value;
    renderMarkdown.value = null;
    const { place, screen } = written("**bold**\n  <b>");
    expect(place.textContent).toBe("**bold**\n  <b>");
    expect(place.querySelector("strong")).toBeNull();
    renderMarkdown.value = render;
    await nextTick();
    expect(screen.getByText("bold").tagName).toBe("STRONG");
  });

  it("changes with its text", async () => {
    const { place, props } = written("*one*");
    props.message = message(1, { text: "two", changed_seq: 2 });
    props.text = "two";
    await nextTick();
    expect(place.querySelector(".message-text")?.innerHTML).toBe("<p>two</p>");
  });

  it("on its way is rendered, too, but addresses nobody yet", () => {
    expect(show({ text: "*@bob*", message: null }).place.querySelector(".message-text")?.innerHTML).toBe("<p><em>@bob</em></p>");
  });

  it("marks whom it addresses, the reader above all", () => {
    const { screen } = written("@bob @alice @room", { mentions: [alice, bob], mentions_room: true });
    expect([..."bob alice room".split(" ")].map((name) => screen.getByText(`@${name}`).className)).toEqual([
      "mention",
      "mention me",
      "mention me",
    ]);
  });
});

describe("code", () => {
  it("can be copied, as it was written", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    const { screen } = written("```bash\necho '<b>'\n```");
    const button = screen.getByRole("button", { name: "Copy" });
    button.click();
    await eventually(() => expect(button.textContent).toBe("Copied"));
    expect(writeText).toHaveBeenCalledWith("echo '<b>'\n");
    vi.unstubAllGlobals();
  });

  it("says so when the browser does not let it be copied", async () => {
    const { screen } = written("```\nx\n```");
    const button = screen.getByRole("button", { name: "Copy" });
    button.click();
    await eventually(() => expect(button.textContent).toBe("Not copied"));
  });
});

describe("a formula", () => {
  it("brings what sets it, once, and only it does", async () => {
    written("no formula, for $5");
    await nextTick();
    expect(katex.value).toBeNull();
    const { place } = written("$\\frac{a}{b}$");
    expect(place.textContent).toBe("$\\frac{a}{b}$");
    await eventually(() => expect(place.querySelector("math mfrac")).not.toBeNull());
    expect(place.textContent).toBe("ab");
  });
});

describe("a link", () => {
  const click = (link: HTMLElement, how: MouseEventInit = {}): boolean =>
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...how }));

  it("to a message leads there within the chat", () => {
    const { screen } = written(`see ${location.origin}/galaxy/communication?message=m7`);
    expect(click(screen.getByRole("link"))).toBe(false);
    expect(openLink).toHaveBeenCalledWith("m7", null);
  });

  it("opens a tab where one wants one, or where it leads elsewhere", () => {
    const { screen } = written("[a](/galaxy/communication?message=m7) [b](/galaxy/histories)");
    openLink.mockClear();
    const [first, second] = screen.getAllByRole("link");
    document.body.addEventListener("click", (event) => event.preventDefault(), { once: false });
    click(first as HTMLElement, { ctrlKey: true });
    click(second as HTMLElement);
    expect(openLink).not.toHaveBeenCalled();
  });
});
