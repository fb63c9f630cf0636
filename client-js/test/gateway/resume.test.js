import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../tests/browser/helpers/within.js";
import { deafCable } from "../helpers/deaf-cable.js";
import { becomes } from "../helpers/events.js";
import { Hall } from "../helpers/hall.js";

/** @typedef {import("../../src/index.js").Room} Room */

/** @param {Room} room */
function texts(room) {
  /** @type {(string | undefined)[]} */
  const said = [];
  room.on("message", ({ text }) => said.push(text));
  return said;
}

/** @param {Room} room */
function notes(room) {
  /** @type {string[]} */
  const names = [];
  room.on("notification", ({ name, operator }) => names.push(`${operator.accid} ${name}`));
  return names;
}

test("suspended and resumed: what was said meanwhile comes, once, and nobody saw it go", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const said = texts(bob.room);
  const seen = notes(ann.room);
  await ann.room.send("before");
  await until("bob heard it", () => said.length === 1);
  bob.client.suspend();
  await ann.room.send("to all");
  await ann.room.send("to bob alone", { to: ["bob"] });
  const online = becomes(bob.client, "online");
  bob.client.resume();
  assert.equal((await online).resumed, true);
  await ann.room.send("after");
  await until("bob heard all", () => said.length >= 4);
  assert.deepEqual(said, ["before", "to all", "to bob alone", "after"]);
  assert.deepEqual(seen, ["ann entered", "bob entered"]);
});

test("a half-open connection is taken over: the gateway lets go of the old one", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const url = await deafCable(t, hall.gateway.url);
  const bob = await hall.enter("bob", { url, deviceId: "phone" });
  const said = texts(bob.room);
  bob.client.suspend();
  await ann.room.send("into the old connection");
  const online = becomes(bob.client, "online");
  bob.client.resume();
  assert.equal((await online).resumed, true);
  await ann.room.send("into the new one");
  await until("bob heard both", () => said.length >= 2);
  assert.deepEqual(said, ["into the old connection", "into the new one"]);
  assert.equal(bob.client.state.kind, "online");
});

test("what was sent while away goes out in order", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const said = texts(ann.room);
  bob.client.suspend();
  const sending = ["one", "two", "three"].map((text) => bob.room.send(text));
  bob.client.resume();
  await Promise.all(sending);
  await until("ann heard all", () => said.length >= 3);
  assert.deepEqual(said, ["one", "two", "three"]);
});
