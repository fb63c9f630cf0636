import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, heard } from "../helpers/events.js";
import { Hall } from "../helpers/hall.js";

test("a gateway that starts again is told anew: the room is entered, what waits is sent", async (t) => {
  const hall = await Hall.open(t, { memory: false });
  const { client, room } = await hall.enter("ann");
  await room.send("before");
  const waiting = becomes(client, "waiting");
  const gap = heard(room, "gap");
  await hall.gateway.stop();
  await waiting;
  const sent = room.send("while away");
  await hall.gateway.startAgain();
  assert.equal((await gap).reason, "away");
  assert.equal((await sent).message.text, "while away");
  assert.equal(room.state.kind, "joined");
});

test("what was said while a forgotten session was away is recovered, and nothing else", async (t) => {
  const hall = await Hall.open(t, { memory: false });
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const before = heard(bob.room, "message");
  await ann.room.send("before");
  await before;
  bob.client.suspend();
  const gap = heard(bob.room, "gap");
  const waiting = becomes(ann.client, "waiting");
  await hall.gateway.stop();
  await waiting;
  await hall.gateway.startAgain();
  for (const text of ["one", "two"]) await ann.room.send(text);
  const after = heard(bob.room, "message", ({ text }) => text === "after");
  bob.client.resume();
  const missing = await gap;
  await ann.room.send("after");
  await after;
  assert.deepEqual(
    (await missing.recover()).map(({ text }) => text),
    ["one", "two"],
  );
});
