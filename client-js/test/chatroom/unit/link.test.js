import assert from "node:assert/strict";
import { test } from "node:test";
import { Chatroom } from "../../../src/chatroom.js";
import { FakeGateway, settled, wireMessage } from "../../helpers/fake-gateway.js";

const CHATROOM = { roomid: 1, name: "Hall", valid: true, muted: false, onlineusercount: 1 };
const MEMBER = { roomid: 1, accid: "alice", type: "TEMPORARY", onlineStat: true, enterTime: 500 };

/**
 * A page with the gateway in the test’s hands, and its timers too.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, any>} [options]
 */
function open(t, options) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  // A page that comes back at once: how long it waits is looked at elsewhere.
  t.mock.method(Math, "random", () => 0);
  const gateway = new FakeGateway();
  /** @type {[string, any][]} */
  const told = [];
  const tell = (/** @type {string} */ name) => (/** @type {any} */ what) => told.push([name, what]);
  const callbacks = ["onconnect", "onwillreconnect", "ondisconnect", "onerror", "onmsgs", "onlost"];
  const chatroom = Chatroom.getInstance({
    appKey: "key",
    account: "Alice",
    token: "token",
    chatroomId: "1",
    chatroomAddresses: ["a.test:1", "b.test:2"],
    WebSocket: gateway.WebSocket,
    ...Object.fromEntries(callbacks.map((name) => [name, tell(name)])),
    ...options,
  });
  t.after(async () => {
    chatroom.destroy();
    gateway.sockets.at(-1)?.agree();
  });
  const last = (/** @type {string} */ name) => told.findLast(([other]) => other === name)?.[1];
  const names = () => told.map(([name]) => name);
  return { chatroom, gateway, told, last, names };
}

/** @param {FakeGateway} gateway */
async function letIn({ socket }) {
  socket.logIn();
  await settled();
  socket.answer("join", { chatroom: CHATROOM, member: MEMBER });
  await settled();
}

/** @param {import("node:test").TestContext} t @param {Record<string, any>} [options] */
async function entered(t, options) {
  const page = open(t, options);
  await letIn(page.gateway);
  return page;
}

test("the login and the joining say what the options said", async (t) => {
  const { gateway } = open(t, {
    loginAuthType: 1,
    loginExt: "x",
    deviceId: "d",
    chatroomNick: "Al",
    chatroomAvatar: "p",
    chatroomCustom: { a: 1 },
    chatroomEnterCustom: "hi",
    tags: ["red"],
    notifyTargetTags: "t",
    loc_x: 1,
    locY: 2,
    locZ: 3,
    distance: 4,
  });
  const { socket } = gateway;
  assert.equal(socket.url, "wss://a.test:1/ws");
  socket.open();
  const { id: _, ...login } = socket.asked("login");
  const who = { appKey: "key", accid: "Alice", token: "token" };
  assert.deepEqual(login, {
    op: "login",
    ...who,
    ...{ authType: 1, loginExt: "x", deviceId: "d", clientType: "Web" },
  });
  socket.answer("login", { session: "s1", resumed: false });
  await settled();
  const { id: __, ...join } = socket.asked("join");
  assert.deepEqual(join, {
    ...{ op: "join", roomid: "1", nick: "Al", avator: "p", ext: '{"a":1}', notifyExt: "hi" },
    ...{ tags: ["red"], notifyTargetTags: "t", locX: 1, locY: 2, locZ: 3, distance: 4 },
  });
});

for (const [code, refusal] of [
  ["login", 422],
  ["login", 403],
  ["join", 13002],
  ["join", 13005],
]) {
  test(`a ${code} refused with ${refusal} is the end`, async (t) => {
    const { gateway, last, names } = open(t);
    const { socket } = gateway;
    if (code === "login") socket.open();
    else socket.logIn();
    await settled();
    socket.refuse(String(code), Number(refusal), "no");
    await settled();
    assert.deepEqual(names(), ["ondisconnect"]);
    const { message, willReconnect, code: told } = last("ondisconnect");
    assert.deepEqual([told, message, willReconnect], [refusal, "no", false]);
    t.mock.timers.tick(60_000);
    assert.equal(gateway.sockets.length, 1);
  });
}

for (const [code, expected] of /** @type {[number, object][]} */ ([
  [4002, { code: 422 }],
  [4003, { code: "kicked", reason: "samePlatformKick" }],
  [1009, { code: 1009 }],
])) {
  test(`a connection closed with ${code} does not come back`, async (t) => {
    const { gateway, last, names } = await entered(t);
    gateway.socket.end(code);
    assert.deepEqual(names(), ["onconnect", "ondisconnect"]);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(last("ondisconnect")[name], value);
    }
  });
}

for (const [reason, name] of /** @type {[number, string][]} */ ([
  [1, "chatroomClosed"],
  [2, "managerKick"],
  [3, "samePlatformKick"],
  [5, "blacked"],
  [9, "unknown"],
])) {
  test(`put out for reason ${reason} is ${name}, and the connection ends with a goodbye`, async (t) => {
    const { gateway, last } = await entered(t);
    gateway.socket.say({ op: "kicked", roomid: "1", reason, notifyExt: "bye" });
    const error = last("ondisconnect");
    assert.deepEqual([error.code, error.reason, error.custom], ["kicked", name, "bye"]);
    assert.equal(gateway.socket.closedWith, 1000);
  });
}

test("put out silently, the page only connects anew", async (t) => {
  const { gateway, names } = await entered(t);
  gateway.socket.say({ op: "kicked", roomid: "1", reason: 4 });
  assert.equal(gateway.sockets.length, 2);
  await letIn(gateway);
  assert.deepEqual(names(), ["onconnect", "onwillreconnect", "onconnect"]);
});

test("a gateway that goes away says when to come back", async (t) => {
  const { gateway, last } = await entered(t);
  gateway.socket.say({ op: "drain", reconnectAfter: 700 });
  gateway.socket.end(1001);
  assert.deepEqual(last("onwillreconnect"), { retryCount: 1, duration: 700 });
  t.mock.timers.tick(699);
  assert.equal(gateway.sockets.length, 1);
  t.mock.timers.tick(1);
  assert.equal(gateway.socket.url, "wss://b.test:2/ws");
});

test("connecting twice is connecting once", async (t) => {
  const { gateway, chatroom } = open(t);
  chatroom.connect();
  await letIn(gateway);
  chatroom.connect();
  assert.equal(gateway.sockets.length, 1);
});

test("a token given while the old one still counts is tried where that is refused", async (t) => {
  const { gateway, chatroom, names } = await entered(t);
  chatroom.setOptions({ token: "second" });
  gateway.socket.end(1006);
  t.mock.timers.tick(0);
  gateway.socket.open();
  assert.equal(gateway.socket.asked("login").token, "token");
  gateway.socket.refuse("login", 302);
  await settled();
  gateway.socket.open();
  assert.equal(gateway.socket.asked("login").token, "second");
  gateway.socket.refuse("login", 302);
  await settled();
  assert.deepEqual(names(), ["onconnect", "onwillreconnect", "ondisconnect"]);
  assert.equal(gateway.sockets.length, 3);
});

test("a place that was kept is found as it is now", async (t) => {
  const { gateway, last, names } = await entered(t);
  gateway.socket.end(1006);
  t.mock.timers.tick(0);
  const { socket } = gateway;
  socket.resume(2);
  socket.answer("get", { chatroom: { ...CHATROOM, onlineusercount: 7 } });
  assert.deepEqual(socket.asked("queryMembers").accids, ["alice"]);
  socket.answer("queryMembers", { desc: { data: [{ ...MEMBER, type: "MANAGER" }] } });
  await settled();
  assert.deepEqual(names(), ["onconnect", "onwillreconnect", "onconnect"]);
  const { chatroom, member } = last("onconnect");
  assert.deepEqual([chatroom.onlineMemberNum, member.type], [7, "manager"]);
  socket.end(1006);
  assert.equal(last("onwillreconnect").retryCount, 1);
});

test("a place that was lost is taken anew, and the page is told that something is missing", async (t) => {
  const { gateway, last, names, chatroom } = await entered(t);
  gateway.socket.end(1006);
  assert.equal(chatroom.isConnected(), false);
  t.mock.timers.tick(0);
  await letIn(gateway);
  assert.deepEqual(names(), ["onconnect", "onwillreconnect", "onconnect", "onlost"]);
  assert.deepEqual(last("onlost"), { count: undefined, reason: "away" });
  assert.equal(chatroom.isConnected(), true);
  assert.equal(gateway.socket.all("history").length, 0);
});

test("what was read too slowly follows from the history, once", async (t) => {
  const { gateway, last } = await entered(t);
  const { socket } = gateway;
  socket.message({ time: "1000", msgid_client: "m1" });
  socket.say({ op: "lost", lane: "normal", count: 2 });
  socket.message({ time: "2000", msgid_client: "m4" });
  await settled();
  assert.deepEqual(last("onlost"), { count: 2, reason: "slow" });
  const listed = { from: "bob", type: 0, body: "hi" };
  socket.answer("history", {
    msgs: [1000, 1500, 1600, 2000].map((sendtime, at) => ({
      ...listed,
      sendtime,
      msgid: `m${at + 1}`,
    })),
  });
  await settled();
  t.mock.timers.tick(300);
  const ids = last("onmsgs").map((/** @type {any} */ { idClient }) => idClient);
  assert.deepEqual(ids, ["m1", "m4", "m2", "m3"]);
});

test("what is missing and cannot be fetched is an error", async (t) => {
  const { gateway, last } = await entered(t);
  gateway.socket.say({ op: "lost", lane: "normal", count: 2 });
  await settled();
  gateway.socket.refuse("history", 500, "disk");
  await settled();
  assert.equal(last("onerror").code, 500);
});

test("a message that comes twice, or is the page’s own, is not handed over", async (t) => {
  const { gateway, chatroom, told } = await entered(t);
  const pending = chatroom.sendText({ text: "mine" });
  gateway.socket.message({ msgid_client: pending.idClient, fromAccount: "alice" });
  gateway.socket.message({ msgid_client: "m1" });
  gateway.socket.message({ msgid_client: "m1" });
  await settled();
  t.mock.timers.tick(300);
  const [[, msgs]] = /** @type {[[string, any[]]]} */ (told.filter(([name]) => name === "onmsgs"));
  assert.deepEqual(
    msgs.map(({ idClient }) => idClient),
    ["m1"],
  );
});

test("a send whose answer was lost has failed, and is not sent again behind the page’s back", async (t) => {
  const { gateway, chatroom } = await entered(t);
  /** @type {any} */
  let failed;
  const done = (/** @type {any} */ error, /** @type {any} */ msg) => {
    failed = [error.code, msg.status];
  };
  chatroom.sendText({ text: "hello", done });
  gateway.socket.end(1006);
  await settled();
  assert.deepEqual(failed, ["Error_Internet_Disconnected", "fail"]);
  t.mock.timers.tick(0);
  gateway.socket.resume(2);
  await settled();
  assert.equal(gateway.socket.all("send").length, 0);
});

test("messages that wait are handed over before the end is told", async (t) => {
  const { gateway, names } = await entered(t);
  gateway.socket.message(wireMessage({ msgid_client: "last words" }));
  await settled();
  gateway.socket.end(4002);
  assert.deepEqual(names(), ["onconnect", "onmsgs", "ondisconnect"]);
});
