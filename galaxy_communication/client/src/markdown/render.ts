/** From the source of a message to what is shown of it. All that people write goes through here, and nothing around it. */
import type { Env, Token } from "markdown-it";

import type { Message } from "../api/wire";
import { createBuilder, holding } from "./elements";
import { formula } from "./formula";
import type { Katex } from "./loader";
import { safeAddress } from "./links";
import { createParser } from "./parser";

export interface Surroundings {
  /** Whom the text addresses, and which of them reads it. */
  mentions: Message["mentions"];
  mentionsRoom: boolean;
  myId: string | null;
  /** Null while it is not loaded; formulas are then shown as they were written. */
  katex: Katex | null;
}

export interface Rendered {
  content: DocumentFragment;
  hasMath: boolean;
}

export type RenderMarkdown = (source: string, surroundings: Surroundings) => Rendered;

/** @param root Galaxy's root, with a slash at its end: links without a host are below it. */
export function createRenderer(root: string): RenderMarkdown {
  const parser = createParser((address) => safeAddress(address, root) !== null);
  const build = createBuilder(parser, root, { math: formula, math_block: paragraph });

  return function renderMarkdown(source, { mentions, mentionsRoom, myId, katex }) {
    const names = new Map(mentions.map(({ id, username }) => [username?.toLowerCase() ?? "", id === myId]));
    if (mentionsRoom) names.set("room", true);
    const env = { names, katex, hasMath: false };
    const content = build(parser.parse(source, env), env);
    return { content, hasMath: env.hasMath };
  };
}

function paragraph(token: Token, env: Env): Element {
  return holding("p", formula(token, env));
}
