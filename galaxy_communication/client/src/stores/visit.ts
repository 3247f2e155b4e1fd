/** What holds as long as a room stays open. */
export interface Visit {
  /** Its messages are on the screen, or would be if the panel were open. */
  isOpen: boolean;
  /** The line "New messages" stands above the first one of others after this number. Reading does not move it. */
  newFrom: number | null;
  /** The read pointer was put back, here or elsewhere: it stays there until the user leaves the room or writes in it. */
  isHeld: boolean;
  /** Where the user wants to be. Each jump makes a new object. */
  target: Target | null;
}

export interface Target {
  /** Of the message, or the one before it. */
  seq: number;
  kind: "message" | "unread";
}

export function createVisit(): Visit {
  return { isOpen: false, newFrom: null, isHeld: false, target: null };
}

/** The read pointer went back to this number. */
export function putBack(visit: Visit, seq: number): void {
  visit.isHeld = true;
  visit.newFrom = seq;
}
