import { ref } from "vue";

import type { Message } from "../api/wire";

/** Numbers of messages that are summed up together. */
const CHUNK = 256;

interface Sum {
  count: number;
  height: number;
}

/** How high rows were when they were last rendered, by the number of their message, in pixels; others are guessed. */
export class RowHeights {
  private readonly known = new Map<number, number>();
  private readonly chunks = new Map<number, Sum>();
  private readonly guess = ref(0);
  private isGuessed = false;

  constructor(guess: number) {
    this.guess.value = guess;
  }

  of({ seq }: Message): number {
    return this.known.get(seq) ?? this.guess.value;
  }

  /**
   * The heights of rows that are rendered together. What the first ones have is expected of all others, from then on:
   * with each better guess, everything that is not rendered would move.
   */
  learn(rows: Iterable<[Message, number]>): void {
    const learned = { count: 0, height: 0 };
    for (const [{ seq }, height] of rows) {
      const chunk = this.chunk(seq);
      const before = this.known.get(seq);
      if (before === undefined) chunk.count += 1;
      chunk.height += height - (before ?? 0);
      this.known.set(seq, height);
      learned.count += 1;
      learned.height += height;
    }
    if (this.isGuessed || learned.count === 0) return;
    this.guess.value = learned.height / learned.count;
    this.isGuessed = true;
  }

  /** Of the messages from one index to another, which is exclusive; there is no hole among them. */
  total(messages: Message[], first: number, end: number): number {
    const [low, high] = [messages[first]?.seq, messages[end - 1]?.seq];
    if (low === undefined || high === undefined || first >= end) return 0;
    const { count, height } = this.between(low, high);
    return height + (end - first - count) * this.guess.value;
  }

  private between(low: number, high: number): Sum {
    const sum = { count: 0, height: 0 };
    for (let seq = low; seq <= high; ) {
      const whole = seq % CHUNK === 0 && seq + CHUNK - 1 <= high;
      const known = whole ? undefined : this.known.get(seq);
      const part = whole ? this.chunks.get(seq / CHUNK) : known === undefined ? undefined : { count: 1, height: known };
      sum.count += part?.count ?? 0;
      sum.height += part?.height ?? 0;
      seq += whole ? CHUNK : 1;
    }
    return sum;
  }

  private chunk(seq: number): Sum {
    const place = Math.floor(seq / CHUNK);
    const chunk = this.chunks.get(place) ?? { count: 0, height: 0 };
    this.chunks.set(place, chunk);
    return chunk;
  }
}
