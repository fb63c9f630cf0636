import assert from "node:assert/strict";
import { test } from "node:test";
import { INBOX_MAX } from "../../src/inbox.js";
import { joined, settled } from "../helpers/fake-gateway.js";

/** @typedef {import("../../src/index.js").Gap} Gap */
/** @typedef {import("../helpers/fake-gateway.js").FakeGateway} FakeGateway */

/** @param {import("../../src/index.js").Room} room */
function gapsOf(room) {
  /** @type {Gap[]} */
  const gaps = [];
  room.on("gap", (gap) => gaps.push(gap));
  return gaps;
}

/** @param {string} msgid @param {number} sendtime @param {number} [type] */
const old = (msgid, sendtime, type = 0) => ({ from: "bob", msgid, sendtime, type, body: msgid });

/** Answers the page that is being asked for. @param {FakeGateway} gateway @param {object[]} msgs */
async function page(gateway, msgs) {
  await settled();
  gateway.socket.answer("history", { msgs });
}

/** @param {Promise<import("../../src/index.js").Message[]>} recovering */
const ids = async (recovering) => (await recovering).map(({ id }) => id);

test("what the gateway dropped is a gap of each room, counted where it can only be this one", async (t) => {
  const { client, gateway, room } = await joined(t);
  const gaps = gapsOf(room);
  gateway.socket.say({ op: "lost", lane: "normal", count: 3 });
  const joining = client.join("2");
  await settled();
  gateway.socket.answer("join");
  const others = gapsOf(await joining);
  gateway.socket.say({ op: "lost", lane: "high", count: 4 });
  assert.deepEqual(
    [...gaps, ...others].map(({ room, lane, count, reason }) => [room.roomid, lane, count, reason]),
    [
      ["1", "normal", 3, "slow"],
      ["1", "high", undefined, "slow"],
      ["2", "high", undefined, "slow"],
    ],
  );
});

test("recover gives what lies between the messages on both sides and was not handed on", async (t) => {
  const { gateway, room } = await joined(t);
  const gaps = gapsOf(room);
  gateway.socket.message({ msgid_client: "a", time: "1000" });
  gateway.socket.message({ msgid_client: "urgent", time: "1500", highPriorityFlag: 1 });
  gateway.socket.say({ op: "lost", lane: "normal", count: 2 });
  gateway.socket.message({ msgid_client: "d", time: "2000" });
  const recovering = gaps[0]?.recover();
  assert.ok(recovering);
  await settled();
  const { timetag, reverse, limit } = gateway.socket.asked("history");
  assert.deepEqual({ timetag, reverse, limit }, { timetag: 1_000, reverse: 1, limit: 100 });
  const came = [old("a", 1_000), old("b", 1_200), old("n", 1_300, 5), old("urgent", 1_500)];
  await page(gateway, [...came, old("c", 2_000), old("d", 2_000), old("e", 2_001)]);
  assert.deepEqual(await ids(recovering), ["b", "c"]);
});

test("recover turns the page, also where one moment fills it", async (t) => {
  const { gateway, room } = await joined(t);
  const gaps = gapsOf(room);
  gateway.socket.say({ op: "lost", lane: "normal", count: 200 });
  const recovering = gaps[0]?.recover();
  assert.ok(recovering);
  await page(
    gateway,
    Array.from({ length: 100 }, (_, at) => old(`a${at}`, 500)),
  );
  await settled();
  assert.equal(gateway.socket.asked("history").timetag, 501);
  await page(gateway, [old("z", 600)]);
  const recovered = await ids(recovering);
  assert.deepEqual([recovered.length, recovered.at(-1)], [101, "z"]);
});

test("recover stops at its limit, and at its signal", async (t) => {
  const { gateway, room } = await joined(t);
  const gaps = gapsOf(room);
  gateway.socket.say({ op: "lost", lane: "normal", count: 9 });
  const recovering = gaps[0]?.recover({ limit: 2 });
  assert.ok(recovering);
  await page(gateway, [old("a", 600), old("b", 700), old("c", 800)]);
  assert.deepEqual(await ids(recovering), ["a", "b"]);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(/** @type {Gap} */ (gaps[0]).recover({ signal }), { message: "enough" });
});

test("after an absence the gap reaches from the last message to the first new one", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  const gaps = gapsOf(room);
  gateway.socket.message({ msgid_client: "a", time: "1000" });
  comeBack();
  gateway.socket.logIn({ session: "s2" });
  gateway.socket.answer("join", { member: { enterTime: 900 } });
  await settled();
  gateway.socket.message({ msgid_client: "c", time: "3000" });
  const recovering = gaps[0]?.recover();
  assert.ok(recovering);
  await page(gateway, [old("a", 1_000), old("b", 2_000), old("c", 3_500)]);
  assert.deepEqual(await ids(recovering), ["b"]);
});

test("a slow reader gets a gap, and memory stays bounded; a quick one misses nothing", async (t) => {
  const { gateway, room } = await joined(t);
  const gaps = gapsOf(room);
  const slow = room.messages();
  const count = INBOX_MAX + 5;
  let heard = 0;
  room.on("message", () => {
    heard += 1;
  });
  await settled();
  for (let at = 0; at < count; at += 1) {
    gateway.socket.message({ msgid_client: `m${at}`, time: `${1_000 + at}` });
  }
  assert.equal(heard, count);
  assert.equal(gaps.length, 0);
  assert.equal((await slow.next()).value?.id, "m5");
  assert.deepEqual(
    gaps.map(({ lane, count, reason }) => [lane, count, reason]),
    [["normal", 5, "slow"]],
  );
  const recovering = gaps[0]?.recover();
  assert.ok(recovering);
  await page(
    gateway,
    Array.from({ length: 10 }, (_, at) => old(`m${at}`, 1_000 + at)),
  );
  assert.deepEqual(await ids(recovering), ["m0", "m1", "m2", "m3", "m4"]);
});
