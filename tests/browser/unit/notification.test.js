import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isDeparture,
  listNames,
  notificationText,
  readNotification,
} from "../../../web-demo/notification.js";

/** @param {number} id @param {object} data */
function read(id, data) {
  const notification = readNotification(JSON.stringify({ id, data }));
  assert.ok(notification);
  return notification;
}

const aliceEnters = {
  operator: "alice",
  opeNick: "Alice",
  target: ["alice"],
  tarNick: ["Alice"],
};

test("an arrival names who came", () => {
  const notification = read(301, aliceEnters);
  assert.deepEqual(notification.targets, [{ accid: "alice", nick: "Alice" }]);
  assert.equal(notificationText(notification, "bob"), "Alice came in");
});

test("our own arrival is told in the second person", () => {
  assert.equal(notificationText(read(301, aliceEnters), "alice"), "You came in");
});

test("without targets the operator is meant", () => {
  const { targets } = read(302, { operator: "bob", opeNick: "Bob", target: [] });
  assert.deepEqual(targets, [{ accid: "bob", nick: "Bob" }]);
});

test("without a nick the account stands in", () => {
  assert.equal(notificationText(read(302, { operator: "bob", target: ["bob"] }), "me"), "bob left");
});

test("a kick tells both sides", () => {
  const kick = { operator: "demo", opeNick: "Demo", target: ["bob"], tarNick: ["Bob"] };
  assert.equal(notificationText(read(313, kick), "alice"), "Demo removed Bob");
  assert.equal(notificationText(read(313, kick), "bob"), "Demo removed you");
  assert.ok(isDeparture(read(313, kick)));
});

test("leaving, being kicked and being blocklisted end a stay; a mute does not", () => {
  assert.deepEqual(
    [302, 303, 313, 305, 301].map((id) => isDeparture(read(id, aliceEnters))),
    [true, true, true, false, false],
  );
});

test("an event from a newer gateway is kept but not told", () => {
  assert.equal(notificationText(read(326, aliceEnters), "bob"), null);
});

test("what is no notification is null, whatever it is", () => {
  for (const attach of ["", "hello", "null", "7", "[]", '{"id":"301","data":{}}', '{"id":301}']) {
    assert.equal(readNotification(attach), null, attach);
  }
});

test("members of the wrong type do no harm", () => {
  const { operator, targets } = read(301, { operator: 7, opeNick: {}, target: [1], tarNick: 3 });
  assert.deepEqual(operator, { accid: "", nick: "" });
  assert.deepEqual(targets, [{ accid: "", nick: "" }]);
});

test("a long list of names is cut and counted", () => {
  assert.equal(listNames(["a", "b"]), "a, b");
  assert.equal(listNames(["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
});
