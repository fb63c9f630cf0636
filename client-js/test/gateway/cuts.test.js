import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../tests/browser/helpers/within.js";
import { FrayedCable } from "../helpers/frayed-cable.js";
import { Hall } from "../helpers/hall.js";
import { dice } from "../helpers/random.js";

/** @typedef {import("../../src/index.js").Message} Message */
/** @typedef {import("../../src/index.js").SendOptions} SendOptions */
/** @typedef {Awaited<ReturnType<Hall["enter"]>>} Visitor */

const MESSAGES = 20_000;
const CUTS = 200;
/** So many sends are under way at once. */
const WIDTH = 64;
/** Another one is another storm: SEED=… npm run gateway. */
const SEED = Number(process.env.SEED ?? 5);

/** Half to the room, the others to one, the other or both; some urgent. @param {number} n @returns {SendOptions} */
function howToSend(n) {
  const high = n % 40 === 7 || n % 40 === 20;
  if (n % 2 === 0) return { high };
  return { high, to: [["ann"], ["bob"], ["ann", "bob"]][(n >> 1) % 3], outcomes: true };
}

/** @param {number} n @param {string} accid */
function isFor(n, accid) {
  const { to } = howToSend(n);
  return !to || to.includes(accid);
}

/** What a visitor's application gets, and what its connection got. @param {Visitor} visitor */
function watch({ client, room }) {
  /** @type {{messages: Message[], frames: string[], restarts: number, resumes: number, gaps: number}} */
  const seen = { messages: [], frames: [], restarts: 0, resumes: 0, gaps: 0 };
  client.on("frame", (frame) => {
    if (frame.op === "message" && frame.message.type === "0") {
      seen.frames.push(frame.message.msgid_client);
    }
  });
  client.on("state", (state) => {
    if (state.kind === "online") seen[state.resumed ? "resumes" : "restarts"] += 1;
  });
  room.on("gap", () => {
    seen.gaps += 1;
  });
  return seen;
}

/** @param {Visitor["room"]} room @returns {Promise<string[]>} the texts, page by page */
async function wholeHistory(room) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (let after = 0; ; ) {
    const page = await room.history({ after, types: ["text"] });
    // A page begins with the last moment of the one before; what was stored twice would differ in its time.
    for (const { id, time, text } of page) texts.set(`${id} ${time}`, text ?? "");
    if (page.length < 100) return [...texts.values()];
    after = page.at(-1)?.time ?? 0;
  }
}

/** @param {Message[]} messages @param {boolean} high */
const lane = (messages, high) =>
  messages.filter((message) => message.high === high).map(({ text }) => Number(text));

/** @param {number[]} numbers */
const sorted = (numbers) => numbers.toSorted((a, b) => a - b);

test(`${CUTS} cuts during ${MESSAGES} messages: nothing lost, nothing doubled, nothing out of order`, async (t) => {
  const hall = await Hall.open(t);
  const roll = dice(SEED);
  const cable = await FrayedCable.to(t, hall.gateway.url, { cuts: CUTS, roll });
  const visitor = (/** @type {string} */ accid) =>
    hall.enter(accid, { url: cable.url, backoff: () => roll(20) });
  const ann = await visitor("ann");
  const bob = await visitor("bob");
  const sender = await visitor("eve");
  const visitors = { ann, bob, eve: sender };
  const seen = { ann: watch(ann), bob: watch(bob), eve: watch(sender) };

  // One takes its messages as they come, the others at their own pace.
  ann.room.on("message", (message) => seen.ann.messages.push(message));
  for (const accid of /** @type {const} */ (["bob", "eve"])) {
    (async () => {
      for await (const message of visitors[accid].room) seen[accid].messages.push(message);
    })();
  }

  let next = 0;
  const outcomes = new Set();
  const worker = async () => {
    while (next < MESSAGES) {
      const n = next;
      next += 1;
      const sent = await sender.room.send(String(n), howToSend(n));
      for (const outcome of Object.values(sent.outcomes ?? {})) outcomes.add(outcome);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));

  assert.equal(cable.cuts, CUTS);
  for (const [accid, { messages, frames, restarts, resumes, gaps }] of Object.entries(seen)) {
    const due = Array.from({ length: MESSAGES }, (_, n) => n).filter((n) => isFor(n, accid));
    await until(`${accid} has all ${due.length}`, () => messages.length >= due.length);
    const got = messages.map(({ text }) => Number(text));
    assert.deepEqual(sorted(got), due, `${accid} gets each once`);
    for (const high of [true, false]) {
      const numbers = lane(messages, high);
      assert.deepEqual(numbers, sorted(numbers), `${accid}: the order of lane high=${high}`);
    }
    assert.ok(lane(messages, true).length > 0, `${accid} heard some urgently`);
    assert.equal(new Set(frames).size, frames.length, `${accid}: no frame is re-sent needlessly`);
    assert.deepEqual({ restarts, gaps }, { restarts: 0, gaps: 0 }, accid);
    assert.ok(resumes > 0, `${accid} came back`);
  }
  const kept = await wholeHistory(ann.room);
  assert.equal(kept.length, MESSAGES / 2, "the history has each that was for all, once");
  for (const outcome of outcomes) assert.match(String(outcome), /^(queued|duplicate)$/);
});
