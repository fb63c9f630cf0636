import assert from "node:assert/strict";
import { test } from "node:test";
import { socketUrl } from "../../../web-demo/door.js";
import { kickedText, messageText, outcomeText, readFrame } from "../../../web-demo/protocol.js";

test("a frame is an object with an op", () => {
  assert.deepEqual(readFrame('{"op":"drain","reconnectAfter":5}'), {
    op: "drain",
    reconnectAfter: 5,
  });
  for (const text of ["", "x", "null", "[]", "7", "{}", '{"op":1}', undefined]) {
    assert.equal(readFrame(text), null);
  }
});

test("text is shown as it is; anything else is named", () => {
  assert.equal(messageText({ type: "0", attach: "<b>hi</b>" }), "<b>hi</b>");
  assert.equal(messageText({ type: "10", attach: "tip" }), "tip");
  assert.equal(messageText({ type: "1", attach: '{"url":"http://a.test"}' }), "[image]");
  assert.equal(messageText({ type: "100", attach: "{}" }), "[custom message] {}");
  assert.equal(messageText({ type: "77", attach: "" }), "[message of type 77]");
});

test("every outcome and every reason has words; an unknown outcome is shown as it came", () => {
  for (const outcome of ["queued", "duplicate", "not_in_room", "unknown", "slow"]) {
    assert.match(outcomeText(outcome), /^[a-z ,]+$/);
  }
  assert.equal(outcomeText("later"), "later");
  for (const reason of [1, 2, 3, 5, 9]) assert.match(kickedText(reason), /\.$/);
});

test("the socket is as safe as the page it belongs to", () => {
  const place = (/** @type {string} */ url) => /** @type {any} */ (new URL(url));
  assert.equal(socketUrl(place("http://localhost:8080/")), "ws://localhost:8080/ws");
  assert.equal(socketUrl(place("https://chat.example.org/")), "wss://chat.example.org/ws");
});
