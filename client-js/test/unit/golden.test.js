import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../../src/index.js";
import { readHistory, readMessage } from "../../src/message.js";
import { readNotification } from "../../src/notification.js";
import { readFrame } from "../../src/protocol.js";
import { connected, settled } from "../helpers/fake-gateway.js";
import { all, frame } from "../helpers/golden.js";

/** What the client writes in words of its own; all other verbs are asked for by `request`. */
const OWN = ["login", "join", "leave", "send", "history", "ack", "ping"];

/** Whoever logs in as client/login does, and is answered. @param {import("node:test").TestContext} t */
async function ann(t) {
  const { appKey, accid, token, clientType, deviceId } = frame("client/login");
  const world = await connected(t, { appKey, accid, token, clientType, deviceId });
  world.gateway.socket.open();
  answer(world.gateway, "login", "server/reply-login");
  const joining = world.client.join("1");
  await settled();
  answer(world.gateway, "join", "server/reply-join");
  return { ...world, room: await joining };
}

/**
 * Answers the newest frame of a verb as the file says, but with that frame's own id.
 * @param {import("../helpers/fake-gateway.js").FakeGateway} gateway
 * @param {string} op
 * @param {string} name
 */
function answer(gateway, op, name) {
  gateway.socket.say({ ...frame(name), id: gateway.socket.asked(op).id });
}

/** What the client wrote must be the file's frame, but for the id that is its own. @param {any} written @param {string} name */
function isGolden(written, name) {
  const { id, ...members } = frame(name);
  assert.deepEqual({ ...written, id }, { ...members, id }, name);
  assert.equal(typeof written.id, "number");
}

test("every frame of the gateway is read, whole", () => {
  for (const { name, frame } of all("server")) {
    assert.deepEqual(readFrame(JSON.stringify(frame)), frame, name);
  }
});

test("every notification is known by its name, and says who did what to whom", () => {
  const notices = all("server").filter(({ name }) => name.startsWith("server/notice-"));
  assert.ok(notices.length >= 25, `${notices.length} notices`);
  for (const { name, frame } of notices) {
    const notification = readNotification(readMessage(frame.message));
    assert.equal(notification?.id, Number(name.match(/\d+/)?.[0]), name);
    assert.notEqual(notification?.name, "unknown", name);
    assert.equal(notification?.operator.accid, frame.message.fromAccount, name);
    for (const { accid, nick } of notification?.targets ?? []) assert.ok(accid && nick, name);
    if ("queueChange" in notification.data) {
      assert.equal(typeof notification.data.queueChange._e, "string", name);
    }
  }
});

test("messages are read into what they say", () => {
  const read = (/** @type {string} */ name) => readMessage(frame(`server/${name}`).message);
  const { high, directed, text, from, nick, roomid, time } = read("message-directed");
  assert.deepEqual(
    { high, directed, text, from, nick, roomid, time },
    {
      high: true,
      directed: true,
      text: "Your turn",
      from: "ann",
      nick: "Ann",
      roomid: "1",
      time: 1_800_000_000_000,
    },
  );
  assert.deepEqual([read("message").high, read("message").directed], [false, false]);
  assert.deepEqual([read("message-urgent").high, read("message-urgent").directed], [true, false]);
  assert.deepEqual(read("message-full").ext, '{"bubble":3}');
  for (const kind of ["image", "audio", "video", "location", "file", "custom"]) {
    const { content, type } = readMessage(frame(`server/reply-send-${kind}`).desc);
    assert.equal(typeof content, "object", kind);
    assert.equal(type, kind === "location" ? "geo" : kind);
  }
  const [newest] = frame("server/reply-history").msgs;
  assert.equal(readHistory("1", newest).text, "Fire alarm: leave the hall");
});

test("login, join, leave, ack and ping are written as the files have them", async (t) => {
  const { client, gateway, room } = await ann(t);
  isGolden(gateway.socket.asked("login"), "client/login");
  isGolden(gateway.socket.asked("join"), "client/join");
  // The replies to login and join were the first two.
  for (let at = 3; at <= 32; at += 1) {
    gateway.socket.message({ msgid_client: `${at}` });
  }
  assert.deepEqual(gateway.socket.asked("ack"), frame("client/ack"));
  client.check();
  isGolden(gateway.socket.asked("ping"), "client/ping");
  const leaving = room.leave();
  await settled();
  isGolden(gateway.socket.asked("leave"), "client/leave");
  answer(gateway, "leave", "server/reply-done");
  await leaving;
});

test("a dynamic token and all that may be said in a join are written as the files have them", async (t) => {
  const { op, id, ...login } = frame("client/login-dynamic");
  const { gateway, client } = await connected(t, login);
  gateway.socket.open();
  isGolden(gateway.socket.asked(op), "client/login-dynamic");
  answer(gateway, op, "server/reply-login");
  const { roomid, op: _, id: __, ...members } = frame("client/join-full");
  const joining = client.join(roomid, members);
  await settled();
  isGolden(gateway.socket.asked("join"), "client/join-full");
  answer(gateway, "join", "server/reply-join-full");
  assert.equal((await joining).member?.nick, "Annie");
});

test("messages are written as the files have them", async (t) => {
  const { gateway, room } = await ann(t);
  /** @type {[string, import("../../src/send.js").SendOptions][]} */
  const cases = [
    ["send", {}],
    ["send-directed", { to: ["bob", "cat", "dan"], high: true, outcomes: true }],
    ["send-again", { to: ["bob", "cat", "dan"], high: true, outcomes: true, resend: true }],
    ["send-urgent", { high: true }],
  ];
  for (const [name, options] of cases) {
    const { msgId, attach } = frame(`client/${name}`);
    const sending = room.send(attach, { id: msgId, ...options });
    await settled();
    isGolden(gateway.socket.asked("send"), `client/${name}`);
    answer(gateway, "send", `server/reply-${name}`);
    const { message, outcomes } = await sending;
    assert.deepEqual(outcomes, frame(`server/reply-${name}`).outcomes, name);
    assert.equal(message.id, msgId);
  }
  for (const kind of ["image", "audio", "video", "geo", "file", "tip", "custom"]) {
    const name = `client/send-${kind === "geo" ? "location" : kind}`;
    const { msgId, attach } = frame(name);
    const content = kind === "tip" ? { text: attach } : JSON.parse(attach);
    const typed = /** @type {import("../../src/content.js").Content} */ ({
      type: kind,
      ...content,
    });
    room.send(typed, { id: msgId }).catch(() => {});
    await settled();
    isGolden(gateway.socket.asked("send"), name);
  }
});

test("history is asked for as the file has it, and read", async (t) => {
  const { gateway, room } = await ann(t);
  const asking = room.history({ limit: 2, before: 0, types: ["text"] });
  await settled();
  isGolden(gateway.socket.asked("history"), "client/history");
  answer(gateway, "history", "server/reply-history");
  const texts = (await asking).map(({ text }) => text);
  assert.deepEqual(texts, ["Fire alarm: leave the hall", "Hello, everybody"]);
});

test("every other verb is written as its file has it, and its answer handed on", async (t) => {
  const { gateway, room } = await ann(t);
  const verbs = all("client").filter(({ frame, answer }) => {
    return !OWN.includes(frame.op) && answer?.startsWith("server/reply-");
  });
  assert.ok(verbs.length >= 23, `${verbs.length} verbs`);
  for (const { name, frame: asked, answer: answered } of verbs) {
    const { op, id, roomid, roomId, ...members } = asked;
    const asking = room.request(op, members);
    await settled();
    isGolden(gateway.socket.asked(op), name);
    answer(gateway, op, answered ?? "");
    const reply = await asking;
    assert.deepEqual({ ...reply, id }, { ...frame(answered ?? ""), id }, name);
  }
});

test("after a break it logs in as the file has it, and takes both answers for what they are", async (t) => {
  const { client, gateway, room, comeBack } = await ann(t);
  gateway.socket.say(frame("server/notice-301-enter"));
  comeBack();
  gateway.socket.open();
  isGolden(gateway.socket.asked("login"), "client/login-resume");
  answer(gateway, "login", "server/reply-login-resumed");
  answer(gateway, "ping", "server/reply-ping");
  assert.deepEqual(client.state, { kind: "online", resumed: true });
  comeBack();
  gateway.socket.open();
  const gap = new Promise((resolve) => room.on("gap", resolve));
  answer(gateway, "login", "server/reply-login-not-resumed");
  assert.deepEqual(client.state, { kind: "online", resumed: false });
  isGolden(gateway.socket.asked("join"), "client/join");
  answer(gateway, "join", "server/reply-join");
  assert.equal(/** @type {import("../../src/index.js").Gap} */ (await gap).reason, "away");
});

test("refusals carry the code and the sentence of the file", async (t) => {
  const { gateway, client, room } = await ann(t);
  const is = (/** @type {string} */ name) => {
    const { code, desc } = frame(name);
    return (/** @type {unknown} */ error) =>
      error instanceof Refused && error.code === code && error.message.includes(desc);
  };
  for (const name of ["refused-muted", "refused-room-muted", "refused-not-in-room"]) {
    const sending = assert.rejects(room.send("hi"), is(`server/${name}`));
    await settled();
    answer(gateway, "send", `server/${name}`);
    await sending;
  }
  for (const name of ["refused-no-room", "refused-blocklisted", "refused-room-closed"]) {
    const joining = assert.rejects(client.join("999"), is(`server/${name}`));
    await settled();
    answer(gateway, "join", `server/${name}`);
    await joining;
  }
});

test("a refused login ends it", async (t) => {
  const { gateway, client } = await connected(t, { token: "guess" });
  gateway.socket.open();
  answer(gateway, "login", "server/refused-login");
  assert.deepEqual([client.state.kind, /** @type {any} */ (client.state).code], ["ended", 302]);
});

test("being put out, losses and a gateway that goes away are told", async (t) => {
  for (const name of [
    "kicked-1-closed",
    "kicked-2-by-manager",
    "kicked-3-elsewhere",
    "kicked-5-blocklisted",
  ]) {
    await t.test(name, async (t) => {
      const { gateway, room } = await ann(t);
      const kicked = new Promise((resolve) => room.on("kicked", resolve));
      gateway.socket.say(frame(`server/${name}`));
      const { reason, notifyExt } = await kicked;
      const { reason: expected, notifyExt: ext = "" } = frame(`server/${name}`);
      assert.deepEqual([reason, notifyExt], [expected, ext]);
    });
  }
  const { gateway, client, room } = await ann(t);
  const gap = new Promise((resolve) => room.on("gap", resolve));
  gateway.socket.say(frame("server/lost"));
  const { lane, count, reason } = /** @type {import("../../src/index.js").Gap} */ (await gap);
  assert.deepEqual({ lane, count, reason }, { lane: "normal", count: 12, reason: "slow" });
  gateway.socket.say(frame("server/drain"));
  gateway.socket.end(1001);
  const { state } = client;
  assert.equal(state.kind === "waiting" && state.afterMs, frame("server/drain").reconnectAfter);
});
