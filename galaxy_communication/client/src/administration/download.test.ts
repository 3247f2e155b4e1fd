import { expect, it } from "vitest";

import { ChatError } from "../api/errors";
import { readLines } from "./download";

function answer(parts: string[], count: number): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part));
      controller.close();
    },
  });
  return new Response(body, { headers: { "X-Total-Count": String(count) } });
}

it("tells how many lines have come, wherever the network has cut them", async () => {
  const told: [number, number][] = [];
  const file = await readLines(answer(['{"a":1}\n{"b', '":"é"}\n', '{"c":3}\n'], 3), (...now) => told.push(now));
  expect(told).toEqual([[1, 3], [2, 3], [3, 3]]);
  expect(await file.text()).toBe('{"a":1}\n{"b":"é"}\n{"c":3}\n');
});

it("an answer that ends too early is no file", async () => {
  await expect(readLines(answer(["{}\n"], 2), () => undefined)).rejects.toBeInstanceOf(ChatError);
});

it("a room without messages is an empty file", async () => {
  expect((await readLines(answer([], 0), () => undefined)).size).toBe(0);
});
