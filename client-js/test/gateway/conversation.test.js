import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../../src/index.js";
import { heard } from "../helpers/events.js";
import { Hall } from "../helpers/hall.js";

test("what is said reaches everybody, its sender too", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const both = [ann, bob].map(({ room }) => heard(room, "message"));
  const { message } = await ann.room.send("hello", { ext: { mood: "good" } });
  for (const { id, text, from, nick, ext } of await Promise.all(both)) {
    assert.deepEqual(
      { id, text, from, nick, ext },
      { id: message.id, text: "hello", from: "ann", nick: "ann", ext: '{"mood":"good"}' },
    );
  }
});

test("a directed message reaches those it is for, urgently, and says what became of it", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const eve = await hall.enter("eve");
  const toEve = heard(eve.room, "message");
  const toBob = heard(bob.room, "message");
  const { outcomes } = await ann.room.send("psst", {
    to: ["bob", "nobody"],
    high: true,
    outcomes: true,
  });
  assert.deepEqual(outcomes, { bob: "queued", nobody: "unknown" });
  const { text, high, directed } = await toBob;
  assert.deepEqual({ text, high, directed }, { text: "psst", high: true, directed: true });
  await ann.room.send("to all");
  assert.equal((await toEve).text, "to all", "eve hears the second only");
});

test("content of every kind arrives as it was", async (t) => {
  const hall = await Hall.open(t);
  const { room } = await hall.enter("ann");
  const file = { url: "https://files.test/a", name: "a", ext: "x", size: 1, md5: "" };
  const contents = [
    { type: /** @type {const} */ ("image"), ...file, w: 1, h: 1 },
    { type: /** @type {const} */ ("file"), ...file },
    { type: /** @type {const} */ ("geo"), title: "here", lng: 1, lat: 2 },
    { type: /** @type {const} */ ("custom"), content: { dice: 6 } },
  ];
  const messages = room.messages();
  for (const content of contents) {
    await room.send(content);
    const { value } = await messages.next();
    const { type, ...members } = content;
    assert.equal(value.type, type);
    assert.deepEqual(value.content, "content" in members ? members.content : members);
  }
  await room.send({ type: "tip", text: "be kind" });
  assert.equal((await messages.next()).value.text, "be kind");
});

test("who comes and goes is told", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const entered = heard(ann.room, "notification", ({ targets }) => targets[0]?.accid === "bob");
  const bob = await hall.enter("bob");
  assert.equal((await entered).name, "entered");
  const left = heard(ann.room, "notification", ({ name }) => name === "left");
  await bob.client.close();
  assert.equal((await left).operator.accid, "bob");
});

test("the history and the members can be asked for", async (t) => {
  const hall = await Hall.open(t);
  const { room } = await hall.enter("ann");
  for (const text of ["one", "two", "three"]) await room.send(text);
  const newest = await room.history({ limit: 2, types: ["text"] });
  assert.deepEqual(
    newest.map(({ text }) => text),
    ["three", "two"],
  );
  const after = await room.history({ after: newest[1]?.time ?? 0, types: ["text"] });
  assert.equal(after.at(-1)?.text, "three");
  const oldest = await room.history({ reverse: true, types: ["text"] });
  assert.equal(oldest[0]?.text, "one");
  const here = await room.members();
  assert.deepEqual(
    here.map(({ accid, type }) => [accid, type]),
    [["ann", "TEMPORARY"]],
  );
  assert.deepEqual(
    (await room.members({ kind: "fixed" })).map(({ accid }) => accid),
    ["owner"],
  );
});

test("a manager's verbs are asked like any other, and refused to others", async (t) => {
  const hall = await Hall.open(t);
  const owner = await hall.enter("owner");
  const bob = await hall.enter("bob");
  await assert.rejects(bob.room.request("muteRoom", { mute: true }), { code: 403 });
  await owner.room.request("temporaryMute", { target: "bob", muteDuration: 60 });
  await assert.rejects(bob.room.send("hello?"), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.code, 13_004);
    assert.match(error.hint, /muted/);
    return true;
  });
  await bob.room.request("updateChatRoomRoleTag", { tags: ["a"] });
  const { data } = await bob.room.request("tagMembersCount", { tag: "a" });
  assert.equal(data.onlineUserCount, 1);
});

test("whoever is put out is told why, and may come again", async (t) => {
  const hall = await Hall.open(t);
  const owner = await hall.enter("owner");
  const bob = await hall.enter("bob");
  const kicked = heard(bob.room, "kicked");
  await owner.room.request("kickMember", { targetAccid: "bob", notifyExt: "bye" });
  const { reason, notifyExt } = await kicked;
  assert.deepEqual({ reason, notifyExt }, { reason: 2, notifyExt: "bye" });
  assert.equal(bob.room.state.kind, "left");
  const again = await bob.client.join(hall.roomid);
  await again.send("here again");
});

test("leaving is told to the others, and what is said later is not heard", async (t) => {
  const hall = await Hall.open(t);
  const ann = await hall.enter("ann");
  const bob = await hall.enter("bob");
  const left = heard(ann.room, "notification", ({ name }) => name === "left");
  await bob.room.leave();
  assert.equal((await left).operator.accid, "bob");
  await ann.room.send("gone?");
  for await (const message of bob.room) assert.fail(`bob heard ${message.text}`);
});
