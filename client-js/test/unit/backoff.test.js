import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKOFF_MAX_MS, backoffMs } from "../../src/backoff.js";

const longest = () => 1;

test("the ceiling doubles from one second to thirty", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, longest));
  assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("a night of failures does not overflow the ceiling", () => {
  assert.equal(backoffMs(5_000, longest), BACKOFF_MAX_MS);
});

test("the jitter is full: anything from nothing to the ceiling", () => {
  assert.equal(
    backoffMs(3, () => 0),
    0,
  );
  assert.equal(
    backoffMs(3, () => 0.25),
    2_000,
  );
  for (let draw = 0; draw < 1_000; draw += 1) {
    const ms = backoffMs(3);
    assert.ok(ms >= 0 && ms <= 8_000);
  }
});
