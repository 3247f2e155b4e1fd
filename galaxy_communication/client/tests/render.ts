/** Shows the chat with a connection and a server that the test plays. */
import { queries, within, type BoundFunctions } from "@testing-library/dom";
import { createApp, nextTick, ref, type App } from "vue";

import type { ConnectionListener } from "../src/api/connection";
import { createRest, type Rest } from "../src/api/rest";
import type { Message, Ready, Room } from "../src/api/wire";
import ChatApp from "../src/components/ChatApp.vue";
import { loadSecondary } from "../src/components/later";
import { loadEmojiWords } from "../src/composables/emoji";
import { chatKey } from "../src/composables/useChat";
import { loadMarkdown } from "../src/markdown/loader";
import { createChat, type Chat } from "../src/stores/chat";
import { pageOf } from "./pages";
import { message, ready, room, status } from "./samples";

/** How the server answers a request; what it throws is the error of the ack. */
export type Play = (name: string, payload: never) => unknown;

export interface Rendered {
  app: App;
  chat: Chat;
  listener: ConnectionListener;
  screen: BoundFunctions<typeof queries>;
  /** Every request, by its name and payload. */
  requests: [string, unknown][];
  anchors: (name: string) => HTMLElement[];
}

export interface Options {
  rooms?: Room[];
  history?: Message[];
  play?: Play;
  /** Answers of the server to what goes by REST. */
  rest?: Partial<Rest>;
  /** What else the server says at first. */
  welcome?: Partial<Ready>;
}

const answers: Record<string, Play> = {
  "message.send": (_name, { text, client_id }: Message) => ({
    message: message(900, { text, client_id, user: ready([]).user }),
  }),
};

/** Offline, as at first. */
export async function renderOffline({ history = [], play = () => undefined, rest: answered }: Options = {}): Promise<Rendered> {
  await loadMarkdown("/");
  await loadSecondary().catch(() => undefined);
  await loadEmojiWords();
  const requests: Rendered["requests"] = [];
  let listener: ConnectionListener | undefined;
  const rest: Rest = {
    ...createRest("/"),
    status: () => Promise.resolve(status()),
    room: () => Promise.resolve(room()),
    messages: (_id, page) => Promise.resolve(pageOf(history, page)),
    ...answered,
  };
  const chat = createChat({
    root: "/",
    socket: status().socket,
    rest,
    connect(_address, heard) {
      listener = heard;
      heard.state("connecting");
      return {
        close: () => heard.state("offline"),
        tryNow: () => void requests.push(["try now", null]),
        request(name, payload) {
          requests.push([name, payload]);
          const answer = async () => play(name, payload as never) ?? answers[name]?.(name, payload as never);
          return answer().then((given) => given ?? new Promise(() => undefined)) as Promise<never>;
        },
      };
    },
  });
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  const app = createApp(ChatApp);
  app.provide(chatKey, {
    chat,
    root: "/",
    mode: "docked",
    dock: null,
    isOpen: ref(true),
    close: () => undefined,
    focusComposer: () => void nextTick(() => place.querySelector("textarea")?.focus()),
  });
  app.mount(place);
  const proxy = new Proxy({} as ConnectionListener, {
    get: (_target, name: keyof ConnectionListener) => listener?.[name],
  });
  return {
    app,
    chat,
    listener: proxy,
    screen: within(place, queries),
    requests,
    anchors: (name) => [...place.querySelectorAll<HTMLElement>(`[data-description="communication ${name}"]`)],
  };
}

/** Online, with the first room open. */
export async function render(options: Options = {}): Promise<Rendered> {
  const rendered = await renderOffline(options);
  rendered.chat.goOnline();
  rendered.listener.state("connected");
  rendered.listener.ready(ready(options.rooms ?? [room()], options.welcome));
  await settled();
  return rendered;
}

/** Lets what is under way in promises arrive on the screen. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await nextTick();
}
