import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { eventually } from "../tests/eventually";
import { setLocale } from "./i18n";
import { en } from "./locales/en";
import { createTabTitle, type TabTitle } from "./tabTitle";

let title: TabTitle;

beforeEach(() => {
  document.head.innerHTML = "<title>Galaxy | History</title>";
});

afterEach(() => title.remove());

describe("in Galaxy's page", () => {
  beforeEach(() => (title = createTabTitle(false)));

  it("the count stands before Galaxy's title, and goes with the news", () => {
    title.show(3);
    expect(document.title).toBe("(3) Galaxy | History");
    title.show(120);
    expect(document.title).toBe("(99+) Galaxy | History");
    title.show(0);
    expect(document.title).toBe("Galaxy | History");
  });

  it("what Galaxy changes stays, behind the count and without it", async () => {
    title.show(3);
    document.title = "Galaxy | Workflows";
    await eventually(() => expect(document.title).toBe("(3) Galaxy | Workflows"));
    document.title = "Galaxy";
    title.show(4);
    expect(document.title).toBe("(4) Galaxy");
    title.remove();
    expect(document.title).toBe("Galaxy");
    document.title = "Galaxy | Jobs";
    await Promise.resolve();
    expect(document.title).toBe("Galaxy | Jobs");
  });

  it("a title that Galaxy has just set is not undone", () => {
    title.show(3);
    document.title = "Galaxy | Workflows";
    title.remove();
    expect(document.title).toBe("Galaxy | Workflows");
  });

  it("a page without a title gets the count alone", async () => {
    document.title = "";
    title.show(2);
    await Promise.resolve();
    expect(document.title).toBe("(2)");
    title.show(0);
    expect(document.title).toBe("");
  });
});

it("on a page of its own the chat names itself, with a count or without", () => {
  title = createTabTitle(true);
  title.show(0);
  expect(document.title).toBe("Chat · Galaxy | History");
  title.show(3);
  expect(document.title).toBe("(3) Chat · Galaxy | History");
  title.remove();
  expect(document.title).toBe("Galaxy | History");
});

it("its own page is called so already", () => {
  document.title = "Chat";
  title = createTabTitle(true);
  title.show(3);
  expect(document.title).toBe("(3) Chat");
});

it("a page of its own is named in its reader's language, not twice", () => {
  setLocale("ja", { title: "チャット" });
  document.title = "Chat";
  title = createTabTitle(true);
  title.show(2);
  expect(document.title).toBe("(2) チャット");
  setLocale("en", en);
});
