import assert from "node:assert/strict";
import { test } from "node:test";
import { Closed, Invalid, QueueFull, Refused, Unanswered } from "../../src/errors.js";
import { Requests } from "../../src/requests.js";

/** @param {number} [queueMax] */
function desk(queueMax) {
  /** @type {any[]} */
  const written = [];
  return { requests: new Requests((text) => written.push(JSON.parse(text)), queueMax), written };
}

/** @param {number} [queueMax] */
function flowing(queueMax) {
  const world = desk(queueMax);
  world.requests.flow();
  return world;
}

/** @param {number} id @param {number} code @param {object} [more] */
const reply = (id, code, more) => ({ op: /** @type {const} */ ("reply"), id, code, ...more });

/** @param {any[]} written */
const ids = (written) => written.map(({ id }) => id);

test("each reply settles its own request, in any order", async () => {
  const { requests, written } = flowing();
  const first = requests.ask({ op: "get" });
  const second = requests.ask({ op: "join", roomid: "1" });
  assert.deepEqual(written, [
    { op: "get", id: 1 },
    { op: "join", roomid: "1", id: 2 },
  ]);
  requests.settle(reply(2, 200, { session: "second" }));
  requests.settle(reply(1, 200, { session: "first" }));
  assert.equal((await first).session, "first");
  assert.equal((await second).session, "second");
});

test("a refusal carries the gateway's code and words, and what to do", async () => {
  const { requests } = flowing();
  const asked = requests.ask({ op: "muteRoom" });
  requests.settle(reply(1, 13004, { desc: "you are muted" }));
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.code, 13004);
    assert.equal(error.message, "you are muted");
    assert.match(error.hint, /\.$/);
    return true;
  });
});

test("a reply nobody waits for does no harm", () => {
  flowing().requests.settle(reply(99, 200));
});

test("without a connection requests wait, and go out in the order they were asked", () => {
  const { requests, written } = desk();
  for (const op of ["get", "kickMember", "get"]) requests.ask({ op });
  assert.deepEqual(written, []);
  requests.flow();
  assert.deepEqual(ids(written), [1, 2, 3]);
});

test("what is asked ahead goes before everything that waits", () => {
  const { requests, written } = desk();
  requests.ask({ op: "send", roomid: "1" });
  requests.ask({ op: "join", roomid: "1" }, { ahead: true });
  requests.flow();
  assert.deepEqual(ids(written), [2, 1]);
});

test("no more than so many wait, and those ahead are let in all the same", async () => {
  const { requests, written } = desk(2);
  requests.ask({ op: "get" });
  requests.ask({ op: "get" });
  await assert.rejects(requests.ask({ op: "get" }), QueueFull);
  requests.ask({ op: "join" }, { ahead: true });
  requests.flow();
  assert.deepEqual(ids(written), [4, 1, 2]);
});

test("on a connection nothing waits, so nothing is too much", () => {
  const { requests, written } = flowing(2);
  for (let at = 0; at < 5; at += 1) requests.ask({ op: "get" });
  assert.equal(written.length, 5);
});

test("what is not answered is bounded on a connection too", async () => {
  /** @type {string[]} */
  const written = [];
  const requests = new Requests((text) => written.push(text), 2, 3);
  requests.back();
  requests.flow();
  for (let at = 0; at < 3; at += 1) requests.ask({ op: "get" });
  await assert.rejects(requests.ask({ op: "get" }), /3 requests already wait for their answer/);
  requests.settle(reply(1, 200));
  requests.ask({ op: "get" });
  assert.equal(written.length, 4);
});

test("an unanswered send is written again with the same ids and the flag, before what waits", () => {
  const { requests, written } = flowing();
  requests.ask({ op: "send", roomid: "1", msgId: "m1" });
  requests.ask({ op: "send", roomid: "1", msgId: "m2" });
  requests.settle(reply(1, 200));
  requests.pause();
  requests.ask({ op: "send", roomid: "1", msgId: "m3" });
  requests.repeat();
  requests.flow();
  assert.deepEqual(written.slice(2), [
    { op: "send", roomid: "1", msgId: "m2", id: 2, resendFlag: 1 },
    { op: "send", roomid: "1", msgId: "m3", id: 3 },
  ]);
});

test("a send without a message id gets one, and keeps it", () => {
  const { requests, written } = flowing();
  requests.ask({ op: "send", roomid: "1" });
  requests.repeat();
  requests.flow();
  assert.match(written[0].msgId, /^[0-9a-f-]{36}$/);
  assert.equal(written[1].msgId, written[0].msgId);
});

test("a reading verb is asked again, a changing one is unanswered", async () => {
  const { requests, written } = flowing();
  const read = requests.ask({ op: "history" });
  const change = requests.ask({ op: "kickMember" });
  requests.repeat();
  requests.flow();
  await assert.rejects(change, Unanswered);
  assert.deepEqual(ids(written), [1, 2, 1]);
  requests.settle(reply(1, 200, { msgs: [] }));
  assert.deepEqual((await read).msgs, []);
});

test("at the end what waited is told why, and of what was written nobody knows", async () => {
  const { requests } = flowing();
  const why = new Closed("over");
  const sent = requests.ask({ op: "send" });
  const joining = requests.ask({ op: "join" });
  requests.pause();
  const waiting = requests.ask({ op: "send" });
  requests.end(why);
  await assert.rejects(sent, (error) => error instanceof Unanswered && error.cause === why);
  await assert.rejects(joining, why);
  await assert.rejects(waiting, why);
});

test("an aborted request that waits is not written", async () => {
  const { requests, written } = desk();
  const reason = new Error("changed my mind");
  const abort = new AbortController();
  const waiting = requests.ask({ op: "send" }, { signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(waiting, reason);
  requests.flow();
  assert.deepEqual(written, []);
  await assert.rejects(requests.ask({ op: "send" }, { signal: abort.signal }), reason);
});

test("an aborted request that was written is not written again, and its reply is nobody's", async () => {
  const { requests, written } = flowing();
  const abort = new AbortController();
  const sent = requests.ask({ op: "send" }, { signal: abort.signal });
  abort.abort();
  await assert.rejects(sent, { name: "AbortError" });
  requests.settle(reply(1, 200));
  requests.repeat();
  requests.flow();
  assert.deepEqual(ids(written), [1]);
});

test("what would end the connection for its size is not sent", async () => {
  const { requests, written } = flowing();
  requests.messageBytes = 100;
  await assert.rejects(requests.ask({ op: "send", attach: "ü".repeat(50) }), Invalid);
  assert.deepEqual(written, []);
});

test("what cannot be JSON rejects its own request only", async () => {
  const { requests, written } = flowing();
  await assert.rejects(requests.ask({ op: "send", attach: 1n }), TypeError);
  requests.ask({ op: "get" });
  assert.equal(written.length, 1);
});
