import assert from "node:assert/strict";
import { test } from "node:test";
import { tell } from "../../../src/chatroom/tell.js";

test("a callback is told everything; what is no function is left alone", () => {
  /** @type {number[]} */
  const told = [];
  tell((/** @type {number[]} */ ...values) => told.push(...values), 1, 2);
  for (const none of [undefined, null, "text"]) tell(none, 3);
  assert.deepEqual(told, [1, 2]);
});

test("a mistake of the page surfaces as an uncaught error, and only later", (t) => {
  const { mock } = t.mock.method(globalThis, "setTimeout", () => 0);
  tell(() => {
    throw new Error("the page’s own");
  });
  const [later] = mock.calls[0]?.arguments ?? [];
  assert.throws(/** @type {any} */ (later), /the page’s own/);
});
