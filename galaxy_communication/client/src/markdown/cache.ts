/** What was rendered, for as long as the message is around: going back to a room renders nothing anew. */
import { toRaw } from "vue";

import type { Message } from "../api/wire";
import type { Rendered, RenderMarkdown, Surroundings } from "./render";

type Reader = Pick<Surroundings, "myId" | "katex">;

/** A changed message is another object, so each version has its own. */
const known = new WeakMap<Message, Reader & { render: RenderMarkdown; rendered: Rendered }>();

export function renderMessage(render: RenderMarkdown, message: Message, { myId, katex }: Reader): Rendered {
  const key = toRaw(message);
  const before = known.get(key);
  if (before?.render === render && before.myId === myId && before.katex === katex) return before.rendered;
  const rendered = render(key.text, { mentions: key.mentions, mentionsRoom: key.mentions_room, myId, katex });
  known.set(key, { myId, katex, render, rendered });
  return rendered;
}
