import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import { Cable } from "../../../../tests/browser/helpers/cable.js";
import { Chatroom } from "../../../src/chatroom.js";
import { Hall } from "../../helpers/hall.js";
import { Person, until } from "../helpers/person.js";

test("onconnect is told the chat room and the member", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann", {
    chatroomNick: "Ann",
    chatroomCustom: "mine",
  });
  const { chatroom, member } = await ann.isConnected();
  assert.deepEqual(chatroom, {
    id: hall.roomid,
    name: "Hall",
    announcement: "",
    broadcastUrl: "",
    custom: "",
    queuelevel: 0,
    creator: "owner",
    onlineMemberNum: 1,
    mute: false,
  });
  const { enterTime, updateTime, ...rest } = member;
  assert.ok(enterTime > 0);
  assert.equal(updateTime, enterTime);
  assert.deepEqual(rest, {
    chatroomId: hall.roomid,
    account: "ann",
    type: "guest",
    nick: "Ann",
    avatar: "",
    custom: "mine",
    online: true,
    blacked: false,
    gaged: false,
    tempMuted: false,
    tempMuteDuration: 0,
  });
  assert.equal(ann.chatroom.isConnected(), true);
});

test("a wrong token ends it with 302, and nobody comes back by itself", async (t) => {
  const hall = await Hall.open(t);
  const ann = new Person(t, hall, "ann", { token: "wrong" });
  const error = await ann.ended();
  assert.equal(error.code, 302);
  assert.equal(error.willReconnect, false);
  assert.equal(error.retryCount, 0);
  assert.deepEqual([ann.plans, ann.errors], [[], []]);
});

test("a page with tokens that expire gives a new one with setOptions, or when it is asked", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  await ann.asks("disconnect");
  await hall.call("user/update", { accid: "ann", token: "second" });
  ann.chatroom.setOptions({ token: "second" });
  ann.chatroom.connect();
  await ann.isConnected(2);
  await ann.asks("disconnect");
  await hall.call("user/update", { accid: "ann", token: "third" });
  ann.chatroom.setOptions({ renewToken: async () => "third" });
  ann.chatroom.connect();
  await ann.isConnected(3);
});

test("who is in the blocklist, or finds the room closed or missing, is told its code", async (t) => {
  const hall = await Hall.open(t);
  await hall.account("ann");
  const room = { roomid: hall.roomid, operator: "owner" };
  const black = { ...room, target: "ann", opt: "-1" };
  await hall.call("chatroom/setMemberRole", { ...black, optvalue: "true" });
  const blocked = new Person(t, hall, "ann");
  assert.equal((await blocked.ended()).code, 13003);
  await hall.call("chatroom/toggleCloseStat", { ...room, valid: "false" });
  await hall.account("bob");
  const late = new Person(t, hall, "bob");
  assert.equal((await late.ended()).code, 13002);
  const lost = new Person(t, hall, "bob", { chatroomId: "999" });
  assert.equal((await lost.ended()).code, 404);
  assert.equal(lost.chatroom.isConnected(), false);
});

test("being put out is told with its reason, and the text that goes with it", async (t) => {
  const hall = await Hall.open(t);
  const owner = await Person.enter(t, hall, "owner");
  const kicked = await Person.enter(t, hall, "kicked");
  const black = await Person.enter(t, hall, "black");
  const rest = await Person.enter(t, hall, "rest");
  await owner.asks("kickChatroomMember", { account: "kicked", custom: "bye" });
  const { code, reason, custom, willReconnect } = await kicked.ended();
  assert.deepEqual(
    { code, reason, custom, willReconnect },
    { code: "kicked", reason: "managerKick", custom: "bye", willReconnect: false },
  );
  await owner.asks("markChatroomBlacklist", { account: "black", isAdd: true });
  assert.equal((await black.ended()).reason, "blacked");
  await owner.asks("closeChatroom", { custom: "goodbye" });
  assert.equal((await rest.ended()).reason, "chatroomClosed");
  assert.equal((await rest.hearsOf("closeChatroom")).from, "owner");
});

test("a login with the same device puts the earlier one out", async (t) => {
  const hall = await Hall.open(t);
  const first = await Person.enter(t, hall, "ann", { deviceId: "d" });
  const second = new Person(t, hall, "ANN", { deviceId: "d", token: "token of ann" });
  await second.isConnected();
  const { code, reason } = await first.ended();
  assert.deepEqual([code, reason], ["kicked", "samePlatformKick"]);
});

test("disconnect tells ondisconnect, then calls back; connect goes in again", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  const pending = ann.fails("getChatroom");
  await ann.asks("disconnect");
  assert.equal(ann.ends[0]?.code, "logout");
  assert.equal(ann.ends[0]?.message, "done disconnect");
  assert.equal((await pending).code, "logout");
  const { code } = await ann.fails("sendText", { text: "anybody?" });
  assert.equal(code, "Error_Connection_Socket_State_not_Match");
  ann.chatroom.connect();
  await ann.isConnected(2);
  await ann.asks("logout");
  assert.equal(ann.ends[1]?.message, "done logout");
});

test("the same account in the same room is one object, until it is destroyed", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann");
  await ann.asks("disconnect");
  const options = { ...ann.chatroom.options, chatroomNick: "Other" };
  assert.equal(Chatroom.getInstance(options), ann.chatroom);
  const { member } = await ann.isConnected(2);
  assert.equal(member.nick, "Other");
  await ann.asks("destroy");
  assert.throws(() => ann.chatroom.connect(), { code: "Not_Support" });
  const anew = new Person(t, hall, "ann");
  assert.notEqual(anew.chatroom, ann.chatroom);
  await anew.isConnected();
});

test("a lost connection fails what is pending, is announced, and comes back with what was said meanwhile", async (t) => {
  const hall = await Hall.open(t);
  const cable = await Cable.to(t, hall.gateway);
  const bob = await Person.enter(t, hall, "bob");
  const ann = await Person.enter(t, hall, "ann", { chatroomAddresses: [new URL(cable.url).host] });
  await bob.asks("sendText", { text: "before" });
  await ann.hearsText("before");
  cable.pull();
  const pending = ann.fails("getChatroom");
  await until("the page is told onwillreconnect", () => ann.plans.length > 0);
  assert.match(String((await pending).code), /^Error_(Internet_Disconnected|Connection_Socket)/);
  const { retryCount, duration } = ann.plans[0];
  assert.equal(retryCount, 1);
  assert.ok(duration >= 0 && duration <= 1_000);
  const { code } = await ann.fails("sendText", { text: "lost" });
  assert.equal(code, "Error_Connection_Socket_State_not_Match");
  await bob.asks("sendText", { text: "meanwhile" });
  cable.mend();
  const { chatroom, member } = await ann.isConnected(2);
  assert.equal(chatroom.onlineMemberNum, 2);
  assert.equal(member.account, "ann");
  await ann.hearsText("meanwhile");
  await ann.asks("sendText", { text: "back" });
  await bob.hearsText("back");
  assert.ok(!bob.msgs.some(({ text }) => text === "lost"));
  assert.deepEqual(ann.ends, []);
});

test("a call that waits when the connection goes fails at once", async (t) => {
  const hall = await Hall.open(t);
  const ann = await Person.enter(t, hall, "ann", { WebSocket: Mute });
  Mute.isMute = true;
  const pending = ann.fails("getChatroom");
  await until("the request is swallowed", () =>
    Mute.swallowed.some((text) => text.includes('"get"')),
  );
  for (const socket of Mute.all) socket.terminate();
  Mute.isMute = false;
  assert.equal((await pending).code, "Error_Internet_Disconnected");
  await ann.isConnected(2);
});

/** Takes what is written and keeps it to itself, when it is told to. */
class Mute extends WebSocket {
  static isMute = false;
  /** @type {string[]} */
  static swallowed = [];
  /** @type {Mute[]} */
  static all = [];

  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    super(url, protocol);
    Mute.all.push(this);
  }

  /** @override @param {any} text */
  send(text) {
    if (Mute.isMute) Mute.swallowed.push(text);
    else super.send(text);
  }
}

test("addresses are used one after the other, and then again", async (t) => {
  const hall = await Hall.open(t);
  const dead = await Cable.to(t, hall.gateway);
  dead.pull();
  const { host } = new URL(dead.url);
  const addresses = [host, `ws://${host}/ws`, `ws://${hall.gateway.host}`];
  const ann = await Person.enter(t, hall, "ann", { chatroomAddresses: addresses });
  assert.deepEqual(
    ann.plans.map(({ retryCount }) => retryCount),
    [1, 2],
  );
  assert.deepEqual(
    ann.errors.map(({ code }) => code),
    ["Connect_Failed"],
  );
});

test("after so many attempts it stays away", async (t) => {
  const hall = await Hall.open(t);
  const dead = await Cable.to(t, hall.gateway);
  dead.pull();
  await hall.account("ann");
  const options = { chatroomAddresses: [new URL(dead.url).host], reconnectionAttempts: 1 };
  const ann = new Person(t, hall, "ann", options);
  const error = await ann.ended();
  assert.equal(error.code, "allAttemptsFailed");
  assert.equal(ann.plans.length, 1);
});

test("without needReconnect a lost connection is the end", async (t) => {
  const hall = await Hall.open(t);
  const cable = await Cable.to(t, hall.gateway);
  const options = { chatroomAddresses: [new URL(cable.url).host], needReconnect: false };
  const ann = await Person.enter(t, hall, "ann", options);
  cable.pull();
  assert.equal((await ann.ended()).code, "allAttemptsFailed");
  assert.deepEqual(ann.plans, []);
});

test("anonymous members are refused as the gateway says", async (t) => {
  const hall = await Hall.open(t);
  const options = { isAnonymous: true, chatroomNick: "Nobody", account: "", token: undefined };
  const nobody = new Person(t, hall, "", options);
  assert.match(nobody.chatroom.account, /^nimanon_/);
  assert.equal((await nobody.ended()).code, 403);
});
