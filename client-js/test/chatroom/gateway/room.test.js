import assert from "node:assert/strict";
import { test } from "node:test";
import { Hall } from "../../helpers/hall.js";
import { Person } from "../helpers/person.js";

test("the chat room is read and changed, and the change is told", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  const ann = await Person.enter(t, hall, "ann");
  const change = { name: "Cave", announcement: "drip", broadcastUrl: "http://a/live", custom: "c" };
  const { chatroom } = await owner.asks("updateChatroom", {
    chatroom: { ...change, queuelevel: 1 },
    needNotify: true,
    custom: "look",
  });
  assert.equal(chatroom.name, "Cave");
  assert.equal((await ann.hearsOf("updateChatroom")).custom, "look");
  const read = (await ann.asks("getChatroom")).chatroom;
  const { name, announcement, broadcastUrl, custom } = read;
  assert.deepEqual({ name, announcement, broadcastUrl, custom }, change);
  assert.deepEqual([read.id, read.queuelevel, read.onlineMemberNum], [hall.roomid, 1, 2]);
});

test("a muted room says so, and lets only managers speak", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const mute = { roomid: hall.roomid, operator: "owner" };
  await hall.call("chatroom/muteRoom", { ...mute, mute: "true" });
  await ann.hearsOf("muteRoom");
  assert.equal((await ann.asks("getChatroom")).chatroom.mute, true);
  assert.equal((await ann.fails("sendText", { text: "?" })).code, 13006);
  await hall.call("chatroom/muteRoom", { ...mute, mute: "false" });
  await ann.hearsOf("unmuteRoom");
});

test("who leaves is told by name", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann", { chatroomNick: "Ann" });
  const bob = await Person.enter(t, hall, "bob");
  await ann.asks("destroy");
  const { from, fromNick, to, toNick } = await bob.hearsOf("memberExit");
  assert.deepEqual(
    { from, fromNick, to, toNick },
    { from: "ann", fromNick: "Ann", to: ["ann"], toNick: ["Ann"] },
  );
});
