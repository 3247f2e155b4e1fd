/** The texts of the entries in Galaxy's own pages, in all languages. */
export const entries = {
  en: {
    admin: { title: "Chat", text: "Switch the chat on or off for everybody." },
    preferences: { title: "Chat", text: "Switch the chat on or off for yourself, and choose how you want it." },
  },
  de: {
    admin: { title: "Chat", text: "Den Chat für alle ein- oder ausschalten." },
    preferences: { title: "Chat", text: "Den Chat für sich selbst ein- oder ausschalten und bestimmen, wie er sein soll." },
  },
  es: {
    admin: { title: "Chat", text: "Activar o desactivar el chat para todos." },
    preferences: { title: "Chat", text: "Activar o desactivar el chat para ti y elegir cómo lo quieres." },
  },
  fr: {
    admin: { title: "Chat", text: "Activer ou désactiver le chat pour tout le monde." },
    preferences: { title: "Chat", text: "Activer ou désactiver le chat pour vous-même et choisir comment vous le voulez." },
  },
  ja: {
    admin: { title: "チャット", text: "全員のチャットをオンまたはオフにします。" },
    preferences: { title: "チャット", text: "自分のチャットをオンまたはオフにし、使い方を選びます。" },
  },
  zh: {
    admin: { title: "聊天", text: "为所有人开启或关闭聊天。" },
    preferences: { title: "聊天", text: "为自己开启或关闭聊天，并选择使用方式。" },
  },
};
