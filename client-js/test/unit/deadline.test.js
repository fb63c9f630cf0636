import assert from "node:assert/strict";
import { test } from "node:test";
import { TimedOut } from "../../src/index.js";
import { connected, joined, settled, wireMessage } from "../helpers/fake-gateway.js";

test("with a time-out nothing that is asked hangs, also where no gateway is there", async (t) => {
  const { client } = await connected(t, { timeout: 5_000 });
  const asked = [client.join("1"), client.request("get", { roomid: "1" })];
  const failed = asked.map((promise) => assert.rejects(promise, TimedOut));
  await settled();
  t.mock.timers.tick(5_000);
  await Promise.all(failed);
  assert.deepEqual(client.rooms, []);
});

test("a send and a leave without an answer are given up as well", async (t) => {
  const { gateway, room } = await joined(t, { timeout: 5_000 });
  const sending = assert.rejects(room.send("hi"), { code: "timed_out" });
  t.mock.timers.tick(5_000);
  await sending;
  gateway.socket.answer("send", { desc: wireMessage({}) });
  const leaving = assert.rejects(room.leave(), TimedOut);
  t.mock.timers.tick(5_000);
  await leaving;
});

test("entering again after a break is not given up, and a signal keeps its reason", async (t) => {
  const { client, gateway, room, comeBack } = await joined(t, { timeout: 5_000 });
  comeBack();
  gateway.socket.logIn({ session: "s2" });
  t.mock.timers.tick(6_000);
  gateway.socket.answer("join");
  await settled();
  assert.equal(room.state.kind, "joined");
  const abort = new AbortController();
  const asking = client.request("get", { roomid: "1" }, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await assert.rejects(asking, { message: "enough" });
});
