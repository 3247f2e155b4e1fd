/** The texts of the entry in Galaxy's admin panel, in all languages. */
export const admin = {
  en: { title: "Chat", text: "Switch the chat on or off for everybody." },
  de: { title: "Chat", text: "Den Chat für alle ein- oder ausschalten." },
  es: { title: "Chat", text: "Activar o desactivar el chat para todos." },
  fr: { title: "Chat", text: "Activer ou désactiver le chat pour tout le monde." },
  ja: { title: "チャット", text: "全員のチャットをオンまたはオフにします。" },
  zh: { title: "聊天", text: "为所有人开启或关闭聊天。" },
};
