/** What the user may do about a member of a room, for the menu beside their name. */
import { computed, type ComputedRef } from "vue";

import type { Member, Room } from "../api/wire";
import {
  faBan,
  faComment,
  faKey,
  faShieldHalved,
  faUser,
  faUserMinus,
  faVolumeHigh,
  faVolumeXmark,
} from "../components/icons";
import type { MenuItem } from "../components/MessageMenu.vue";
import { t } from "../i18n";
import type { RoomEntry } from "../stores/rooms";
import { useChat } from "./useChat";
import { usePerson } from "./usePerson";

export interface MemberWishes {
  handOver: () => void;
  remove: () => void;
  ban: () => void;
  /** The role was changed. */
  changed: () => void;
}

/** Who is in these rooms is not decided in them. */
const FIXED = ["lobby", "group", "direct"];

/** From the others nobody can be kept out. */
export const canBanFrom = ({ kind }: Room): boolean => kind !== "lobby" && kind !== "direct";

export function useMemberActions(entry: () => RoomEntry, member: () => Member, wishes: MemberWishes): ComputedRef<MenuItem[]> {
  const { chat } = useChat();
  const { isMe, isMuted, talk, toggleMute } = usePerson(member);

  async function appoint(role: "moderator" | "member"): Promise<void> {
    await chat.setRole(entry(), member(), role);
    wishes.changed();
  }

  return computed(() => {
    const [{ room }, { role }] = [entry(), member()];
    const isOwner = role === "owner";
    const canAppoint = room.can_manage && !isOwner;
    const canRemove = room.can_moderate && !FIXED.includes(room.kind) && (!isOwner || chat.state.isAdmin);
    const canBan = room.can_moderate && canBanFrom(room) && (!isOwner || chat.state.isAdmin);
    const canHandOver = canAppoint && room.kind !== "lobby";
    return [
      ...when(!isMe.value, "person.message", faComment, () => void talk()),
      ...when(canAppoint && role === "member", "room.makeModerator", faShieldHalved, () => void appoint("moderator")),
      ...when(canAppoint && role === "moderator", "room.makeMember", faUser, () => void appoint("member")),
      ...when(canHandOver, "room.handOver", faKey, wishes.handOver),
      ...when(!isMe.value && !isMuted.value, "person.mute", faVolumeXmark, () => void toggleMute()),
      ...when(!isMe.value && isMuted.value, "person.unmute", faVolumeHigh, () => void toggleMute()),
      ...when(!isMe.value && canRemove, "room.remove", faUserMinus, wishes.remove, true),
      ...when(!isMe.value && canBan, "room.ban", faBan, wishes.ban, true),
    ];
  });
}

type Label = Parameters<typeof t>[0];

function when(condition: boolean, name: Label, icon: MenuItem["icon"], run: () => void, danger = false): MenuItem[] {
  return condition ? [{ name, label: t(name), icon, run, danger }] : [];
}
