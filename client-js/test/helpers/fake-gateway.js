/** A gateway played by hand: WebSockets that say only what a test has them say, and remember what was written to them. */

import assert from "node:assert/strict";

/** Lets what was just settled be noticed. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export class FakeGateway {
  /** Every connection so far, the newest last. @type {FakeSocket[]} */
  sockets = [];

  /** What a client takes for the platform's WebSocket. */
  get WebSocket() {
    const { sockets } = this;
    return class extends FakeSocket {
      /** @param {string} url @param {string} protocol */
      constructor(url, protocol) {
        super(url, protocol);
        sockets.push(this);
      }
    };
  }

  get socket() {
    const socket = this.sockets.at(-1);
    assert.ok(socket, "nobody has connected yet");
    return socket;
  }
}

class FakeSocket {
  readyState = 0;
  /** @type {any[]} */
  written = [];
  /** With what the client closed it. @type {number | undefined} */
  closedWith;
  isTerminated = false;
  /** @type {((event?: any) => void) | null} */
  onopen = null;
  /** @type {((event?: any) => void) | null} */
  onmessage = null;
  /** @type {((event?: any) => void) | null} */
  onclose = null;
  /** @type {((event?: any) => void) | null} */
  onerror = null;

  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
  }

  /** @param {string} text */
  send(text) {
    assert.equal(this.readyState, 1, "written to a socket that is not open");
    this.written.push(JSON.parse(text));
  }

  /** @param {number} code */
  close(code) {
    this.closedWith ??= code;
    this.readyState = 2;
  }

  terminate() {
    this.isTerminated = true;
  }

  // What follows is the gateway's side.

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** @param {object} frame */
  say(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  end(code) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** The client has closed, and the handshake is over. */
  agree() {
    this.end(this.closedWith ?? 1006);
  }

  /** @param {object} [members] */
  logIn(members) {
    this.open();
    this.answer("login", { session: "s1", resumed: false, ...members });
  }

  /** @param {number} received the recovering ping is answered too */
  resume(received) {
    this.open();
    assert.equal(this.asked("login").resume?.received, received);
    this.answer("login", { session: "s1", resumed: true });
    this.answer("ping", { time: 1 });
  }

  /** @param {string} op @returns {any} the newest frame with this verb */
  asked(op) {
    const frame = this.written.findLast((written) => written.op === op);
    assert.ok(frame, `no ${op} was written`);
    return frame;
  }

  /** @param {string} op @returns {any[]} */
  all(op) {
    return this.written.filter((written) => written.op === op);
  }

  /** @param {string} op the newest frame with this verb is answered @param {object} [members] */
  answer(op, members) {
    this.say({ op: "reply", id: this.asked(op).id, code: 200, ...members });
  }

  /** @param {string} op @param {number} code @param {string} [desc] */
  refuse(op, code, desc = "no") {
    this.say({ op: "reply", id: this.asked(op).id, code, desc });
  }

  /** @param {Partial<import("../../src/protocol.js").WireMessage>} members */
  message(members) {
    this.say({ op: "message", message: wireMessage(members) });
  }
}

/**
 * @param {Partial<import("../../src/protocol.js").WireMessage>} members
 * @returns {import("../../src/protocol.js").WireMessage}
 */
export function wireMessage(members) {
  return {
    time: "1000",
    roomId: "1",
    type: "0",
    msgid_client: "m1",
    fromAccount: "bob",
    fromNick: "Bob",
    attach: "hi",
    ...members,
  };
}

/**
 * A session with a hand on each end. Its timers are the test's.
 * @param {import("node:test").TestContext} t
 * @param {Partial<import("../../src/index.js").ConnectOptions>} [options]
 */
export async function connected(t, options) {
  const { connect } = await import("../../src/index.js");
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  const gateway = new FakeGateway();
  const client = connect({
    url: "ws://gateway.test/ws",
    appKey: "key",
    accid: "alice",
    token: "token",
    WebSocket: gateway.WebSocket,
    backoff: () => 100,
    ...options,
  });
  t.after(() => {
    client.close();
    gateway.sockets.at(-1)?.agree();
  });
  /** @type {import("../../src/index.js").State[]} */
  const states = [];
  client.on("state", (state) => states.push(state));
  /** The network breaks, and the client is back on a new socket, not yet open. */
  const comeBack = () => {
    gateway.socket.end(1006);
    t.mock.timers.tick(100);
  };
  return { client, gateway, states, comeBack };
}

/**
 * The same, logged in and in room 1.
 * @param {import("node:test").TestContext} t
 * @param {Partial<import("../../src/index.js").ConnectOptions>} [options]
 */
export async function joined(t, options) {
  const world = await connected(t, options);
  const { client, gateway } = world;
  gateway.socket.logIn();
  const joining = client.join("1", { nick: "Alice" });
  await settled();
  gateway.socket.answer("join", {
    chatroom: { roomid: 1, name: "Hall" },
    member: { accid: "alice", enterTime: 500 },
  });
  const room = await joining;
  return { ...world, room };
}
