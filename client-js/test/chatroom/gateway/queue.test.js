import assert from "node:assert/strict";
import { test } from "node:test";
import { Hall } from "../../helpers/hall.js";
import { Person } from "../helpers/person.js";

/** @param {any} obj */
const pair = ({ elementKey, elementValue }) => [elementKey, elementValue];

test("elements are offered, listed, looked at, taken out and changed", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  const ann = await Person.enter(t, hall, "ann");
  await ann.asks("queueOffer", { elementKey: "a", elementValue: "1" });
  await ann.asks("queueOffer", { elementKey: "b", elementValue: "2", transient: true });
  const offered = await owner.hearsOf("updateQueue");
  assert.deepEqual(offered.queueChange, { type: "OFFER", elementKey: "a", elementValue: "1" });
  const { queueList } = await owner.asks("queueList");
  assert.deepEqual(queueList.map(pair), [
    ["a", "1"],
    ["b", "2"],
  ]);
  const [, , first] = await owner.calls("peak");
  assert.deepEqual(pair(first), ["a", "1"]);
  const change = { elementMap: { a: "9", c: "3" }, needNotify: true, notifyExt: "x" };
  const [, , changed] = await owner.calls("queueChange", change);
  assert.deepEqual(changed, { elementKeyArray: ["c"] });
  const batch = await ann.hearsOf("batchUpdateQueue");
  assert.deepEqual(batch.queueChange, { type: "BATCH_UPDATE", elementKv: { a: "9" } });
  assert.equal(batch.custom, "x");
  const [, , polled] = await owner.calls("queuePoll", { elementKey: "a" });
  assert.deepEqual(pair(polled), ["a", "9"]);
  const [, obj, head] = await owner.calls("queuePoll");
  assert.deepEqual(
    [pair(obj), pair(head)],
    [
      ["b", "2"],
      ["b", "2"],
    ],
  );
  assert.equal((await owner.fails("queuePoll")).code, 404);
  assert.equal((await owner.fails("peak")).code, 404);
});

test("a transient element leaves with its owner", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  const ann = await Person.enter(t, hall, "ann");
  await owner.asks("queueOffer", {
    elementKey: "seat",
    elementValue: "1",
    transient: true,
    elementAccount: "ann",
  });
  await ann.asks("destroy");
  const { queueChange, from } = await owner.hearsOf("batchUpdateQueue");
  assert.deepEqual(queueChange, { type: "PARTCLEAR", elementKv: { seat: "1" } });
  assert.equal(from, "ann");
});

test("the queue is dropped", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  await owner.asks("queueOffer", { elementKey: "a", elementValue: "1" });
  await owner.asks("queueDrop");
  assert.deepEqual((await owner.asks("queueList")).queueList, []);
  const isDrop = (/** @type {any} */ { attach }) => attach?.queueChange?.type === "DROP";
  await owner.hears(isDrop, "the queue is dropped");
});
