import assert from "node:assert/strict";
import { test } from "node:test";
import { Closed, Refused } from "../../src/index.js";
import { connected, joined, settled } from "../helpers/fake-gateway.js";

test("joining waits for the connection", async (t) => {
  const { client, gateway } = await connected(t);
  const joining = client.join(7, { nick: "Alice", tags: ["a"] });
  await settled();
  assert.equal(gateway.socket.written.length, 0);
  gateway.socket.logIn();
  const { id, ...join } = gateway.socket.asked("join");
  assert.deepEqual(join, { op: "join", roomid: "7", nick: "Alice", tags: ["a"] });
  gateway.socket.answer("join", { chatroom: { roomid: 7, name: "Hall" } });
  const room = await joining;
  assert.deepEqual([room.roomid, room.info?.name, room.state.kind], ["7", "Hall", "joined"]);
  assert.deepEqual(client.rooms, [room]);
});

test("joined twice it is one room, also while it waits", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const joining = [client.join("1"), client.join("1")];
  await settled();
  assert.equal(gateway.socket.all("join").length, 1);
  gateway.socket.answer("join");
  const [first, second] = await Promise.all(joining);
  assert.equal(first, second);
  assert.equal(await client.join(1), first);
});

test("a refused join is told, and can be tried again", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const joining = client.join("1");
  await settled();
  gateway.socket.refuse("join", 404);
  await assert.rejects(joining, Refused);
  const again = client.join("1");
  await settled();
  gateway.socket.answer("join");
  assert.equal((await again).state.kind, "joined");
});

test("a join that was given up is taken back", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const abort = new AbortController();
  const joining = client.join("1", { signal: abort.signal });
  await settled();
  abort.abort();
  await assert.rejects(joining, { name: "AbortError" });
  await settled();
  assert.equal(gateway.socket.asked("leave").roomid, "1");
  assert.deepEqual(client.rooms, []);
});

test("a join that one gives up and another waits for goes on", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const abort = new AbortController();
  const givenUp = client.join("1", { signal: abort.signal });
  const waiting = client.join("1");
  await settled();
  abort.abort();
  await assert.rejects(givenUp, { name: "AbortError" });
  gateway.socket.answer("join");
  assert.equal((await waiting).state.kind, "joined");
  assert.equal(gateway.socket.all("leave").length, 0);
});

test("messages reach listeners and iterators, notifications their listeners only", async (t) => {
  const { gateway, room } = await joined(t);
  /** @type {string[]} */
  const heard = [];
  room.on("message", ({ id }) => heard.push(id));
  room.on("notification", ({ name, targets }) => heard.push(`${targets[0]?.nick} ${name}`));
  const iterator = room[Symbol.asyncIterator]();
  await settled();
  gateway.socket.message({ msgid_client: "a" });
  const attach = JSON.stringify({
    id: 301,
    data: { operator: "bob", opeNick: "Bob", target: ["bob"], tarNick: ["Bob"] },
  });
  gateway.socket.message({ msgid_client: "n", type: "5", attach });
  gateway.socket.message({ msgid_client: "b" });
  gateway.socket.message({ msgid_client: "a" });
  assert.deepEqual(heard, ["a", "Bob entered", "b"]);
  assert.equal((await iterator.next()).value?.id, "a");
  assert.equal((await iterator.next()).value?.id, "b");
});

test("what comes before anybody listens is kept for the first who does", async (t) => {
  const { gateway, room } = await joined(t);
  gateway.socket.message({ msgid_client: "a" });
  /** @type {string[]} */
  const heard = [];
  room.on("message", ({ id }) => heard.push(id));
  assert.deepEqual(heard, [], "not before the listener's own turn has ended");
  await settled();
  gateway.socket.message({ msgid_client: "b" });
  assert.deepEqual(heard, ["a", "b"]);
});

test("the same holds for an iterator", async (t) => {
  const { gateway, room } = await joined(t);
  gateway.socket.message({ msgid_client: "a" });
  const iterator = room[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value?.id, "a");
});

test("an iterator ends when the room is left, after what waits", async (t) => {
  const { gateway, room } = await joined(t);
  gateway.socket.message({ msgid_client: "a" });
  const leaving = room.leave();
  const ids = [];
  for await (const { id } of room) ids.push(id);
  assert.deepEqual(ids, ["a"]);
  gateway.socket.answer("leave");
  await leaving;
  await assert.rejects(room.send("hi"), Closed);
});

test("an iterator ends when the client is closed, and throws when it was ended", async (t) => {
  const { client, room } = await joined(t);
  const closed = room[Symbol.asyncIterator]().next();
  client.close();
  assert.equal((await closed).done, true);
  t.mock.timers.reset();

  const other = await joined(t);
  const ended = other.room[Symbol.asyncIterator]().next();
  other.gateway.socket.end(4003);
  await assert.rejects(ended, Closed);
});

test("leaving the loop lets go of what waits", async (t) => {
  const { gateway, room } = await joined(t);
  for (const id of ["a", "b"]) gateway.socket.message({ msgid_client: id });
  for await (const { id } of room) {
    assert.equal(id, "a");
    break;
  }
  gateway.socket.message({ msgid_client: "c" });
  const iterator = room[Symbol.asyncIterator]();
  gateway.socket.message({ msgid_client: "d" });
  assert.equal((await iterator.next()).value?.id, "d");
});

test("a reader's signal ends its loop alone", async (t) => {
  const { gateway, room } = await joined(t);
  const abort = new AbortController();
  const aborted = room.messages({ signal: abort.signal }).next();
  const other = room.messages();
  abort.abort(new Error("enough"));
  await assert.rejects(aborted, { message: "enough" });
  gateway.socket.message({ msgid_client: "a" });
  assert.equal((await other.next()).value?.id, "a");
});

test("a kick says why, ends the room, and one may join again", async (t) => {
  const { client, gateway, room } = await joined(t);
  /** @type {import("../../src/index.js").Kick[]} */
  const kicks = [];
  room.on("kicked", (kick) => kicks.push(kick));
  const reading = room[Symbol.asyncIterator]().next();
  gateway.socket.say({ op: "kicked", roomid: "1", reason: 2, notifyExt: "bye" });
  assert.deepEqual(kicks, [
    { reason: 2, why: "A manager removed this account from the room.", notifyExt: "bye" },
  ]);
  assert.equal((await reading).done, true);
  await assert.rejects(room.send("hi"), Closed);
  const again = client.join("1");
  await settled();
  gateway.socket.answer("join");
  assert.notEqual(await again, room);
});

test("leaving a room that the gateway has forgotten succeeds", async (t) => {
  const { gateway, room } = await joined(t);
  const leaving = room.leave();
  gateway.socket.refuse("leave", 403);
  await leaving;
  await room.leave();
});

test("a listener that throws harms nobody else, and is told of as an error", async (t) => {
  const { client, gateway, room } = await joined(t);
  /** @type {unknown[]} */
  const errors = [];
  client.on("error", (error) => errors.push(error));
  const bug = new Error("a bug");
  room.on("message", () => {
    throw bug;
  });
  /** @type {string[]} */
  const heard = [];
  const off = room.on("message", ({ id }) => heard.push(id));
  await settled();
  gateway.socket.message({ msgid_client: "a" });
  off();
  gateway.socket.message({ msgid_client: "b" });
  assert.deepEqual(heard, ["a"]);
  assert.deepEqual(errors, [bug, bug]);
  assert.equal(client.state.kind, "online");
});

test("a listener ends with its signal, and no name of an event is taken for another", async (t) => {
  const { client, gateway, room } = await joined(t);
  const abort = new AbortController();
  /** @type {string[]} */
  const heard = [];
  room.on("message", ({ id }) => heard.push(id), { signal: abort.signal });
  await settled();
  gateway.socket.message({ msgid_client: "a" });
  abort.abort();
  gateway.socket.message({ msgid_client: "b" });
  assert.deepEqual(heard, ["a"]);
  assert.throws(() => client.on(/** @type {any} */ ("stat"), () => {}), { code: "invalid" });
});

test("a listener to errors that throws as well is left to the console", async (t) => {
  const { client, gateway, room } = await joined(t);
  const logged = t.mock.method(console, "error", () => {});
  client.on("error", () => {
    throw new Error("again");
  });
  room.on("message", () => {
    throw new Error("once");
  });
  await settled();
  gateway.socket.message({});
  assert.deepEqual(
    logged.mock.calls.map(({ arguments: [error] }) => error.message),
    ["again"],
  );
  assert.deepEqual(client.state.kind, "online");
});

test("the same id of two senders is two messages", async (t) => {
  const { gateway, room } = await joined(t);
  /** @type {string[]} */
  const heard = [];
  room.on("message", ({ from }) => heard.push(from));
  await settled();
  for (const fromAccount of ["bob", "cat", "bob"]) {
    gateway.socket.message({ msgid_client: "1", fromAccount });
  }
  assert.deepEqual(heard, ["bob", "cat"]);
});
