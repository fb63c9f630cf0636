import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../../src/index.js";
import { becomes, heard } from "../helpers/events.js";
import { Hall } from "../helpers/hall.js";

test("a wrong token is refused, and nobody comes back by themselves", async (t) => {
  const hall = await Hall.open(t);
  const client = hall.connect("owner", { token: "wrong" });
  await assert.rejects(client.join(hall.roomid), (error) => {
    assert.ok(error instanceof Refused);
    return error.code === 302;
  });
  assert.equal(client.state.kind, "ended");
});

test("a fresh token opens the door", async (t) => {
  const hall = await Hall.open(t);
  /** @type {Refused[]} */
  const reasons = [];
  const renewToken = (/** @type {Refused} */ reason) => {
    reasons.push(reason);
    return "token of owner";
  };
  const client = hall.connect("owner", { token: "stale", renewToken });
  await client.join(hall.roomid);
  assert.deepEqual(
    reasons.map(({ code }) => code),
    [302],
  );
});

test("a blocked account is put out, and stays out", async (t) => {
  const hall = await Hall.open(t);
  const { client } = await hall.enter("bob");
  const ended = becomes(client, "ended");
  await hall.call("user/block", { accid: "bob", needkick: "true" });
  const state = await ended;
  assert.equal(state.code, 4002);
  const again = hall.connect("bob");
  await assert.rejects(again.join(hall.roomid), { code: 422 });
});

test("a login from the same device replaces the one before", async (t) => {
  const hall = await Hall.open(t);
  const before = await hall.enter("bob", { deviceId: "phone" });
  const kicked = heard(before.room, "kicked");
  const ended = becomes(before.client, "ended");
  await hall.connect("bob", { deviceId: "phone" }).join(hall.roomid);
  assert.equal((await kicked).reason, 3);
  const state = await ended;
  assert.equal(state.code, 4003);
});

test("a room that is not there is refused with words", async (t) => {
  const hall = await Hall.open(t);
  const client = hall.connect("owner");
  await assert.rejects(client.join("404404"), { name: "Refused", code: 404 });
});
