import assert from "node:assert/strict";
import { test } from "node:test";
import { Hall } from "../../helpers/hall.js";
import { Person } from "../helpers/person.js";

const texts = (/** @type {any} */ { msgs }) => msgs.map((/** @type {any} */ { text }) => text);

/** @param {import("node:test").TestContext} t @param {number} count */
async function spoken(t, count) {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const said = Array.from({ length: count }, (_, at) => String(at));
  // At once, so that some share a millisecond.
  await Promise.all(said.map((text) => ann.asks("sendText", { text })));
  const bob = await Person.enter(t, hall, "bob");
  return { hall, ann, bob, said };
}

test("the history has messages as they were, the newest first", async (t) => {
  const { ann, bob } = await spoken(t, 1);
  const sent = await ann.asks("sendCustomMsg", { content: "x", custom: "c" });
  const { msgs } = await bob.asks("getHistoryMsgs", { msgTypes: ["custom", "text"] });
  const { fromCustom, ...same } = sent;
  assert.deepEqual(msgs[0], { ...same, flow: "in" });
  assert.equal(msgs[1].text, "0");
  const mine = await ann.asks("getHistoryMsgs", { msgTypes: "custom" });
  assert.equal(mine.msgs[0].flow, "out");
  const notices = await bob.asks("getHistoryMsgs", { msgTypes: ["notification"] });
  assert.equal(notices.msgs.at(-1).attach.type, "memberEnter");
});

for (const reverse of [false, true]) {
  test(`pages ${reverse ? "forwards" : "backwards"} end, and lose and double nothing`, async (t) => {
    const { bob, said } = await spoken(t, 40);
    /** @type {string[]} */
    const found = [];
    let timetag = 0;
    for (let pages = 0; pages <= said.length; pages += 1) {
      const options = { reverse, limit: 3, timetag, msgTypes: ["text"] };
      const { msgs } = await bob.asks("getHistoryMsgs", options);
      if (msgs.length === 0) break;
      found.push(...texts({ msgs }));
      timetag = msgs.at(-1).time;
    }
    const inOrder = reverse ? said : said.toReversed();
    assert.deepEqual(found, inOrder);
  });
}

test("too much at once is refused by the gateway", async (t) => {
  const { bob } = await spoken(t, 1);
  assert.equal((await bob.fails("getHistoryMsgs", { limit: 101 })).code, 414);
});
