import assert from "node:assert/strict";
import { test } from "node:test";
import { Unanswered } from "../../src/index.js";
import { joined, settled } from "../helpers/fake-gateway.js";

/** @typedef {import("../../src/index.js").Gap} Gap */

/** @param {import("../../src/index.js").Room} room */
function texts(room) {
  /** @type {(string | undefined)[]} */
  const said = [];
  room.on("message", ({ text }) => said.push(text));
  return said;
}

test("every frame after the first login's reply counts, and only these", async (t) => {
  const { gateway, comeBack } = await joined(t);
  // The login's reply is 1, the join's 2.
  gateway.socket.message({ msgid_client: "a" });
  gateway.socket.say({ op: "lost", lane: "normal", count: 1 });
  gateway.socket.say({ op: "from a newer gateway" });
  gateway.socket.onmessage?.({ data: "no frame at all" });
  comeBack();
  gateway.socket.resume(6);
  // The reply to the resuming login does not count, that to its ping does.
  gateway.socket.message({ msgid_client: "b" });
  comeBack();
  gateway.socket.resume(8);
});

test("a session that could not be resumed is counted anew", async (t) => {
  const { gateway, comeBack } = await joined(t);
  gateway.socket.message({});
  comeBack();
  gateway.socket.logIn({ session: "s2" });
  gateway.socket.answer("join");
  comeBack();
  gateway.socket.open();
  assert.deepEqual(gateway.socket.asked("login").resume, { session: "s2", received: 2 });
});

test("frames are acknowledged: every 32, and after five seconds", async (t) => {
  const { gateway } = await joined(t);
  for (let at = 3; at <= 33; at += 1) gateway.socket.message({ msgid_client: `${at}` });
  assert.deepEqual(gateway.socket.all("ack"), [{ op: "ack", received: 32 }]);
  t.mock.timers.tick(5_000);
  assert.deepEqual(gateway.socket.asked("ack"), { op: "ack", received: 33 });
});

test("what an old socket still says is not heard, and not counted", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  const said = texts(room);
  const old = gateway.socket;
  const { onmessage } = old;
  comeBack();
  old.message({ msgid_client: "late" });
  gateway.socket.resume(2);
  old.message({ msgid_client: "later" });
  old.end(4003);
  await settled();
  assert.deepEqual(said, []);
  assert.notEqual(onmessage, old.onmessage);
  gateway.socket.message({ msgid_client: "now", attach: "now" });
  assert.deepEqual(said, ["now"]);
});

test("what is re-sent is handed on once", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  const said = texts(room);
  await settled();
  gateway.socket.message({ msgid_client: "a", attach: "a" });
  comeBack();
  gateway.socket.resume(3);
  gateway.socket.message({ msgid_client: "a", attach: "a" });
  gateway.socket.message({ msgid_client: "b", attach: "b" });
  assert.deepEqual(said, ["a", "b"]);
});

test("an answer that was lost comes after the resume", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  const asked = room.request("kickMember", { targetAccid: "bob" });
  await settled();
  const { id } = gateway.socket.asked("kickMember");
  comeBack();
  gateway.socket.open();
  gateway.socket.answer("login", { session: "s1", resumed: true });
  gateway.socket.say({ op: "reply", id, code: 200 });
  gateway.socket.answer("ping", { time: 1 });
  assert.equal((await asked).code, 200);
});

test("what no answer was re-sent for never arrived: sends go again with the flag, others are unanswered", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  const sent = room.send("hi", { id: "m7" });
  const kicked = room.request("kickMember", { targetAccid: "bob" });
  await settled();
  comeBack();
  gateway.socket.resume(2);
  await assert.rejects(kicked, Unanswered);
  const { msgId, resendFlag } = gateway.socket.asked("send");
  assert.deepEqual({ msgId, resendFlag }, { msgId: "m7", resendFlag: 1 });
  gateway.socket.answer("send", { desc: { msgid_client: "m7", time: "5" } });
  assert.equal((await sent).message.id, "m7");
});

test("until that is clear, what is sent waits behind it", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  room.send("first", { id: "m1" }).catch(() => {});
  await settled();
  comeBack();
  room.send("second", { id: "m2" }).catch(() => {});
  await settled();
  gateway.socket.open();
  gateway.socket.answer("login", { session: "s1", resumed: true });
  room.send("third", { id: "m3" }).catch(() => {});
  await settled();
  assert.equal(gateway.socket.all("send").length, 0);
  gateway.socket.answer("ping", { time: 1 });
  assert.deepEqual(
    gateway.socket.all("send").map(({ msgId }) => msgId),
    ["m1", "m2", "m3"],
  );
});

test("a cut before that is clear changes nothing", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  room.send("first", { id: "m1" }).catch(() => {});
  await settled();
  comeBack();
  gateway.socket.open();
  gateway.socket.answer("login", { session: "s1", resumed: true });
  comeBack();
  gateway.socket.resume(2);
  assert.deepEqual(
    gateway.socket.all("send").map(({ msgId }) => msgId),
    ["m1"],
  );
});

test("a gateway that has forgotten is told all anew: rooms first, then the sends, then the gap", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  /** @type {Gap[]} */
  const gaps = [];
  room.on("gap", (gap) => gaps.push(gap));
  /** @type {string[]} */
  const kinds = [];
  room.on("state", ({ kind }) => kinds.push(kind));
  room.send("first", { id: "m1" }).catch(() => {});
  await settled();
  comeBack();
  room.send("second", { id: "m2" }).catch(() => {});
  await settled();
  gateway.socket.logIn({ session: "s2" });
  assert.deepEqual(
    gateway.socket.written.slice(1).map(({ op, msgId, resendFlag }) => [op, msgId, resendFlag]),
    [
      ["join", undefined, undefined],
      ["send", "m1", 1],
      ["send", "m2", undefined],
    ],
  );
  assert.equal(gateway.socket.asked("join").nick, "Alice");
  gateway.socket.answer("join", { member: { enterTime: 9_000 } });
  await settled();
  assert.deepEqual(kinds, ["rejoining", "joined"]);
  assert.deepEqual(
    gaps.map(({ lane, count, reason }) => ({ lane, count, reason })),
    [{ lane: "normal", count: undefined, reason: "away" }],
  );
  assert.equal(gaps[0]?.room, room);
});

test("a room that cannot be entered again is over, with the refusal", async (t) => {
  const { client, gateway, room, comeBack } = await joined(t);
  const reading = room[Symbol.asyncIterator]().next();
  comeBack();
  gateway.socket.logIn({ session: "s2" });
  gateway.socket.refuse("join", 13_003, "blocklisted");
  await assert.rejects(reading, { code: 13_003 });
  assert.equal(room.state.kind, "left");
  assert.deepEqual(client.rooms, []);
  assert.equal(client.state.kind, "online");
});

test("a second restart before the room is entered asks once", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  comeBack();
  gateway.socket.logIn({ session: "s2" });
  comeBack();
  gateway.socket.logIn({ session: "s3" });
  assert.equal(gateway.socket.all("join").length, 1);
  gateway.socket.answer("join");
  await settled();
  assert.equal(room.state.kind, "joined");
});
