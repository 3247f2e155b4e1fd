// The wire contract, as any page or script meets it through the official socket.io client.
// The environment names a Galaxy, and the API keys and one session cookie of users who have chat on.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { io } from "socket.io-client";

const { GALAXY_URL, SOCKET_PATH, ADA_KEY, BEN_KEY, BEN_COOKIE, OFF_KEY } = process.env;
const sockets = [];
after(() => sockets.forEach((socket) => socket.close()));

function open(options) {
  const socket = io(new URL(GALAXY_URL).origin + "/chat", {
    path: SOCKET_PATH,
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    ...options,
  });
  sockets.push(socket);
  return socket;
}

function next(socket, event, fits = () => true) {
  return new Promise((resolve) => {
    const look = (payload) => {
      if (!fits(payload)) return;
      socket.off(event, look);
      resolve(payload);
    };
    socket.on(event, look);
  });
}

async function enter(options) {
  const socket = open(options);
  const refused = next(socket, "connect_error").then((error) => Promise.reject(error));
  refused.catch(() => undefined);
  return { socket, ready: await Promise.race([next(socket, "ready"), refused]) };
}

const call = (socket, event, ...payload) => socket.timeout(15_000).emitWithAck(event, ...payload);
const brings = (id) => (frame) => frame.events.some((event) => event.message.id === id);

test("ready tells who one is and what there is", async () => {
  const { ready } = await enter({ auth: { api_key: ADA_KEY } });
  for (const name of ["is_admin", "limits", "online", "rooms", "server", "user"]) assert.ok(name in ready, name);
  assert.equal(typeof ready.user.username, "string");
  assert.match(ready.user.avatar_color, /^#[0-9a-f]{6}$/);
  assert.equal(ready.rooms.filter((room) => room.kind === "lobby").length, 1);
  assert.ok(ready.limits.max_message_length > 0);
});

test("a message is acknowledged, and reaches a person with a session cookie", async () => {
  const ada = await enter({ auth: { api_key: ADA_KEY } });
  const ben = await enter({ extraHeaders: { Cookie: `galaxysession=${BEN_COOKIE}` } });
  const lobby = ada.ready.rooms.find((room) => room.kind === "lobby").id;
  const arrival = next(ben.socket, "room.events");
  const answer = await call(ada.socket, "message.send", { room_id: lobby, text: "Grüße 🧬", client_id: "js-1" });
  assert.equal(answer.ok, true);
  const frame = await arrival;
  assert.equal(frame.room_id, lobby);
  assert.equal(frame.head_seq, answer.message.seq);
  assert.deepEqual(frame.events, [{ seq: answer.message.seq, type: "message.created", message: answer.message }]);
  const again = await call(ada.socket, "message.send", { room_id: lobby, text: "other", client_id: "js-1" });
  assert.deepEqual(again, answer);
});

test("what is sent without waiting keeps its order", async () => {
  const { socket, ready } = await enter({ auth: { api_key: ADA_KEY } });
  const lobby = ready.rooms[0].id;
  const texts = Array.from({ length: 50 }, (_, number) => `js order ${number}`);
  const acks = await Promise.all(
    texts.map((text, number) => call(socket, "message.send", { room_id: lobby, text, client_id: `js-order-${number}` })),
  );
  assert.deepEqual(acks.map((ack) => ack.message.text), texts);
  const seqs = acks.map((ack) => ack.message.seq);
  assert.deepEqual(seqs, [...seqs].sort((a, b) => a - b));
});

test("sync brings what was missed", async () => {
  const { socket, ready } = await enter({ auth: { api_key: ADA_KEY } });
  const lobby = ready.rooms[0].id;
  const sent = [];
  for (const number of [1, 2, 3]) {
    sent.push((await call(socket, "message.send", { room_id: lobby, text: "x", client_id: `js-sync-${number}` })).message);
  }
  const { rooms } = await call(socket, "sync", { rooms: { [lobby]: sent[0].seq } });
  assert.equal(rooms[lobby].recovered, true);
  assert.deepEqual(rooms[lobby].events.map((event) => event.message.id), [sent[1].id, sent[2].id]);
});

test("nonsense is answered and does not end the connection", async () => {
  const { socket } = await enter({ auth: { api_key: ADA_KEY } });
  for (const [event, ...payload] of [["no.such.event", {}], ["message.send"], ["message.send", 7], ["sync", { rooms: 1 }]]) {
    const answer = await call(socket, event, ...payload);
    assert.equal(answer.ok, false);
    assert.equal(answer.error.code, "invalid");
  }
  assert.equal(socket.connected, true);
});

test("refusals carry the contract's error", async () => {
  const refusals = [
    [{}, "not_authenticated"],
    [{ auth: { api_key: "wrong" } }, "not_authenticated"],
    [{ auth: { api_key: 7 } }, "invalid"],
    [{ auth: { api_key: OFF_KEY } }, "disabled"],
    [{ auth: { api_key: BEN_KEY }, extraHeaders: { Origin: "https://example.com" } }, "forbidden"],
  ];
  for (const [options, code] of refusals) {
    const error = await next(open(options), "connect_error");
    assert.equal(error.data?.ok, false, JSON.stringify(options));
    assert.equal(error.data.error.code, code);
    assert.equal(error.message, error.data.error.message);
  }
});

test("a connection that begins with long polling is upgraded", async () => {
  const { socket, ready } = await enter({ auth: { api_key: ADA_KEY }, transports: ["polling", "websocket"] });
  if (socket.io.engine.transport.name !== "websocket") await next(socket.io.engine, "upgrade");
  const lobby = ready.rooms[0].id;
  const answer = await call(socket, "message.send", { room_id: lobby, text: "upgraded", client_id: "js-upgraded" });
  assert.equal(answer.ok, true);
});

test("joining and leaving", async () => {
  const ada = await enter({ auth: { api_key: ADA_KEY } });
  const ben = await enter({ auth: { api_key: BEN_KEY } });
  const { room } = await call(ben.socket, "room.join", { name: "rna-seq" });
  const joined = next(ben.socket, "room.member", (notice) => notice.user.id === ada.ready.user.id);
  assert.equal((await call(ada.socket, "room.join", { room_id: room.id })).room.joined, true);
  assert.deepEqual(await joined, { room_id: room.id, user: ada.ready.user, joined: true });
  const arrival = next(ada.socket, "room.events", (frame) => frame.room_id === room.id);
  const { message } = await call(ben.socket, "message.send", { room_id: room.id, text: "hi", client_id: "js-room" });
  assert.ok(brings(message.id)(await arrival));
  assert.deepEqual(await call(ada.socket, "room.leave", { room_id: room.id }), { ok: true });
});
