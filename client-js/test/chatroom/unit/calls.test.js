import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { onAbort } from "../../../src/abort.js";
import { CALL_MS, Calls } from "../../../src/chatroom/calls.js";
import { ChatroomError } from "../../../src/chatroom/chatroom-error.js";
import { Refused } from "../../../src/errors.js";

/** Asks somebody who never answers, but gives up when told to. @type {import("../../../src/chatroom/calls.js").Ask} */
const silence = (_op, _members, signal) =>
  new Promise((_, reject) => onAbort(signal, () => reject(signal.reason)));

/** @param {Calls} calls @returns {Promise<any[]>} */
const asked = (calls, name = "getChatroom") =>
  new Promise((resolve) => {
    calls.run(
      name,
      (ask) => ask("get"),
      (...told) => resolve(told),
    );
  });

test("who is not connected fails, and not before the call has returned", async () => {
  const calls = new Calls(silence, () => false);
  let hasReturned = false;
  const failed = new Promise((resolve) => {
    calls.run(
      "a",
      async () => 1,
      (error) => resolve([error?.code, hasReturned]),
    );
  });
  hasReturned = true;
  assert.deepEqual(await failed, ["Error_Connection_Socket_State_not_Match", true]);
});

test("all that wait fail together", async () => {
  const calls = new Calls(silence, () => true);
  const both = Promise.all([asked(calls), asked(calls)]);
  calls.failAll(new ChatroomError("Error_Internet_Disconnected"));
  for (const [error] of await both) assert.equal(error.code, "Error_Internet_Disconnected");
});

test("nobody waits longer than eight seconds", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const calls = new Calls(silence, () => true);
  const late = asked(calls);
  mock.timers.tick(CALL_MS);
  const [error] = await late;
  assert.deepEqual([error.code, CALL_MS], ["Error_Timeout", 8_000]);
});

test("a 416 with seconds is remembered for the call that got it", async () => {
  let count = 0;
  const ask = async () => {
    count += 1;
    throw new Refused({ op: "reply", id: 1, code: 416, desc: "too fast, try again in 10 s" });
  };
  const calls = new Calls(ask, () => true);
  const codes = [(await asked(calls))[0].code, (await asked(calls))[0].code];
  assert.deepEqual([codes, count], [[416, 416], 1]);
  await asked(calls, "queueList");
  assert.equal(count, 2);
});
