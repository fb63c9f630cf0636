import assert from "node:assert/strict";
import { test } from "node:test";
import { BEAT_MS, Heartbeat } from "../../../web-demo/heartbeat.js";

/**
 * A heart whose pings are answered by hand.
 * @param {import("node:test").TestContext} t
 */
function heart(t) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  /** @type {string[]} */
  const events = [];
  /** @type {{answer: (value?: unknown) => void, fail: (reason: Error) => void}[]} */
  const pings = [];
  const heartbeat = new Heartbeat(
    () => new Promise((answer, fail) => pings.push({ answer, fail })),
    () => events.push("alive"),
    () => events.push("dead"),
  );
  heartbeat.start();
  const beat = () => t.mock.timers.tick(BEAT_MS);
  return { heartbeat, pings, events, beat };
}

/** Lets what was just settled be noticed. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("it asks every twenty seconds", (t) => {
  const { pings, beat } = heart(t);
  assert.equal(pings.length, 0);
  beat();
  beat();
  assert.equal(pings.length, 2);
});

test("an answer is life, no answer is death", async (t) => {
  const { pings, events, beat } = heart(t);
  beat();
  pings[0]?.answer();
  await settled();
  beat();
  pings[1]?.fail(new Error("no answer"));
  await settled();
  assert.deepEqual(events, ["alive", "dead"]);
});

test("news of an earlier connection does not touch the present one", async (t) => {
  const { heartbeat, pings, events, beat } = heart(t);
  beat();
  heartbeat.start();
  pings[0]?.fail(new Error("no answer"));
  await settled();
  assert.deepEqual(events, []);
});

test("stopped, it is silent", (t) => {
  const { heartbeat, pings, beat } = heart(t);
  heartbeat.stop();
  beat();
  assert.equal(pings.length, 0);
});
