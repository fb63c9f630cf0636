import assert from "node:assert/strict";
import { test } from "node:test";
import { readNotification } from "../../../client-js/src/notification.js";
import { listNames } from "../../../web-demo/base/format.js";
import {
  isDeparture,
  notificationText,
  waitingOf,
} from "../../../web-demo/messages/notification.js";

/** @param {number} id @param {object} data */
function read(id, data) {
  const message = /** @type {any} */ ({ type: "notification", time: 1, content: { id, data } });
  const notification = readNotification(message);
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

test("a mute for a time says for how long", () => {
  const mute = { operator: "demo", opeNick: "Demo", target: ["bob"], tarNick: ["Bob"] };
  const text = notificationText(read(314, { ...mute, muteDuration: 600 }), "alice");
  assert.equal(text, "Demo muted Bob for 10 min");
});

test("the queue tells who raised a hand and who was taken", () => {
  const by = { operator: "bob", opeNick: "Bob", target: [], tarNick: [] };
  const change = (/** @type {string} */ _e, key = "", content = "") => ({
    ...by,
    queueChange: JSON.stringify({ _e, key, content }),
  });
  const said = (/** @type {object} */ data) => notificationText(read(317, data), "alice");
  assert.equal(said(change("OFFER", "bob", "{}")), "Bob raised a hand");
  assert.equal(said(change("POLL", "bob", '{"nick":"Bob"}')), "Bob lowered a hand");
  assert.equal(said(change("POLL", "eve", '{"nick":"Eve"}')), "Bob took Eve from the queue");
  assert.equal(said(change("DROP")), "Bob cleared the queue");
});

test("an element of the queue that others made is called by its key", () => {
  for (const value of ["", "hello", "null", "7", "{}", '{"nick":7}']) {
    assert.deepEqual(waitingOf("seat-1", value), { accid: "seat-1", nick: "seat-1" }, value);
  }
});

test("a long list of names is cut and counted", () => {
  assert.equal(listNames(["a", "b"]), "a, b");
  assert.equal(listNames(["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
});
