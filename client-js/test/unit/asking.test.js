import assert from "node:assert/strict";
import { test } from "node:test";
import { QueueFull } from "../../src/index.js";
import { joined, settled, wireMessage } from "../helpers/fake-gateway.js";

test("a text is sent, and its sender gets the message as everybody does", async (t) => {
  const { gateway, room } = await joined(t);
  const sending = room.send("hi");
  const { id, msgId, ...send } = gateway.socket.asked("send");
  assert.deepEqual(send, { op: "send", roomid: "1", msgType: 0, attach: "hi" });
  gateway.socket.answer("send", { desc: wireMessage({ msgid_client: msgId }) });
  const { message, outcomes } = await sending;
  assert.deepEqual([message.id, message.text, outcomes], [msgId, "hi", undefined]);
});

test("every option has its member", async (t) => {
  const { gateway, room } = await joined(t);
  const sending = room.send("hi", {
    to: "bob",
    high: true,
    ext: { a: 1 },
    outcomes: true,
    id: "m1",
    resend: true,
    subType: 3,
    skipHistory: true,
    notifyTargetTags: '{"tag":"a"}',
    more: { locX: 1 },
  });
  const { id, ...send } = gateway.socket.asked("send");
  assert.deepEqual(send, {
    op: "send",
    roomid: "1",
    msgId: "m1",
    msgType: 0,
    attach: "hi",
    toAccids: ["bob"],
    highPriority: true,
    ext: '{"a":1}',
    outcomes: true,
    resendFlag: 1,
    subType: 3,
    skipHistory: 1,
    notifyTargetTags: '{"tag":"a"}',
    locX: 1,
  });
  gateway.socket.answer("send", { desc: wireMessage({}), outcomes: { bob: "queued" } });
  assert.deepEqual((await sending).outcomes, { bob: "queued" });
});

test("sends while away wait, bounded, and go out in order", async (t) => {
  const { gateway, room, comeBack } = await joined(t, { queueLimit: 2 });
  gateway.socket.end(1006);
  for (const id of ["a", "b"]) room.send("hi", { id }).catch(() => {});
  await assert.rejects(room.send("hi", { id: "c" }), QueueFull);
  t.mock.timers.tick(100);
  gateway.socket.resume(2);
  assert.deepEqual(
    gateway.socket.all("send").map(({ msgId, resendFlag }) => [msgId, resendFlag]),
    [
      ["a", undefined],
      ["b", undefined],
    ],
  );
  comeBack();
});

test("a send that was given up is not repeated", async (t) => {
  const { gateway, room, comeBack } = await joined(t);
  const abort = new AbortController();
  const sending = room.send("hi", { signal: abort.signal });
  await settled();
  abort.abort();
  await assert.rejects(sending, { name: "AbortError" });
  comeBack();
  gateway.socket.resume(2);
  assert.equal(gateway.socket.all("send").length, 0);
});

test("the history is asked from either end", async (t) => {
  const { gateway, room } = await joined(t);
  const asking = room.history({ limit: 10, before: 99, types: ["text", "custom"] });
  const { id, ...newest } = gateway.socket.asked("history");
  assert.deepEqual(newest, {
    op: "history",
    roomid: "1",
    limit: 10,
    timetag: 99,
    reverse: 2,
    type: "0,100",
  });
  const sender = { from: "bob", fromNick: "B", fromclienttype: 32 };
  const raw = { ...sender, msgid: "m1", sendtime: 5, type: 100, body: '{"a":1}' };
  gateway.socket.answer("history", { msgs: [raw] });
  assert.deepEqual(await asking, [
    {
      id: "m1",
      roomid: "1",
      from: "bob",
      nick: "B",
      avator: "",
      clientType: "REST",
      type: "custom",
      content: { a: 1 },
      ext: "",
      time: 5,
      high: false,
      directed: false,
      resent: false,
      raw,
    },
  ]);
  room.history({ after: 7 }).catch(() => {});
  const { reverse, timetag } = gateway.socket.asked("history");
  assert.deepEqual([reverse, timetag], [1, 7]);
});

test("everybody here is the fixed members here and the guests", async (t) => {
  const { gateway, room } = await joined(t);
  const asking = room.members({ limit: 5 });
  const pages = gateway.socket.all("membersByPage");
  assert.deepEqual(
    pages.map(({ type, limit }) => [type, limit]),
    [
      [2, 5],
      [1, 5],
    ],
  );
  for (const { id, type } of pages) {
    gateway.socket.say({
      op: "reply",
      id,
      code: 200,
      desc: { data: [{ accid: `of type ${type}` }] },
    });
  }
  assert.deepEqual(
    (await asking).map(({ accid }) => accid),
    ["of type 2", "of type 1"],
  );
});

test("any verb can be asked; the one that writes its room in another way is no exception", async (t) => {
  const { client, gateway, room } = await joined(t);
  const muting = room.request("temporaryMute", { target: "bob", muteDuration: 5 });
  assert.deepEqual(gateway.socket.asked("temporaryMute").roomid, "1");
  gateway.socket.answer("temporaryMute", { desc: { muteDuration: 5 } });
  assert.equal((await muting).desc.muteDuration, 5);
  room.request("updateChatRoomRoleTag", { tags: ["a"] }).catch(() => {});
  assert.deepEqual(gateway.socket.asked("updateChatRoomRoleTag").roomId, "1");
  client.request("get", { roomid: 9 }).catch(() => {});
  assert.equal(gateway.socket.asked("get").roomid, 9);
});

test("a join that was given up before it was written leaves nothing behind that waits", async (t) => {
  const { client, gateway, room } = await joined(t, { queueLimit: 2 });
  gateway.socket.end(1006);
  for (const roomid of ["2", "3", "4"]) {
    const abort = new AbortController();
    const joining = client.join(roomid, { signal: abort.signal });
    abort.abort();
    await assert.rejects(joining, { name: "AbortError" });
  }
  t.mock.timers.tick(100);
  const sending = room.send("there is space");
  gateway.socket.resume(2);
  assert.deepEqual(gateway.socket.all("leave"), []);
  gateway.socket.answer("send", { desc: wireMessage({}) });
  await sending;
});

test("who asks much as soon as it is online again is not told to wait until it is online", async (t) => {
  const { client, gateway, room, comeBack } = await joined(t, { queueLimit: 1 });
  client.on("state", ({ kind }) => {
    if (kind !== "online") return;
    for (const id of ["a", "b", "c"]) room.send("hi", { id }).catch(() => {});
  });
  comeBack();
  gateway.socket.resume(2);
  assert.deepEqual(
    gateway.socket.all("send").map(({ msgId }) => msgId),
    ["a", "b", "c"],
  );
});
