import assert from "node:assert/strict";
import { test } from "node:test";
import { isRepeatable, kickedText, readFrame } from "../../src/protocol.js";
import { utf8Length } from "../../src/utf8.js";

test("a frame is an object with an op", () => {
  assert.deepEqual(readFrame('{"op":"drain","reconnectAfter":5}'), {
    op: "drain",
    reconnectAfter: 5,
  });
  for (const text of ["", "x", "null", "[]", "7", "{}", '{"op":1}', undefined]) {
    assert.equal(readFrame(text), null);
  }
});

test("every reason to be put out has words", () => {
  for (const reason of [1, 2, 3, 5, 9]) assert.match(kickedText(reason), /\.$/);
});

test("what changes something is not asked twice, except a send, which says so", () => {
  for (const op of ["send", "join", "leave", "history", "queueList"]) assert.ok(isRepeatable(op));
  for (const op of ["kickMember", "queuePoll", "update", "recall", "of tomorrow"]) {
    assert.ok(!isRepeatable(op));
  }
});

test("a text is as long as it is on the wire", () => {
  for (const text of ["", "abc", "ü", "界", "😀", "a😀ü界"]) {
    assert.equal(utf8Length(text), Buffer.byteLength(text), text);
  }
});
