/**
 * One member's connection to the gateway: logs in, joins, asks, and comes back after a loss. Knows nothing of the page.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").ServerFrame} ServerFrame
 * @typedef {import("./protocol.js").Reply} Reply
 *
 * @typedef {{appKey: string, accid: string, token: string, nick: string, roomid: string}} Pass what the door gave us
 *
 * @typedef {{kind: "connecting"}
 *   | {kind: "online"}
 *   | {kind: "waiting", afterMs: number, why: string}
 *   | {kind: "out", why: string}
 *   | {kind: "ended", why: string}} State out: connected but not in the room; ended: does not come back by itself
 *
 * @typedef {object} Listener
 * @property {(state: State) => void} state
 * @property {(roomName: string, again: boolean) => void} joined again: not for the first time, so something may be missing
 * @property {(message: Message) => void} message
 * @property {(count: number) => void} lost
 */

import { backoffMs } from "./backoff.js";
import { closeVerdict } from "./close-codes.js";
import { Heartbeat } from "./heartbeat.js";
import { kickedText, readFrame } from "./protocol.js";
import { Receipt } from "./receipt.js";
import { REPLY_TIMEOUT_MS, Refused, Requests } from "./requests.js";

/** What the browser reports when a connection broke without a close frame. */
const ABNORMAL = 1006;

export class Socket {
  #url;
  #pass;
  #listener;
  /** @type {WebSocket | null} */
  #ws = null;
  #requests = new Requests((frame) => this.#write(frame));
  #receipt = new Receipt((frame) => this.#write(frame));
  #heartbeat = new Heartbeat(
    () => this.#requests.ask({ op: "ping" }),
    () => this.#proven(),
    () => this.#dead(),
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Whether this connection's login has been answered; until then nothing else can come. */
  #loggedIn = false;
  #attempt = 0;
  #session = "";
  #joinedBefore = false;
  /** In the room or out of it; a resumed session finds itself where it was. @type {State} */
  #place = { kind: "connecting" };
  /** When a draining gateway asked us to be back, in ms of this machine's clock; 0 when it did not. */
  #returnAtMs = 0;

  /**
   * @param {string} url
   * @param {Pass} pass
   * @param {Listener} listener
   */
  constructor(url, pass, listener) {
    this.#url = url;
    this.#pass = pass;
    this.#listener = listener;
  }

  /** Connects now, whatever was planned. */
  connect() {
    this.#detach();
    this.#listener.state({ kind: "connecting" });
    const ws = new WebSocket(this.#url, "roomgate.v1");
    ws.onopen = () => this.#login();
    ws.onmessage = ({ data }) => this.#take(data);
    ws.onclose = ({ code }) => this.#closed(code);
    this.#ws = ws;
    // A handshake or login that hangs is a dead connection as well.
    this.#timer = setTimeout(() => this.#dead(), REPLY_TIMEOUT_MS);
  }

  /** Goes away for good. */
  leave() {
    this.#detach();
    this.#requests.abandon();
  }

  /** @param {Record<string, unknown>} message */
  send(message) {
    return this.#requests.ask({ op: "send", roomid: this.#pass.roomid, ...message });
  }

  async join() {
    const { roomid, nick } = this.#pass;
    try {
      const reply = await this.#requests.ask({ op: "join", roomid, nick });
      this.#listener.joined(reply.chatroom?.name ?? "", this.#joinedBefore);
      this.#joinedBefore = true;
      this.#settle({ kind: "online" });
    } catch (error) {
      // Without an answer the connection is in doubt, and the heartbeat will tell.
      if (error instanceof Refused) {
        this.#settle({ kind: "out", why: `The room cannot be entered: ${error.message}.` });
      }
    }
  }

  async #login() {
    const { appKey, accid, token } = this.#pass;
    const resume = this.#session
      ? { session: this.#session, received: this.#receipt.received }
      : undefined;
    try {
      const login = { op: "login", appKey, accid, token, clientType: "Web", resume };
      await this.#requests.ask(login);
    } catch {
      // Refused: the close code that follows says what it means for us. Unanswered: the timer is running.
    }
  }

  /**
   * Runs in the same turn as the login's reply: the next frame must be counted in the right session.
   * @param {Reply} reply
   */
  #welcome(reply) {
    this.#requests.settle(reply);
    if (reply.code !== 200) return;
    this.#loggedIn = true;
    clearTimeout(this.#timer);
    this.#heartbeat.start();
    if (!reply.resumed) {
      this.#requests.abandon();
      this.#receipt.begin();
      this.#session = reply.session ?? "";
    }
    // Who was put out of the room stays out until they ask to go in again.
    const { kind } = this.#place;
    if (kind === "out" || (kind === "online" && reply.resumed)) this.#settle(this.#place);
    else this.join();
  }

  /** @param {unknown} data */
  #take(data) {
    const frame = readFrame(data);
    if (!frame) return;
    if (!this.#loggedIn) {
      if (frame.op === "reply") this.#welcome(frame);
      return;
    }
    this.#receipt.count();
    switch (frame.op) {
      case "reply":
        return this.#requests.settle(frame);
      case "message":
        return this.#listener.message(frame.message);
      case "lost":
        return this.#listener.lost(frame.count);
      case "kicked":
        return this.#settle({ kind: "out", why: kickedText(frame.reason) });
      case "drain":
        this.#returnAtMs = Date.now() + frame.reconnectAfter;
    }
  }

  /** @param {State} place */
  #settle(place) {
    this.#place = place;
    this.#listener.state(place);
  }

  /** @param {number} code */
  #closed(code) {
    this.#detach();
    const { back, why, atLeastMs } = closeVerdict(code);
    if (!back) {
      this.#requests.abandon();
      this.#listener.state({ kind: "ended", why });
      return;
    }
    const afterMs = this.#drainMs() ?? atLeastMs + backoffMs(this.#attempt);
    this.#attempt += 1;
    this.#listener.state({ kind: "waiting", afterMs, why });
    this.#timer = setTimeout(() => this.connect(), afterMs);
  }

  /** What is left of the wait a draining gateway asked for; it has already spread its members, so no jitter on top. */
  #drainMs() {
    if (this.#returnAtMs === 0) return undefined;
    const leftMs = Math.max(0, this.#returnAtMs - Date.now());
    this.#returnAtMs = 0;
    return leftMs;
  }

  /** Only a connection that outlived a heartbeat clears the count: one that dies right after its login must not hammer. */
  #proven() {
    this.#attempt = 0;
  }

  #dead() {
    // The close handshake of a dead connection would hang too: do not wait for its close event.
    this.#closed(ABNORMAL);
  }

  #detach() {
    this.#loggedIn = false;
    clearTimeout(this.#timer);
    this.#heartbeat.stop();
    this.#receipt.pause();
    if (!this.#ws) return;
    this.#ws.onopen = this.#ws.onmessage = this.#ws.onclose = null;
    this.#ws.close();
    this.#ws = null;
  }

  /** @param {object} frame */
  #write(frame) {
    // A frame for a connection that is just breaking: its request stays open and is settled or abandoned by the next login.
    if (this.#ws?.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify(frame));
  }
}
