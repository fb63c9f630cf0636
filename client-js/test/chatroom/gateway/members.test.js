import assert from "node:assert/strict";
import { test } from "node:test";
import { Hall } from "../../helpers/hall.js";
import { Person } from "../helpers/person.js";

test("guests and fixed members are listed apart, page by page", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  for (const account of ["ann", "bob", "cleo"]) await Person.enter(t, hall, account);
  const first = await owner.asks("getChatroomMembers", { guest: true, limit: 2 });
  assert.deepEqual(accounts(first), ["cleo", "bob"]);
  const time = first.members[1].updateTime;
  const second = await owner.asks("getChatroomMembers", { guest: true, limit: 2, time });
  assert.deepEqual(accounts(second), ["ann"]);
  const fixed = await owner.asks("getChatroomMembers", { guest: false });
  assert.deepEqual(
    fixed.members.map((/** @type {any} */ { account, type }) => [account, type]),
    [["owner", "owner"]],
  );
  await hall.account("away");
  await owner.asks("markChatroomCommonMember", { account: "away", isAdd: true });
  const all = await owner.asks("getChatroomMembers", { guest: false });
  assert.deepEqual(accounts(all).sort(), ["away", "owner"]);
  const online = await owner.asks("getChatroomMembers", { guest: false, onlyOnline: true });
  assert.deepEqual(accounts(online), ["owner"]);
});

const accounts = (/** @type {any} */ { members }) =>
  members.map((/** @type {any} */ { account }) => account);

test("roles are set and taken back, and the room hears of it by name", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner", { chatroomNick: "Owner" });
  const ann = await Person.enter(t, hall, "ann", { chatroomNick: "Ann" });
  for (const [method, isAdd, event, type] of [
    ["markChatroomManager", true, "addManager", "manager"],
    ["markChatroomManager", false, "removeManager", "guest"],
    ["markChatroomCommonMember", true, "addCommon", "common"],
    ["markChatroomCommonMember", false, "removeCommon", "guest"],
    ["markChatroomGaglist", true, "gagMember", "restricted"],
    ["markChatroomGaglist", false, "ungagMember", "guest"],
  ]) {
    const mark = { account: "ann", isAdd, custom: `c-${event}` };
    const { member } = await owner.asks(String(method), mark);
    assert.equal(member.type, type);
    assert.equal(member.gaged, event === "gagMember");
    const { from, to, fromNick, toNick, custom } = await ann.hearsOf(String(event));
    assert.deepEqual({ from, to, custom }, { from: "owner", to: ["ann"], custom: `c-${event}` });
    assert.deepEqual([fromNick, toNick], ["Owner", ["Ann"]]);
  }
  const identity = { account: "ann", isAdd: true, identity: "manager" };
  const { member } = await owner.asks("markChatroomIdentity", identity);
  assert.equal(member.type, "manager");
});

test("the blocklist: an account that is away gets into it and out again", async (t) => {
  const hall = await Hall.open(t);
  await hall.account("away");
  const owner = await Person.enter(t, hall, "owner");
  const black = await owner.asks("markChatroomBlacklist", { account: "away", isAdd: true });
  const { account, type, blacked, online, enterTime } = black.member;
  assert.deepEqual([account, type, blacked, online], ["away", "restricted", true, false]);
  assert.equal(enterTime, undefined);
  const free = await owner.asks("markChatroomBlacklist", { account: "away", isAdd: false });
  assert.equal(free.member.type, "guest");
  assert.deepEqual(
    (await owner.hearsOf("blackMember")).to.concat((await owner.hearsOf("unblackMember")).to),
    ["away", "away"],
  );
});

test("a mute for a time shows in the member, and in the notice of entering", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  const ann = await Person.enter(t, hall, "ann");
  const mute = { account: "ann", duration: 60, needNotify: true, custom: "calm" };
  await owner.asks("updateChatroomMemberTempMute", mute);
  const told = await ann.hearsOf("addTempMute");
  assert.deepEqual([told.duration, told.custom, told.to], [60, "calm", ["ann"]]);
  const { members } = await owner.asks("getChatroomMembersInfo", { accounts: ["ann", "nobody"] });
  assert.equal(members.length, 1);
  assert.equal(members[0].tempMuted, true);
  assert.ok(members[0].tempMuteDuration > 50 && members[0].tempMuteDuration <= 60);
  await ann.asks("destroy");
  await new Person(t, hall, "ann", { chatroomEnterCustom: "hi all" }).isConnected();
  const isAgain = (/** @type {any} */ { attach }) => attach?.custom === "hi all";
  const { attach } = await owner.hears(isAgain, "ann enters again");
  assert.equal(attach.type, "memberEnter");
  assert.deepEqual([attach.from, attach.gaged, attach.tempMuted], ["ann", false, true]);
  assert.ok(attach.tempMuteDuration > 50);
  await owner.asks("updateChatroomMemberTempMute", { ...mute, duration: 0 });
  assert.ok((await owner.hearsOf("removeTempMute")).duration > 0);
});

test("a new nick is told, and stands in the next message", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann", { chatroomNick: "Ann" });
  const bob = await Person.enter(t, hall, "bob");
  const member = { nick: "Anna", avatar: "http://a/a.png", custom: "new" };
  await ann.asks("updateMyChatroomMemberInfo", { member, needNotify: true, custom: "renamed" });
  const told = await bob.hearsOf("updateMemberInfo");
  assert.deepEqual([told.fromNick, told.custom], ["Anna", "renamed"]);
  const pending = ann.chatroom.sendText({ text: "it is me" });
  assert.deepEqual(
    [pending.fromNick, pending.fromAvatar, pending.fromCustom],
    Object.values(member),
  );
  const heard = await bob.hearsText("it is me");
  assert.deepEqual([heard.fromNick, heard.fromAvatar], ["Anna", "http://a/a.png"]);
});

test("what a guest may not do calls back with 403", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const [error, obj] = await ann.calls("kickChatroomMember", { account: "owner", custom: "x" });
  assert.equal(error.code, 403);
  assert.deepEqual(obj, { account: "owner", custom: "x" });
});

test("tags: listed, counted, muted, changed, and told to their owner", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  const ann = await Person.enter(t, hall, "ann", { tags: ["red"] });
  assert.deepEqual(accounts(await owner.asks("getChatroomMembersByTag", { tag: "red" })), ["ann"]);
  assert.equal((await owner.asks("getChatroomMemberCountByTag", { tag: "red" })).count, 1);
  const mute = { tag: "red", duration: 60, needNotify: true };
  await owner.asks("updateTagMembersTempMute", mute);
  const told = await ann.hearsOf("addTempMuteTag");
  assert.deepEqual([told.targetTag, told.duration], ["red", 60]);
  assert.equal((await ann.fails("sendText", { text: "?" })).code, 13004);
  await ann.asks("updateTags", { tags: ["blue"], needNotify: true });
  await ann.asks("sendText", { text: "free" });
  await ann.hearsOf("updateChatroomTags");
  assert.deepEqual(ann.tags, [["blue"]]);
  await owner.hearsOf("updateChatroomTags");
  assert.deepEqual(owner.tags, []);
});

test("who gives a place hears what is said near by", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const near = await Person.enter(t, hall, "near", {
    loc_x: 1,
    loc_y: 0,
    loc_z: 0,
    distance: 5,
  });
  const far = await Person.enter(t, hall, "far", { locX: 1, locY: 0, locZ: 0, distance: 5 });
  await far.asks("updateCoordinate", { x: 90, y: 0, z: 0, distance: 5 });
  await ann.asks("sendText", { text: "whisper", loc_x: 0, loc_y: 0, loc_z: 0 });
  await ann.asks("sendText", { text: "shout" });
  const { x, y, z } = await near.hearsText("whisper");
  assert.deepEqual([x, y, z], [0, 0, 0]);
  await far.hearsText("shout");
  assert.ok(!far.msgs.some(({ text }) => text === "whisper"));
});
