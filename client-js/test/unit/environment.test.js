import assert from "node:assert/strict";
import { test } from "node:test";
import { connected } from "../helpers/fake-gateway.js";

/**
 * A page, as far as a client looks at it.
 * @param {import("node:test").TestContext} t
 */
function page(t) {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const network = new EventTarget();
  const parts = {
    document,
    addEventListener: network.addEventListener.bind(network),
    removeEventListener: network.removeEventListener.bind(network),
  };
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
    t.after(() => Reflect.deleteProperty(globalThis, name));
  }
  return {
    document,
    online: () => network.dispatchEvent(new Event("online")),
    offline: () => network.dispatchEvent(new Event("offline")),
    look: () => document.dispatchEvent(new Event("visibilitychange")),
  };
}

test("the network is back: it tries at once", async (t) => {
  const { online } = page(t);
  const { gateway } = await connected(t);
  gateway.socket.end(1006);
  online();
  assert.equal(gateway.sockets.length, 2);
});

test("the network is gone: the connection is asked for a sign of life", async (t) => {
  const { offline } = page(t);
  const { client, gateway } = await connected(t);
  gateway.socket.logIn();
  offline();
  assert.equal(gateway.socket.all("ping").length, 1);
  t.mock.timers.tick(5_000);
  assert.equal(client.state.kind, "waiting");
});

test("somebody looks again: the connection is asked; somebody looks away: it is not", async (t) => {
  const { document, look } = page(t);
  const { gateway } = await connected(t);
  gateway.socket.logIn();
  document.visibilityState = "hidden";
  look();
  assert.equal(gateway.socket.all("ping").length, 0);
  document.visibilityState = "visible";
  look();
  assert.equal(gateway.socket.all("ping").length, 1);
});

test("a closed client no longer listens", async (t) => {
  const { online } = page(t);
  const { client, gateway } = await connected(t);
  client.close();
  online();
  assert.equal(gateway.sockets.length, 1);
});
