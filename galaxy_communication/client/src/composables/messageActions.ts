/** What the user may do to a message, for its toolbar and its menu. */
import type { Message } from "../api/wire";
import {
  faClockRotateLeft,
  faCopy,
  faEnvelope,
  faFaceSmile,
  faFlag,
  faLink,
  faPen,
  faReply,
  faThumbtack,
  faTrash,
} from "../components/icons";
import type { MenuItem } from "../components/MessageMenu.vue";
import { t } from "../i18n";
import type { RoomEntry } from "../stores/rooms";
import { copyText } from "./clipboard";
import { permalink } from "./permalink";
import type { ChatContext } from "./useChat";

export interface Wishes {
  react: () => void;
  remove: () => void;
  showVersions: () => void;
  report: () => void;
  /** Says what was done where nothing else shows it. */
  tell: (text: string) => void;
}

export function actionsOn(one: Message, entry: RoomEntry, { chat, root }: ChatContext, wishes: Wishes): MenuItem[] {
  async function copy(text: string, done: string): Promise<void> {
    wishes.tell((await copyText(text)) ? done : t("message.notCopied"));
  }

  const { room } = entry;
  const own = one.user.id === chat.state.me?.id;
  const isThere = !one.deleted;
  const canWrite = isThere && room.can_post;
  const canPin = canWrite && (room.can_moderate || room.kind === "direct");
  const hasVersions = (one.edited_at !== null || one.deleted) && (own || room.can_moderate);
  const link = permalink(root, one.id);
  return [
    ...when(canWrite, { name: "react", icon: faFaceSmile, run: wishes.react }),
    ...when(canWrite, { name: "reply", icon: faReply, run: () => chat.reply(entry, one) }),
    ...when(canWrite && own, { name: "edit", icon: faPen, run: () => chat.startEdit(entry, one) }),
    ...when(canPin && !one.pinned, { name: "pin", icon: faThumbtack, run: () => void chat.pin(one, true) }),
    ...when(canPin && one.pinned, { name: "unpin", icon: faThumbtack, run: () => void chat.pin(one, false) }),
    ...when(true, { name: "copyLink", icon: faLink, run: () => void copy(link, t("message.linkCopied")) }),
    ...when(isThere, { name: "copyText", icon: faCopy, run: () => void copy(one.text, t("message.textCopied")) }),
    ...when(room.joined, { name: "markUnread", icon: faEnvelope, run: () => void chat.markUnread(entry, one) }),
    ...when(hasVersions, { name: "versions", icon: faClockRotateLeft, run: wishes.showVersions }),
    ...when(isThere && !own, { name: "report", icon: faFlag, run: wishes.report }),
    ...when(isThere && (own || room.can_moderate), { name: "delete", icon: faTrash, run: wishes.remove, danger: true }),
  ];
}

export type ActionName =
  | "react"
  | "reply"
  | "edit"
  | "pin"
  | "unpin"
  | "copyLink"
  | "copyText"
  | "markUnread"
  | "versions"
  | "report"
  | "delete";

interface Action extends Omit<MenuItem, "label"> {
  name: ActionName;
}

function when(condition: boolean, action: Action): MenuItem[] {
  return condition ? [{ ...action, label: t(`message.${action.name}`) }] : [];
}
