/** The masthead's texts in all languages, few enough for the onload script to carry them to every page. */
export const masthead = {
  en: ["Chat", "Chat, {count} unread"],
  de: ["Chat", "Chat, {count} ungelesen"],
  es: ["Chat", "Chat, {count} sin leer"],
  fr: ["Chat", "Chat, {count} non lus"],
  ja: ["チャット", "チャット、未読 {count} 件"],
  zh: ["聊天", "聊天，{count} 条未读"],
} satisfies Record<string, [title: string, unread: string]>;
