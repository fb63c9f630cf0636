import assert from "node:assert/strict";
import { test } from "node:test";
import { closeVerdict } from "../../src/close-codes.js";

test("a client comes back where the protocol says so", () => {
  for (const code of [1000, 1001, 1008, 1011, 1012, 1013, 4101, 4102, 4103]) {
    assert.equal(closeVerdict(code).back, true, `${code}`);
  }
});

test("a client stays away where coming back unchanged cannot help", () => {
  for (const code of [1002, 1003, 1007, 1009, 4100]) {
    assert.equal(closeVerdict(code).back, false, `${code}`);
  }
});

test("no code from 4000 to 4099 brings a client back, not even one invented tomorrow", () => {
  for (let code = 4000; code <= 4099; code += 1) {
    assert.equal(closeVerdict(code).back, false, `${code}`);
  }
});

test("the rest of 4100 to 4199 brings a client back", () => {
  for (let code = 4101; code <= 4199; code += 1) {
    assert.equal(closeVerdict(code).back, true, `${code}`);
  }
});

test("a flooding client waits at least ten seconds", () => {
  assert.equal(closeVerdict(1008).atLeastMs, 10_000);
});

test("a connection that broke without a word is worth another try", () => {
  assert.equal(closeVerdict(1006).back, true);
  assert.equal(closeVerdict(1005).back, true);
});

test("every verdict has a sentence to show", () => {
  for (const code of [1000, 1006, 4001, 4050, 4150]) assert.match(closeVerdict(code).why, /\.$/);
});
