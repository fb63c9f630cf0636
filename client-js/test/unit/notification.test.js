import assert from "node:assert/strict";
import { test } from "node:test";
import { readMessage } from "../../src/message.js";
import { readNotification } from "../../src/notification.js";
import { wireMessage } from "../helpers/fake-gateway.js";

/** @param {string} attach */
const read = (attach) => readNotification(readMessage(wireMessage({ type: "5", attach })));

/** @param {number} id @param {object} data */
function note(id, data) {
  const notification = read(JSON.stringify({ id, data }));
  assert.ok(notification);
  return notification;
}

test("a notification says who did what to whom", () => {
  const { id, name, operator, targets, ext, time } = note(313, {
    operator: "demo",
    opeNick: "Demo",
    target: ["bob", "eve"],
    tarNick: ["Bob"],
    ext: "bye",
  });
  assert.deepEqual(
    { id, name, operator, targets, ext, time },
    {
      id: 313,
      name: "kicked",
      operator: { accid: "demo", nick: "Demo" },
      targets: [
        { accid: "bob", nick: "Bob" },
        { accid: "eve", nick: "eve" },
      ],
      ext: "bye",
      time: 1_000,
    },
  );
});

test("without targets the operator is meant", () => {
  const { targets } = note(302, { operator: "bob", opeNick: "Bob", target: [] });
  assert.deepEqual(targets, [{ accid: "bob", nick: "Bob" }]);
});

test("a change of the queue is read to the bottom", () => {
  const queueChange = JSON.stringify({ _e: "OFFER", key: "a", content: "1" });
  const { data } = note(317, { operator: "bob", queueChange });
  assert.deepEqual(data.queueChange, { _e: "OFFER", key: "a", content: "1" });
  assert.equal(note(317, { operator: "bob", queueChange: "{" }).data.queueChange, "{");
});

test("one from a newer gateway is kept", () => {
  assert.equal(note(399, { operator: "bob" }).name, "unknown");
});

test("what is no notification is null, whatever it is", () => {
  for (const attach of ["", "hello", "null", "7", "[]", '{"id":"301","data":{}}', '{"id":301}']) {
    assert.equal(read(attach), null, attach);
  }
});

test("members of the wrong type do no harm", () => {
  const { operator, targets } = note(301, { operator: 7, opeNick: {}, target: [1], tarNick: 3 });
  assert.deepEqual(operator, { accid: "", nick: "" });
  assert.deepEqual(targets, [{ accid: "", nick: "" }]);
});
