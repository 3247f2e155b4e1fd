import { computed } from "vue";

import { isLoud as wantsAll, isQuiet, mentionsIn, unreadIn, type RoomEntry } from "../stores/rooms";

/** What of a room's news is shown beside its name. */
export function useRoomNews(entry: () => RoomEntry) {
  const quiet = computed(() => entry().room.joined && isQuiet(entry().room));
  const unread = computed(() => (quiet.value ? 0 : unreadIn(entry())));
  const mentions = computed(() => (quiet.value ? 0 : mentionsIn(entry())));
  /** What one has not asked to hear of is counted, but less loudly. */
  const isLoud = computed(() => unread.value > 0 && wantsAll(entry().room));
  return { quiet, unread, mentions, isLoud };
}
