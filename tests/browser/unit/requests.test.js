import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLY_TIMEOUT_MS, Refused, Requests, Unanswered } from "../../../web-demo/requests.js";

/** @returns {{requests: Requests, written: any[]}} */
function desk() {
  /** @type {any[]} */
  const written = [];
  return { requests: new Requests((frame) => written.push(frame)), written };
}

/** @param {number} id @param {number} code @param {object} [more] */
const reply = (id, code, more) => ({ op: /** @type {const} */ ("reply"), id, code, ...more });

test("each reply settles its own request, in any order", async () => {
  const { requests, written } = desk();
  const first = requests.ask({ op: "ping" });
  const second = requests.ask({ op: "join", roomid: "1" });
  assert.deepEqual(written, [
    { op: "ping", id: 1 },
    { op: "join", roomid: "1", id: 2 },
  ]);
  requests.settle(reply(2, 200, { session: "second" }));
  requests.settle(reply(1, 200, { session: "first" }));
  assert.equal((await first).session, "first");
  assert.equal((await second).session, "second");
});

test("a refusal carries the gateway's code and words", async () => {
  const { requests } = desk();
  const asked = requests.ask({ op: "send" });
  requests.settle(reply(1, 13004, { desc: "you are muted" }));
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.code, 13004);
    assert.equal(error.message, "you are muted");
    return true;
  });
});

test("no answer within the time is an error, and a late one is ignored", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { requests } = desk();
  const asked = requests.ask({ op: "ping" });
  t.mock.timers.tick(REPLY_TIMEOUT_MS);
  await assert.rejects(asked, Unanswered);
  requests.settle(reply(1, 200));
});

test("when the session is gone, everything that waits is told", async () => {
  const { requests } = desk();
  const asked = [requests.ask({ op: "ping" }), requests.ask({ op: "send" })];
  requests.abandon();
  for (const request of asked) await assert.rejects(request, Unanswered);
});

test("a reply nobody waits for does no harm", () => {
  desk().requests.settle(reply(99, 200));
});
