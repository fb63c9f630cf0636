import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, heard } from "../helpers/events.js";
import { Hall } from "../helpers/hall.js";

// The gateway of this file keeps no session.
process.env.ROOMGATE_SOCKET_RESUME_TIME = "0s";

test("come back too late: rooms are entered again, and what was said meanwhile is recovered", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const left = heard(ann.room, "notification", ({ name }) => name === "left");
  bob.client.suspend();
  await left;
  await ann.room.send("to all");
  await ann.room.send("to bob alone", { to: ["bob"] });
  const sending = bob.room.send("from afar");
  const gap = heard(bob.room, "gap");
  const online = becomes(bob.client, "online");
  bob.client.resume();
  assert.equal((await online).resumed, false);
  const { reason, recover } = await gap;
  assert.equal(reason, "away");
  await sending;
  assert.deepEqual(
    (await recover()).map(({ text }) => text),
    ["to all"],
  );
});
