import assert from "node:assert/strict";
import { test } from "node:test";
import { freshId, SeenIds } from "../../src/ids.js";

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What there is outside a secure context. */
const plain = { getRandomValues: crypto.getRandomValues.bind(crypto) };

test("a fresh id is a UUID, in a secure context and outside one", () => {
  assert.match(freshId(), VERSION_4);
  assert.match(freshId(plain), VERSION_4);
});

test("where there is no crypto at all an id is a UUID as well", () => {
  assert.match(freshId({}), VERSION_4);
});

test("fresh ids differ", () => {
  for (const source of [crypto, plain, {}]) {
    const ids = new Set(Array.from({ length: 1_000 }, () => freshId(source)));
    assert.equal(ids.size, 1_000);
  }
});

test("an id is new once", () => {
  const seen = new SeenIds();
  assert.equal(seen.add("a"), true);
  assert.equal(seen.add("a"), false);
});

test("the memory of ids is bounded and keeps the newest", () => {
  const seen = new SeenIds(2);
  seen.add("a");
  seen.add("b");
  seen.add("c");
  assert.equal(seen.add("c"), false);
  assert.equal(seen.add("b"), false);
  assert.equal(seen.add("a"), true);
});

test("what is forgotten is new again", () => {
  const seen = new SeenIds();
  seen.add("a");
  assert.equal(seen.has("a"), true);
  seen.delete("a");
  assert.equal(seen.has("a"), false);
});
