import assert from "node:assert/strict";
import { test } from "node:test";
import { writeContent } from "../../src/content.js";
import { readMessage } from "../../src/message.js";
import { wireMessage } from "../helpers/fake-gateway.js";

test("a message is read into plain words, and kept as it came", () => {
  const raw = wireMessage({
    highPriorityFlag: 1,
    directedFlag: 1,
    resendFlag: 1,
    fromAvator: "a.png",
    fromClientType: "iOS",
    ext: "{}",
  });
  assert.deepEqual(readMessage(raw), {
    id: "m1",
    roomid: "1",
    from: "bob",
    nick: "Bob",
    avator: "a.png",
    clientType: "iOS",
    type: "text",
    text: "hi",
    ext: "{}",
    time: 1_000,
    high: true,
    directed: true,
    resent: true,
    raw,
  });
});

test("content is read as JSON where it is some, and a type from a newer gateway keeps its number", () => {
  const read = (/** @type {string} */ type, /** @type {string} */ attach) => {
    const message = readMessage(wireMessage({ type, attach }));
    return [message.type, message.text, message.content];
  };
  assert.deepEqual(read("1", '{"url":"u"}'), ["image", undefined, { url: "u" }]);
  assert.deepEqual(read("100", "free text"), ["custom", undefined, "free text"]);
  assert.deepEqual(read("10", "welcome"), ["tip", "welcome", undefined]);
  assert.deepEqual(read("77", "[1]"), ["77", undefined, [1]]);
});

test("content is written as its type wants it", () => {
  assert.deepEqual(writeContent("hi"), { msgType: 0, attach: "hi" });
  assert.deepEqual(writeContent({ type: "tip", text: "welcome" }), {
    msgType: 10,
    attach: "welcome",
  });
  assert.deepEqual(writeContent({ type: "geo", title: "", lng: 1, lat: 2 }), {
    msgType: 4,
    attach: '{"title":"","lng":1,"lat":2}',
  });
  assert.deepEqual(writeContent({ type: "custom", content: [1] }), {
    msgType: 100,
    attach: "[1]",
  });
  assert.deepEqual(writeContent({ type: "custom", content: "as it is" }).attach, "as it is");
  assert.throws(() => writeContent({ type: /** @type {any} */ ("imag"), url: "u" }), {
    code: "invalid",
  });
});

test("a message that was received can be sent on as it is", () => {
  for (const raw of [{ type: "0" }, { type: "1", attach: '{"url":"u"}' }]) {
    const message = readMessage(wireMessage(raw));
    const content = /** @type {import("../../src/index.js").Content} */ (message);
    const { msgType, attach } = writeContent(content);
    assert.deepEqual([String(msgType), attach], [raw.type, wireMessage(raw).attach]);
  }
});
