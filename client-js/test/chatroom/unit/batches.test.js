import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Batches } from "../../../src/chatroom/batches.js";

/** @type {any[][]} */
let handed = [];
/** @type {Batches} */
let batches;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  handed = [];
  const rules = { interval: 300, size: 2 };
  batches = new Batches(
    () => rules,
    (messages) => handed.push(messages),
  );
});

afterEach(() => mock.timers.reset());

/** @param {...any} messages */
const push = (...messages) => {
  for (const message of messages) batches.push(message);
};

test("messages are collected for the interval, and no longer", () => {
  push(1, 2);
  mock.timers.tick(299);
  assert.deepEqual(handed, []);
  mock.timers.tick(1);
  assert.deepEqual(handed, [[1, 2]]);
});

test("a batch has at most its size; the rest waits for the next", () => {
  push(1, 2, 3);
  mock.timers.tick(300);
  assert.deepEqual(handed, [[1, 2]]);
  mock.timers.tick(300);
  assert.deepEqual(handed, [[1, 2], [3]]);
});

test("at the end all that waits is handed over at once", () => {
  push(1, 2, 3);
  batches.flush();
  mock.timers.tick(1_000);
  assert.deepEqual(handed, [[1, 2], [3]]);
});
