/** A run of one room's messages without holes: an array in the order of their numbers. */
import { markRaw, shallowReactive, toRaw } from "vue";

import type { Message } from "../api/wire";

/** A message keeps its place; of two versions the later change stays. */
export function insert(messages: Message[], message: Message): void {
  const place = findPlace(messages, message.seq);
  if (messages[place]?.seq !== message.seq) messages.splice(place, 0, markRaw(message));
  else replaceAt(messages, place, message);
}

/** Only a message that is there; what is not there is outside of the run. */
export function update(messages: Message[], message: Message): void {
  const place = findPlace(messages, message.seq);
  if (messages[place]?.seq === message.seq) replaceAt(messages, place, message);
}

/** A new array: in the one that is observed, each of its many messages would be moved by itself. */
export function withOlder(older: Message[], messages: Message[]): Message[] {
  return shallowReactive([...older, ...toRaw(messages)]);
}

/** A new array, for the same reason. */
export function newest(messages: Message[], count: number): Message[] {
  return shallowReactive(toRaw(messages).slice(-count));
}

/** The index of the first message whose number is not below `seq`; looked for from the end, where most belong. */
export function findPlace(messages: Message[], seq: number): number {
  const last = messages.at(-1);
  if (!last || last.seq < seq) return messages.length;
  let low = 0;
  let high = messages.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function replaceAt(messages: Message[], place: number, message: Message): void {
  if ((messages[place]?.changed_seq ?? Infinity) < message.changed_seq) messages[place] = markRaw(message);
}
