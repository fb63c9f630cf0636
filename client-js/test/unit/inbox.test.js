import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox } from "../../src/inbox.js";
import { readMessage } from "../../src/message.js";
import { wireMessage } from "../helpers/fake-gateway.js";

/** @typedef {import("../../src/inbox.js").Hole} Hole */

/** @param {string} id @param {boolean} [high] @param {number} [time] */
const message = (id, high = false, time = 0) =>
  readMessage(
    wireMessage({ msgid_client: id, highPriorityFlag: high ? 1 : undefined, time: `${time}` }),
  );

/** @param {number} [max] */
function inbox(max = 10) {
  /** @type {Hole[]} */
  const holes = [];
  return { inbox: new Inbox(max, (hole) => holes.push(hole)), holes };
}

/** @param {import("../../src/message.js").Message[]} messages */
const ids = (messages) => messages.map(({ id }) => id);

test("messages are taken in their order, also by who waited first", async () => {
  const { inbox: box } = inbox();
  const first = box.next();
  box.push(message("a"));
  box.push(message("b"));
  assert.equal((await first).value?.id, "a");
  assert.equal((await box.next()).value?.id, "b");
});

test("urgent messages overtake those that wait", () => {
  const { inbox: box } = inbox();
  for (const each of [message("a"), message("H", true), message("b"), message("I", true)]) {
    box.push(each);
  }
  assert.deepEqual(ids(box.drain()), ["H", "I", "a", "b"]);
});

test("after 32 urgent ones in a row a normal one is taken", () => {
  const { inbox: box } = inbox(100);
  box.push(message("a"));
  for (let at = 0; at < 40; at += 1) box.push(message(`H${at}`, true));
  assert.equal(ids(box.drain()).indexOf("a"), 32);
});

test("where it is full the oldest normal message goes, and the reader is told in its place", async () => {
  const { inbox: box, holes } = inbox(2);
  for (const [at, id] of ["a", "b", "c", "d"].entries()) box.push(message(id, false, at + 1));
  assert.deepEqual(holes, []);
  assert.equal((await box.next()).value?.id, "c");
  const hole = /** @type {Hole[]} */ (holes)[0];
  assert.ok(hole);
  const { lane, count, since, until, has } = hole;
  assert.deepEqual({ lane, count, since, until }, { lane: "normal", count: 2, since: 1, until: 2 });
  assert.deepEqual(
    ["a", "b", "c", "d"].map((id) => has(message(id))),
    [false, false, true, true],
  );
  assert.equal((await box.next()).value?.id, "d");
  assert.equal(holes.length, 1);
});

test("no urgent message is dropped while a normal one is there, not even for a new one", () => {
  const { inbox: box, holes } = inbox(2);
  box.push(message("a"));
  box.push(message("H", true));
  box.push(message("I", true));
  box.push(message("b"));
  assert.deepEqual(ids(box.drain()), ["H", "I"]);
  assert.deepEqual(
    holes.map(({ lane, count }) => [lane, count]),
    [["normal", 2]],
  );
});

test("an urgent message goes only where nothing else is left", () => {
  const { inbox: box, holes } = inbox(2);
  for (const id of ["H", "I", "J"]) box.push(message(id, true));
  assert.deepEqual(ids(box.drain()), ["I", "J"]);
  assert.equal(holes[0]?.lane, "high");
});

test("after the end what waits is taken, then it is over", async () => {
  const { inbox: box } = inbox();
  box.push(message("a"));
  box.end();
  box.push(message("late"));
  assert.equal((await box.next()).value?.id, "a");
  assert.deepEqual(await box.next(), { value: undefined, done: true });
});

test("after an end with an error what waits is taken, then it is thrown", async () => {
  const { inbox: box } = inbox();
  const error = new Error("refused");
  box.push(message("a"));
  box.end(error);
  assert.equal((await box.next()).value?.id, "a");
  await assert.rejects(box.next(), error);
});

test("whoever waits hears of the end, and of the signal", async () => {
  const { inbox: box } = inbox();
  const abort = new AbortController();
  const aborted = box.next(abort.signal);
  const waiting = box.next();
  abort.abort(new Error("enough"));
  await assert.rejects(aborted, { message: "enough" });
  box.end();
  assert.equal((await waiting).done, true);
});
