import assert from "node:assert/strict";
import { test } from "node:test";
import { Heights } from "../../../web-demo/messages/heights.js";

/** @param {...number} heights */
function of(...heights) {
  const all = new Heights();
  for (const height of heights) all.push(height);
  return all;
}

/** @param {Heights} heights */
const tops = (heights) => Array.from({ length: heights.count + 1 }, (_, at) => heights.top(at));

test("rows begin where those before them end", () => {
  assert.deepEqual(tops(of(10, 20, 30)), [0, 10, 30, 60]);
  assert.equal(of(10, 20, 30).total, 60);
  assert.equal(of().total, 0);
});

test("the row at a place is the one that covers it", () => {
  const heights = of(10, 20, 30);
  assert.deepEqual(
    [-5, 0, 9.5, 10, 29, 30, 59, 60, 999].map((y) => heights.at(y)),
    [0, 0, 0, 1, 1, 2, 2, 2, 2],
  );
  assert.equal(of().at(7), 0);
});

test("what is measured, put in or taken out moves all that is below, and nothing above", () => {
  const heights = of(10, 20, 30);
  assert.equal(heights.total, 60);
  heights.set(1, 25);
  assert.deepEqual(tops(heights), [0, 10, 35, 65]);
  heights.insert(1, [1, 2]);
  assert.deepEqual(tops(heights), [0, 10, 11, 13, 38, 68]);
  heights.insert(0, [100]);
  assert.equal(heights.top(1), 100);
  heights.remove(0, 3);
  assert.deepEqual(tops(heights), [0, 2, 27, 57]);
});

test("a random day ends as adding up says", () => {
  // A fixed sequence that looks random: the same day every time.
  let seed = 7;
  const random = (/** @type {number} */ below) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  const heights = new Heights();
  /** @type {number[]} */
  const plain = [];
  for (let step = 0; step < 3_000; step += 1) {
    const at = random(plain.length + 1);
    const height = random(90) + 1;
    const kind = random(4);
    if (kind === 0) {
      heights.push(height);
      plain.push(height);
    } else if (kind === 1) {
      heights.insert(at, [height, 2]);
      plain.splice(at, 0, height, 2);
    } else if (kind === 2 && at < plain.length) {
      heights.set(at, height);
      plain[at] = height;
    } else if (at < plain.length) {
      heights.remove(at, 1);
      plain.splice(at, 1);
    }
    const end = plain.reduce((sum, each) => sum + each, 0);
    assert.equal(heights.total, end);
    assert.equal(
      heights.top(at),
      plain.slice(0, at).reduce((sum, each) => sum + each, 0),
    );
  }
});
