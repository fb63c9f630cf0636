import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MESSAGES } from "../../../src/chatroom/chatroom-error.js";
import { CLIENT_TYPE_NUMBERS, CLIENT_TYPES } from "../../../src/chatroom/tables/client-types.js";
import * as fields from "../../../src/chatroom/tables/fields.js";
import { KICK_MESSAGES, KICK_REASONS } from "../../../src/chatroom/tables/kick-reasons.js";
import { MEMBER_TYPES } from "../../../src/chatroom/tables/member-types.js";
import { MESSAGE_TYPE_NUMBERS, MESSAGE_TYPES } from "../../../src/chatroom/tables/message-types.js";
import {
  NOTIFICATION_IDS,
  NOTIFICATION_TYPES,
} from "../../../src/chatroom/tables/notification-types.js";
import { UNSUPPORTED } from "../../../src/chatroom/tables/unsupported.js";
import { Chatroom } from "../../../src/chatroom.js";

const docs = (/** @type {string} */ name) =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");
const page = docs("web-sdk.md");

/** @param {string} text @param {string} heading @returns {string[][]} the cells of the first table below it */
function tableBelow(text, heading) {
  const from = text.indexOf(`\n${heading}\n`);
  assert.notEqual(from, -1, `there is no ${heading}`);
  const [section = ""] = text.slice(from + heading.length + 2).split(/\n#+ /);
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** @param {string} cell @returns {string[]} what is spelled as code in it */
const codes = (cell = "") => Array.from(cell.matchAll(/`(\w+)`/g), ([, word = ""]) => word);

/** @param {string} heading */
const documented = (heading) =>
  Object.fromEntries(
    tableBelow(page, heading).map(([left = "", right]) => [
      codes(left)[0] ?? left,
      codes(right)[0],
    ]),
  );

for (const [heading, table] of Object.entries({
  "### Types of messages": MESSAGE_TYPES,
  "### Notifications": NOTIFICATION_TYPES,
  "### Reasons": KICK_REASONS,
  "### Types of members": MEMBER_TYPES,
  "### What a message was sent from": CLIENT_TYPES,
  "### Fields of a message": fields.MESSAGE_FIELDS,
  "### Fields of a notification": fields.NOTIFICATION_FIELDS,
  "### Fields of a change of the queue": fields.QUEUE_CHANGE_FIELDS,
  "### Fields of a member": fields.MEMBER_FIELDS,
  "### Fields of a chat room": fields.ROOM_FIELDS,
})) {
  test(`the document and the code agree: ${heading}`, () => {
    assert.deepEqual({ ...table }, documented(heading));
  });
}

test("types and ids are found both ways", () => {
  for (const [number, name] of Object.entries(MESSAGE_TYPES)) {
    assert.equal(MESSAGE_TYPE_NUMBERS[name], Number(number));
  }
  for (const [id, name] of Object.entries(NOTIFICATION_TYPES)) {
    assert.equal(NOTIFICATION_IDS[name], Number(id));
  }
  assert.equal(Object.keys(MESSAGE_TYPE_NUMBERS).length, Object.keys(MESSAGE_TYPES).length);
  assert.equal(Object.keys(NOTIFICATION_IDS).length, Object.keys(NOTIFICATION_TYPES).length);
});

test("every notification of the protocol has a name, and no other", () => {
  const rows = tableBelow(docs("PROTOCOL.md"), "### Notifications");
  const ids = rows.flatMap(([cell = ""]) => cell.match(/\b\d{3}\b(?=\]|$)/g) ?? []);
  assert.deepEqual(ids.sort(), Object.keys(NOTIFICATION_TYPES).sort());
});

test("every client type of the protocol has a name", () => {
  const [, login] =
    /\nclientType \(([^)]*)\)/.exec(docs("PROTOCOL.md").replaceAll("authType (0), ", "\n")) ?? [];
  const words = codes(login).filter((word) => word !== "Unknown");
  assert.ok(words.length > 5);
  assert.deepEqual(
    words.filter((word) => !CLIENT_TYPES[word]),
    [],
  );
  const names = new Set(Object.values(CLIENT_TYPES));
  assert.deepEqual(
    Object.values(CLIENT_TYPE_NUMBERS).filter((name) => !names.has(name)),
    [],
  );
});

test("every kick reason has words", () => {
  assert.deepEqual(Object.keys(KICK_MESSAGES), Object.keys(KICK_REASONS));
});

test("fields go one way and back", () => {
  for (const table of Object.values(fields)) {
    if (typeof table === "function") continue;
    const wire = Object.fromEntries(Object.keys(table).map((name, at) => [name, at]));
    assert.deepEqual(fields.toWire(table, fields.fromWire(table, wire)), wire);
    assert.equal(new Set(Object.values(table)).size, Object.keys(table).length);
  }
});

test("the methods in the document are those that are there, and those that are not throw", () => {
  const prototype = /** @type {any} */ (Chatroom.prototype);
  const methods = tableBelow(page, "## Methods").flatMap(([cell = ""]) => codes(cell));
  const missing = tableBelow(page, "### What is not there").flatMap(([cell = ""]) => codes(cell));
  assert.deepEqual(missing.sort(), Object.keys(UNSUPPORTED).sort());
  for (const name of missing) {
    assert.throws(() => prototype[name](), { code: "Not_Support", callFunc: name });
  }
  const own = Object.getOwnPropertyNames(prototype);
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(prototype));
  const noMethods = ["constructor", "run", "account", "name", ...missing];
  const there = new Set([...own, ...inherited].filter((name) => !noMethods.includes(name)));
  assert.deepEqual([...there].sort(), methods.sort());
});

test("every word for an error is in the document", () => {
  const words = tableBelow(page, "## Errors").flatMap(([cell = ""]) => codes(cell));
  assert.deepEqual(words.sort(), Object.keys(MESSAGES).sort());
});
