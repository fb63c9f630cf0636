import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, NotSupported, Refused } from "../../src/index.js";
import { connected, settled } from "../helpers/fake-gateway.js";

test("a client connects by itself and logs in with what it was given", async (t) => {
  const { client, gateway } = await connected(t, { deviceId: "phone", authType: 1 });
  assert.deepEqual(client.state, { kind: "connecting" });
  const { socket } = gateway;
  assert.deepEqual([socket.url, socket.protocol], ["ws://gateway.test/ws", "roomgate.v1"]);
  socket.open();
  const { id, ...login } = socket.asked("login");
  assert.deepEqual(login, {
    op: "login",
    appKey: "key",
    accid: "alice",
    token: "token",
    authType: 1,
    clientType: "Web",
    deviceId: "phone",
  });
  socket.answer("login", { session: "s1", resumed: false, user: { accid: "alice" } });
  assert.deepEqual(client.state, { kind: "online", resumed: false });
  assert.equal(client.session, "s1");
  assert.equal(client.user?.accid, "alice");
});

test("a refused login is the end, and whoever waits to join is told why", async (t) => {
  for (const code of [302, 403, 422]) {
    const { client, gateway } = await connected(t);
    const joining = client.join("1");
    gateway.socket.open();
    gateway.socket.refuse("login", code, "no such account");
    await assert.rejects(joining, (error) => error instanceof Refused && error.code === code);
    assert.ok(client.state.kind === "ended" && client.state.error instanceof Refused);
    assert.match(
      client.state.error.hint,
      { 302: /token/, 403: /appKey/, 422: /blocked/ }[code] ?? /^$/,
    );
    await assert.rejects(client.join("2"), Refused);
    assert.deepEqual(client.rooms, []);
    t.mock.timers.tick(60_000);
    assert.equal(gateway.sockets.length, 1, "it does not come back");
    t.mock.timers.reset();
  }
});

test("a gateway in trouble refuses a login only for now", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.open();
  gateway.socket.refuse("login", 500);
  assert.equal(client.state.kind, "waiting");
});

test("a login refused with 302 is tried once more with a new token", async (t) => {
  /** @type {Refused[]} */
  const reasons = [];
  const renewToken = async (/** @type {Refused} */ reason) => {
    reasons.push(reason);
    return `fresh${reasons.length}`;
  };
  const { client, gateway } = await connected(t, { renewToken });
  gateway.socket.open();
  gateway.socket.refuse("login", 302, "wrong token");
  await settled();
  assert.equal(reasons[0]?.message, "wrong token");
  gateway.socket.logIn();
  assert.equal(gateway.socket.asked("login").token, "fresh1");
  assert.equal(client.state.kind, "online");
});

test("a new token that is refused too is the end; after a login there is a new chance", async (t) => {
  let renewals = 0;
  const renewToken = () => {
    renewals += 1;
    return "fresh";
  };
  const { client, gateway, comeBack } = await connected(t, { renewToken });
  const refuse = async () => {
    gateway.socket.open();
    gateway.socket.refuse("login", 302);
    await settled();
  };
  await refuse();
  gateway.socket.logIn();
  comeBack();
  await refuse();
  await refuse();
  assert.equal(renewals, 2);
  assert.equal(client.state.kind, "ended");
});

test("where no new token can be had the login's refusal is the end, with the cause", async (t) => {
  const cause = new Error("the application server is down");
  const { client, gateway } = await connected(t, { renewToken: () => Promise.reject(cause) });
  gateway.socket.open();
  gateway.socket.refuse("login", 302);
  await settled();
  assert.ok(client.state.kind === "ended" && client.state.error instanceof Refused);
  assert.equal(client.state.error.cause, cause);
});

test("a client suspended while it gets a new token stays away, and has it when it comes back", async (t) => {
  /** @type {(token: string) => void} */
  let give = () => {};
  const renewToken = () => new Promise((/** @type {(token: string) => void} */ to) => (give = to));
  const { client, gateway } = await connected(t, { renewToken });
  gateway.socket.open();
  gateway.socket.refuse("login", 302);
  client.suspend();
  give("fresh");
  await settled();
  assert.equal(gateway.sockets.length, 1);
  client.resume();
  gateway.socket.open();
  assert.equal(gateway.socket.asked("login").token, "fresh");
});

test("a login that hangs is given up after ten seconds", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.open();
  t.mock.timers.tick(10_000);
  assert.equal(client.state.kind, "waiting");
  assert.equal(gateway.socket.closedWith, 4900);
});

test("where there is no WebSocket the error says what to do", () => {
  const WebSocket = /** @type {any} */ (null);
  assert.throws(
    () => connect({ url: "ws://gateway.test/ws", appKey: "key", WebSocket }),
    (error) => error instanceof NotSupported && /Hand one in/.test(error.hint),
  );
});

test("a WebSocket that cannot be made is a failed attempt like any other", async (t) => {
  const urls = ["bad", "ws://gateway.test/ws"];
  const url = () => {
    const next = urls.shift();
    if (next === "bad") throw new SyntaxError("bad address");
    return next ?? "";
  };
  const { client, gateway } = await connected(t, { url });
  assert.ok(client.state.kind === "waiting");
  assert.equal(client.state.why, "No connection could be made: bad address.");
  t.mock.timers.tick(100);
  gateway.socket.logIn();
  assert.deepEqual(client.state, { kind: "online", resumed: false });
});

test("the address is asked for before each attempt", async (t) => {
  const hosts = ["a", "b"];
  const url = () => `ws://${hosts.shift()}.test/ws`;
  const { gateway, comeBack } = await connected(t, { url });
  gateway.socket.logIn();
  comeBack();
  assert.deepEqual(
    gateway.sockets.map((socket) => socket.url),
    ["ws://a.test/ws", "ws://b.test/ws"],
  );
});
