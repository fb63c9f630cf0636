import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import { until } from "../../../tests/browser/helpers/within.js";
import { Hall } from "../helpers/hall.js";

/** @typedef {import("../../src/index.js").Gap} Gap */

/** More than a lane and the kernel's buffers hold between them. */
const MESSAGES = 800;
/** As long as a text may be. */
const PADDING = ".".repeat(4_000);

test("whoever does not read is told what is missing, and the history has it", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  /** @type {WebSocket[]} */
  const sockets = [];
  class Watched extends WebSocket {
    /** @param {string} url @param {string} protocol */
    constructor(url, protocol) {
      super(url, protocol);
      sockets.push(this);
    }
  }
  const bob = await hall.enter("bob", { WebSocket: Watched });
  /** @type {Set<string>} */
  const got = new Set();
  /** @type {Gap[]} */
  const gaps = [];
  bob.room.on("message", ({ id }) => got.add(id));
  bob.room.on("gap", (gap) => gaps.push(gap));

  sockets[0]?.pause();
  /** @type {string[]} */
  const sent = [];
  for (let batch = 0; batch < MESSAGES; batch += 50) {
    const sending = Array.from({ length: 50 }, () => ann.room.send(PADDING));
    for (const { message } of await Promise.all(sending)) sent.push(message.id);
  }
  sockets[0]?.resume();
  const last = sent.at(-1) ?? "";
  await until("bob has the last", () => got.has(last));

  assert.equal(bob.client.state.kind, "online");
  assert.ok(gaps.length > 0, "the test was too small to be too slow");
  const missing = sent.filter((id) => !got.has(id));
  const told = gaps.reduce((sum, { count }) => sum + (count ?? 0), 0);
  assert.equal(told, missing.length);
  /** @type {string[]} */
  const recovered = [];
  for (const { recover } of gaps) {
    for (const { id } of await recover({ limit: MESSAGES })) recovered.push(id);
  }
  assert.deepEqual(recovered, missing);
});
