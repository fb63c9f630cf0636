import assert from "node:assert/strict";
import { test } from "node:test";
import { ACK_FRAMES, ACK_MS, Receipt } from "../../src/receipt.js";

/** @returns {{receipt: Receipt, acks: any[]}} */
function started() {
  /** @type {any[]} */
  const acks = [];
  const receipt = new Receipt((frame) => acks.push(frame));
  receipt.begin();
  return { receipt, acks };
}

test("the login's own reply is the first frame", () => {
  assert.equal(started().receipt.received, 1);
});

test("every thirty-second frame is acknowledged at once", () => {
  const { receipt, acks } = started();
  for (let frame = 2; frame <= 2 * ACK_FRAMES; frame += 1) receipt.count();
  assert.deepEqual(acks, [
    { op: "ack", received: 32 },
    { op: "ack", received: 64 },
  ]);
  receipt.pause();
});

test("a few frames are acknowledged after five seconds, and then nothing is said", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { receipt, acks } = started();
  receipt.count();
  receipt.count();
  t.mock.timers.tick(ACK_MS - 1);
  assert.deepEqual(acks, []);
  t.mock.timers.tick(1);
  assert.deepEqual(acks, [{ op: "ack", received: 3 }]);
  t.mock.timers.tick(10 * ACK_MS);
  assert.equal(acks.length, 1);
});

test("without a connection nothing is acknowledged, and the count is kept", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { receipt, acks } = started();
  receipt.count();
  receipt.pause();
  t.mock.timers.tick(ACK_MS);
  assert.deepEqual(acks, []);
  assert.equal(receipt.received, 2);
});
