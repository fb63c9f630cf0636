import assert from "node:assert/strict";
import { test } from "node:test";
import { Closed } from "../../src/index.js";
import { connected, joined } from "../helpers/fake-gateway.js";

test("after a loss it waits and comes back, and says so", async (t) => {
  const { gateway, states, comeBack } = await connected(t);
  gateway.socket.logIn();
  comeBack();
  assert.deepEqual(states, [
    { kind: "online", resumed: false },
    {
      kind: "waiting",
      afterMs: 100,
      why: "The connection was lost.",
      code: 1006,
      attempt: 0,
    },
    { kind: "connecting" },
  ]);
});

test("each failure in a row counts, until a connection outlives a heartbeat", async (t) => {
  /** @type {number[]} */
  const attempts = [];
  const backoff = (/** @type {number} */ attempt) => {
    attempts.push(attempt);
    return 100;
  };
  const { gateway, comeBack } = await connected(t, { backoff });
  comeBack();
  comeBack();
  gateway.socket.logIn();
  comeBack();
  gateway.socket.logIn();
  t.mock.timers.tick(20_000);
  gateway.socket.answer("ping", { time: 1 });
  comeBack();
  assert.deepEqual(attempts, [0, 1, 2, 0]);
});

test("a back-off that gives nothing ends it", async (t) => {
  const { client, gateway } = await connected(t, { backoff: () => undefined });
  gateway.socket.end(1006);
  assert.ok(client.state.kind === "ended" && client.state.error instanceof Closed);
});

test("codes that forbid coming back end it", async (t) => {
  for (const code of [4001, 4002, 4003, 4050, 4100, 1009]) {
    const { client, gateway } = await connected(t);
    gateway.socket.logIn();
    gateway.socket.end(code);
    assert.ok(client.state.kind === "ended");
    assert.equal(client.state.code, code);
    t.mock.timers.tick(60_000);
    assert.equal(gateway.sockets.length, 1);
    t.mock.timers.reset();
  }
});

test("a flooding client stays away for at least ten seconds", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  gateway.socket.end(1008);
  assert.ok(client.state.kind === "waiting");
  assert.equal(client.state.afterMs, 10_100);
});

test("a draining gateway says when to be back, and is believed once", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  gateway.socket.say({ op: "drain", reconnectAfter: 7_000 });
  t.mock.timers.tick(1_000);
  gateway.socket.end(1001);
  assert.ok(client.state.kind === "waiting");
  assert.equal(client.state.afterMs, 6_000);
  t.mock.timers.tick(6_000);
  gateway.socket.end(1006);
  assert.equal(client.state.afterMs, 100);
});

test("a connection that gives no sign of life is left for another", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  t.mock.timers.tick(20_000);
  t.mock.timers.tick(10_000);
  assert.equal(gateway.socket.closedWith, 4900);
  assert.equal(client.state.kind, "waiting");
});

test("resume comes back at once from a wait", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.end(1006);
  client.resume();
  assert.equal(gateway.sockets.length, 2);
  t.mock.timers.tick(1_000);
  assert.equal(gateway.sockets.length, 2, "the planned attempt is off");
});

test("suspended it stays away without a goodbye until it is resumed", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  client.suspend();
  assert.equal(gateway.socket.closedWith, 4900);
  assert.deepEqual(client.state, { kind: "suspended" });
  t.mock.timers.tick(60_000);
  client.check();
  assert.equal(gateway.sockets.length, 1);
  client.resume();
  gateway.socket.open();
  assert.deepEqual(gateway.socket.asked("login").resume, { session: "s1", received: 1 });
});

test("check asks for a sign of life, and does not wait long for it", async (t) => {
  const { client, gateway, states } = await connected(t);
  gateway.socket.logIn();
  client.check();
  gateway.socket.answer("ping", { time: 1 });
  t.mock.timers.tick(5_000);
  client.check();
  t.mock.timers.tick(5_000);
  client.check();
  assert.deepEqual(
    states.map(({ kind }) => kind),
    ["online", "waiting", "connecting"],
  );
});

test("closing is a goodbye, ends it, and leaves no timer", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const closing = client.close();
  assert.equal(gateway.socket.closedWith, 1000);
  assert.ok(client.state.kind === "ended");
  assert.equal(client.state.error, undefined);
  gateway.socket.agree();
  await closing;
  await assert.rejects(client.request("get", { roomid: 1 }), Closed);
  t.mock.timers.tick(60_000);
  assert.equal(gateway.sockets.length, 1);
  await client.close();
});

test("whoever closes need not wait for the end", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const abort = new AbortController();
  const closing = client.close({ signal: abort.signal });
  abort.abort();
  await assert.rejects(closing, { name: "AbortError" });
  assert.equal(gateway.socket.closedWith, 1000);
});

test("a goodbye to a connection that hangs is not waited for longer than two seconds", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  const closing = client.close();
  t.mock.timers.tick(2_000);
  await closing;
  assert.equal(gateway.socket.isTerminated, true, "a process need not wait for it either");
});

test("the signal given to connect closes it, also before it has begun", async (t) => {
  const abort = new AbortController();
  const { client, gateway } = await connected(t, { signal: abort.signal });
  gateway.socket.logIn();
  const reason = new Error("page left");
  abort.abort(reason);
  assert.equal(gateway.socket.closedWith, 1000);
  assert.ok(client.state.kind === "ended");
  assert.equal(client.state.error, reason);
  t.mock.timers.reset();

  const late = await connected(t, { signal: abort.signal });
  assert.equal(late.client.state.kind, "ended");
  assert.equal(late.gateway.sockets.length, 0);
});

test("listeners that act at once are safe: suspended in the middle of connecting", async (t) => {
  const { client, gateway } = await connected(t);
  gateway.socket.end(1006);
  client.on("state", ({ kind }) => kind === "connecting" && client.suspend());
  t.mock.timers.tick(100);
  assert.equal(gateway.sockets.length, 1);
  assert.deepEqual(client.state, { kind: "suspended" });
});

for (const [act, kind] of /** @type {const} */ ([
  ["close", "ended"],
  ["suspend", "suspended"],
])) {
  test(`listeners that act at once are safe: ${kind} in the middle of entering rooms again`, async (t) => {
    const { client, gateway, room, comeBack } = await joined(t);
    room.on("state", ({ kind }) => kind === "rejoining" && client[act]());
    comeBack();
    gateway.socket.logIn({ session: "s2" });
    assert.equal(client.state.kind, kind);
  });
}
