/** The masthead's texts in all languages, few enough for the onload script to carry them to every page. */
export const masthead = {
  en: { title: "Chat", unread: "Chat, {count} unread" },
  de: { title: "Chat", unread: "Chat, {count} ungelesen" },
  es: { title: "Chat", unread: "Chat, {count} sin leer" },
  fr: { title: "Chat", unread: "Chat, {count} non lus" },
  ja: { title: "チャット", unread: "チャット、未読 {count} 件" },
  zh: { title: "聊天", unread: "聊天，{count} 条未读" },
};
