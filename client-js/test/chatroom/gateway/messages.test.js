import assert from "node:assert/strict";
import { test } from "node:test";
import { Hall } from "../../helpers/hall.js";
import { Person } from "../helpers/person.js";

test("a text is there at once, is sent, and reaches the others and not its own page", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann", { chatroomNick: "Ann", chatroomCustom: "c" });
  const bob = await Person.enter(t, hall, "bob");
  /** @type {any} */
  let pending;
  const sent = await new Promise((resolve, reject) => {
    pending = ann.chatroom.sendText({
      text: "hello",
      custom: { a: 1 },
      done: (/** @type {any} */ error, /** @type {any} */ msg) =>
        error ? reject(error) : resolve(msg),
    });
  });
  assert.equal(pending.status, "sending");
  assert.equal(pending.flow, "out");
  const { time, ...shape } = sent;
  assert.equal(typeof time, "number");
  assert.deepEqual(shape, {
    chatroomId: hall.roomid,
    idClient: pending.idClient,
    from: "ann",
    fromNick: "Ann",
    fromAvatar: "",
    fromCustom: "c",
    fromClientType: "Web",
    type: "text",
    flow: "out",
    text: "hello",
    custom: '{"a":1}',
    resend: false,
    status: "success",
  });
  const { fromCustom, ...received } = sent;
  assert.deepEqual(await bob.hearsText("hello"), { ...received, flow: "in" });
  await bob.asks("sendText", { text: "and you?" });
  await ann.hearsText("and you?");
  assert.ok(!ann.msgs.some(({ text }) => text === "hello"));
});

test("every kind of content arrives as it was sent", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const bob = await Person.enter(t, hall, "bob");
  const picture = { url: "http://a/b.png", ext: "png", size: 3, md5: "m", w: 4, h: 5, name: "b" };
  const geo = { title: "here", lng: 116.3, lat: 39.9 };
  const sound = { url: "http://a/b.aac", ext: "aac", size: 3, md5: "m", dur: 6 };
  await ann.asks("sendTipMsg", { tip: "mind the gap" });
  await ann.asks("sendCustomMsg", { content: { type: 1 } });
  await ann.asks("sendGeo", { geo });
  await ann.asks("sendFile", { type: "image", file: picture });
  await ann.asks("sendFile", { type: "audio", file: sound });
  await ann.asks("sendFile", { file: { url: "http://a/c", ext: "c", size: 1, md5: "m" } });
  await bob.hears(({ type }) => type === "file");
  const kept = bob.msgs.filter(({ from, type }) => from === "ann" && type !== "notification");
  assert.deepEqual(
    kept.map(({ type, text, tip, content, geo, file }) => ({
      type,
      text,
      tip,
      content,
      geo,
      file,
    })),
    [
      { ...NOTHING, type: "tip", tip: "mind the gap" },
      { ...NOTHING, type: "custom", content: '{"type":1}' },
      { ...NOTHING, type: "geo", geo },
      { ...NOTHING, type: "image", file: picture },
      { ...NOTHING, type: "audio", file: sound },
      { ...NOTHING, type: "file", file: { url: "http://a/c", ext: "c", size: 1, md5: "m" } },
    ],
  );
});

const NOTHING = { text: "", tip: undefined, content: undefined, geo: undefined, file: undefined };

test("a directed message reaches those it names and nobody else", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const bob = await Person.enter(t, hall, "bob");
  const cleo = await Person.enter(t, hall, "cleo");
  const sent = await ann.asks("sendText", { text: "psst", toAccids: ["bob"], subType: 7 });
  assert.deepEqual(sent.toAccids, ["bob"]);
  await ann.asks("sendText", { text: "to all", toAccids: [] });
  const heard = await bob.hearsText("psst");
  assert.equal(heard.directed, true);
  assert.equal(heard.subType, 7);
  await cleo.hearsText("to all");
  assert.ok(!cleo.msgs.some(({ text }) => text === "psst"));
});

test("what is sent urgently says so", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const bob = await Person.enter(t, hall, "bob");
  const sent = await ann.asks("sendText", { text: "now", highPriority: true, skipHistory: true });
  assert.equal(sent.highPriority, true);
  assert.equal((await bob.hearsText("now")).highPriority, true);
  const { msgs } = await bob.asks("getHistoryMsgs", { msgTypes: ["text"] });
  assert.deepEqual(msgs, []);
});

test("the server’s own messages are from “Server”", async (t) => {
  const hall = await Hall.open(t);
  const bob = await Person.enter(t, hall, "bob");
  const message = { roomid: hall.roomid, msgId: "m1", fromAccid: "owner", msgType: "0" };
  await hall.call("chatroom/sendMsg", { ...message, attach: "hi" });
  const heard = await bob.hearsText("hi");
  assert.equal(heard.fromClientType, "Server");
  assert.equal(heard.idClient, "m1");
});

test("another page of the same account sees its messages as its own", async (t) => {
  const hall = await Hall.open(t);
  const first = await Person.enter(t, hall, "ann");
  // A different spelling is another object on this page, and the same account.
  const second = new Person(t, hall, "ANN", { token: "token of ann" });
  await second.isConnected();
  await first.asks("sendText", { text: "me" });
  assert.equal((await second.hearsText("me")).flow, "out");
});

test("who is muted is refused, may send again later, and is heard once", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const bob = await Person.enter(t, hall, "bob");
  const mute = { roomid: hall.roomid, operator: "owner", target: "ann" };
  await hall.call("chatroom/temporaryMute", { ...mute, muteDuration: "60" });
  const [error, failed] = await ann.calls("sendText", { text: "let me", custom: "x", subType: 3 });
  assert.equal(error.code, 13004);
  assert.equal(failed.status, "fail");
  await hall.call("chatroom/temporaryMute", { ...mute, muteDuration: "0" });
  const sent = await ann.asks("resendMsg", { msg: failed });
  assert.equal(sent.idClient, failed.idClient);
  await ann.asks("sendText", { text: "let me", resend: true, idClient: failed.idClient });
  await ann.asks("sendText", { text: "done" });
  await bob.hearsText("done");
  const heard = bob.msgs.filter(({ text }) => text === "let me");
  assert.equal(heard.length, 1);
  assert.equal(heard[0].resend, true);
  assert.equal(heard[0].subType, 3);
  assert.equal(heard[0].custom, "x");
});

test("messages come in batches of msgBufferSize, and one by one to onmsg", async (t) => {
  const hall = await Hall.open(t);
  /** @type {string[]} */
  const single = [];
  const onmsg = (/** @type {any} */ { text }) => single.push(text);
  const bob = await Person.enter(t, hall, "bob", { msgBufferSize: 2, onmsg });
  const ann = await Person.enter(t, hall, "ann");
  for (const text of ["1", "2", "3", "4", "5"]) ann.chatroom.sendText({ text });
  await bob.hearsText("5");
  assert.ok(bob.batches.every(({ length }) => length <= 2));
  assert.ok(bob.batches.some(({ length }) => length === 2));
  assert.deepEqual(single.filter(Boolean), ["1", "2", "3", "4", "5"]);
});

test("what was recalled is told by name", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const bob = await Person.enter(t, hall, "bob");
  const msg = await ann.asks("sendText", { text: "oops" });
  await ann.asks("recallMsg", { msg, custom: "sorry" });
  const { to, msgId, msgTime, custom, from } = await bob.hearsOf("deleteChatroomMsg");
  assert.deepEqual(
    { to, msgId, msgTime, custom, from },
    { to: ["ann"], msgId: msg.idClient, msgTime: msg.time, custom: "sorry", from: "ann" },
  );
});
