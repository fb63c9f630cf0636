import assert from "node:assert/strict";
import { test } from "node:test";
import { RateBlocks } from "../../../src/chatroom/rate-blocks.js";
import { Refused } from "../../../src/errors.js";

/** @param {number} code @param {string} desc */
const refused = (code, desc) => new Refused({ op: "reply", id: 1, code, desc });

test("after a 416 with seconds the same call is refused here, until they are over", () => {
  let now = 1_000;
  const blocks = new RateBlocks(() => now);
  blocks.note(
    "sendText",
    refused(416, "query too fast: send may be called 1 a second, try again in 10 s"),
  );
  assert.equal(blocks.refusal("sendText")?.code, 416);
  assert.match(blocks.refusal("sendText")?.message ?? "", /sendText.*10 s$/);
  assert.equal(blocks.refusal("sendGeo"), undefined);
  now += 9_999;
  assert.equal(blocks.refusal("sendText")?.code, 416);
  now += 1;
  assert.equal(blocks.refusal("sendText"), undefined);
});

test("other refusals, and a 416 that does not say for how long, block nothing", () => {
  const blocks = new RateBlocks(() => 0);
  blocks.note("a", refused(403, "try again in 10 s"));
  blocks.note("a", refused(416, "highPriority: query too fast"));
  blocks.note("a", new Error("try again in 10 s"));
  assert.equal(blocks.refusal("a"), undefined);
});
