import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MS, BEAT_MS, Heartbeat } from "../../src/heartbeat.js";

/**
 * A heart whose pings are answered by hand; they are numbered from 1.
 * @param {import("node:test").TestContext} t
 */
function heart(t) {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  /** @type {string[]} */
  const events = [];
  let pings = 0;
  const heartbeat = new Heartbeat(
    () => {
      pings += 1;
      return pings;
    },
    () => events.push("proven"),
    () => events.push("dead"),
  );
  heartbeat.start();
  return { heartbeat, events, pings: () => pings };
}

test("it asks every twenty seconds", (t) => {
  const { heartbeat, pings } = heart(t);
  for (const beat of [1, 2, 3]) {
    t.mock.timers.tick(BEAT_MS - 1);
    assert.equal(pings(), beat - 1);
    t.mock.timers.tick(1);
    assert.equal(pings(), beat);
    heartbeat.settle(beat);
  }
});

test("an answered beat proves the connection, an unanswered one ends it", (t) => {
  const { heartbeat, events } = heart(t);
  t.mock.timers.tick(BEAT_MS);
  assert.equal(heartbeat.settle(1), true);
  assert.deepEqual(events, ["proven"]);
  t.mock.timers.tick(BEAT_MS);
  t.mock.timers.tick(ANSWER_MS);
  assert.deepEqual(events, ["proven", "dead"]);
});

test("what is still arriving is a sign of life: the answer waits behind it", (t) => {
  const { heartbeat, events } = heart(t);
  heartbeat.check(ANSWER_MS);
  t.mock.timers.tick(ANSWER_MS - 1);
  heartbeat.hear();
  t.mock.timers.tick(1);
  assert.deepEqual(events, []);
  t.mock.timers.tick(ANSWER_MS);
  assert.deepEqual(events, ["dead"]);
});

test("a check outside the beat tells who asked, and proves nothing", (t) => {
  const { heartbeat, events } = heart(t);
  heartbeat.check(1_000, () => events.push("answered"));
  heartbeat.settle(1);
  assert.deepEqual(events, ["answered"]);
});

test("news of an earlier connection does not touch the present one", (t) => {
  const { heartbeat, events } = heart(t);
  heartbeat.check(1_000);
  heartbeat.start();
  assert.equal(heartbeat.settle(1), false);
  t.mock.timers.tick(1_000);
  assert.deepEqual(events, []);
});

test("stopped, it is silent", (t) => {
  const { heartbeat, events, pings } = heart(t);
  heartbeat.check(1_000);
  heartbeat.stop();
  t.mock.timers.tick(10 * BEAT_MS);
  assert.deepEqual(events, []);
  assert.equal(pings(), 1);
});
