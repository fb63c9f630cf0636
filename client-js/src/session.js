/**
 * One login, over as many connections as it takes: logs in, counts what it takes in, asks, comes back and carries on where it was.
 * Knows rooms only as requests that are asked anew when the gateway has forgotten the session.
 *
 * @typedef {import("./protocol.js").Ask} Ask
 * @typedef {import("./protocol.js").Reply} Reply
 * @typedef {import("./protocol.js").ServerFrame} ServerFrame
 * @typedef {import("./requests.js").AskOptions} AskOptions
 * @typedef {import("./connection.js").SocketClass} SocketClass
 * @typedef {import("./errors.js").Refused} RefusedError
 *
 * @typedef {{kind: "connecting"}
 *   | {kind: "online", resumed: boolean}
 *   | {kind: "waiting", afterMs: number, why: string, code: number, attempt: number}
 *   | {kind: "suspended"}
 *   | {kind: "ended", why: string, code: number, error: Error | undefined}} State
 *
 * @typedef {object} SessionOptions
 * @property {string | (() => string)} url asked before each attempt
 * @property {Record<string, unknown>} login the members of the login frame
 * @property {SocketClass} WebSocket
 * @property {number} [queueLimit]
 * @property {number} [timeout] ms for what an application asks; as long as it takes unless given
 * @property {(attempt: number) => number | undefined} [backoff] how many ms to wait; undefined: do not come back
 * @property {(reason: RefusedError) => Promise<string> | string} [renewToken]
 *
 * @typedef {object} SessionEars
 * @property {(state: State) => void} state
 * @property {(frame: ServerFrame) => void} frame every one after the login's reply
 * @property {() => void} restarted the gateway knows nothing of us: what is asked `ahead` now goes out before all that waits
 */

import { socketAddress } from "./address.js";
import { closeVerdict } from "./close-codes.js";
import { Comeback } from "./comeback.js";
import { AWAY, BROKEN, Connection, GOODBYE } from "./connection.js";
import { Closed, Refused } from "./errors.js";
import { ANSWER_MS, Heartbeat } from "./heartbeat.js";
import { readFrame } from "./protocol.js";
import { Receipt } from "./receipt.js";
import { Requests } from "./requests.js";

/** Somebody looks at us, or the network is in doubt: less patience than on the beat. */
export const CHECK_MS = 5_000;
const WRONG_TOKEN = 302;
/** What means something else at the door than inside. @type {Record<number, string>} */
const LOGIN_HINTS = { 403: "Check appKey; or the application server does not want this login." };

export class Session {
  /** @type {State} */
  state = { kind: "connecting" };
  /** Who we are to the gateway; null before the first login. @type {import("./protocol.js").User | null} */
  user = null;
  /** @type {import("./protocol.js").Limits | null} */
  limits = null;
  /** The gateway's name for this session; empty before the first login. */
  id = "";
  #options;
  #ears;
  #login;
  /** @type {Connection | null} */
  #connection = null;
  /** Whether this connection's login has been answered; until then nothing else can come. */
  #loggedIn = false;
  #requests;
  #receipt = new Receipt((frame) => this.#write(JSON.stringify(frame)));
  #heartbeat = new Heartbeat(
    () => this.#ping(),
    () => this.#comeback.proven(),
    () => this.#broken(BROKEN),
  );
  /** The next attempt, or the end of this one's patience. @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #comeback;
  /** Whether the present refusal has been answered with a new token. */
  #renewed = false;

  /**
   * @param {SessionOptions} options
   * @param {SessionEars} ears
   */
  constructor(options, ears) {
    this.#options = options;
    this.#login = { ...options.login };
    this.#ears = ears;
    this.#comeback = new Comeback(options.backoff);
    this.#requests = new Requests((text) => this.#write(text), options.queueLimit);
  }

  /** Frames of this session taken in so far, its first login's reply included. */
  get received() {
    return this.#receipt.received;
  }

  /** How many ms an application waits for what it asks. */
  get timeout() {
    return this.#options.timeout;
  }

  start() {
    this.#dial();
  }

  /**
   * Asks now, or waits for the connection. Sends are repeated with resendFlag where their answer was lost, reading verbs are asked again.
   * @param {Ask} ask
   * @param {AskOptions} [options]
   * @returns {Promise<Reply>}
   */
  request(ask, options) {
    if (this.state.kind === "ended") return Promise.reject(this.#endError());
    return this.#requests.ask(ask, options);
  }

  /** Breaks the connection without a goodbye, and stays away. */
  suspend() {
    if (this.state.kind === "ended") return;
    this.#drop(AWAY);
    this.#enter({ kind: "suspended" });
  }

  /** Comes back now. */
  resume() {
    const { kind } = this.state;
    if (kind === "suspended" || kind === "waiting") this.#dial();
  }

  /** Makes sure of the connection: asks for a sign of life, or tries at once. */
  check() {
    if (this.#loggedIn) this.#heartbeat.check(CHECK_MS);
    else if (this.state.kind === "waiting") this.#dial();
  }

  /**
   * Says goodbye; the gateway ends the session.
   * @param {Error} [error] why, where it is not simply over
   * @returns {Promise<void>} when the connection is closed
   */
  close(error) {
    if (this.state.kind === "ended") return Promise.resolve();
    const connection = this.#connection;
    const gone = new Promise((/** @type {(gone: void) => void} */ resolve) => {
      if (!connection) return resolve();
      connection.close(GOODBYE, resolve);
      this.#connection = null;
    });
    this.#end("This client was closed.", GOODBYE, error);
    return gone;
  }

  #dial() {
    this.#drop(AWAY);
    // A handshake or login that hangs is a dead connection as well.
    this.#timer = setTimeout(() => this.#broken(BROKEN), ANSWER_MS);
    this.#enter({ kind: "connecting" });
    if (this.state.kind !== "connecting" || this.#connection) return;
    try {
      const { url, WebSocket } = this.#options;
      this.#connection = this.#connect(
        WebSocket,
        typeof url === "function" ? socketAddress(url()) : url,
      );
    } catch (error) {
      this.#broken(BROKEN, `No connection could be made: ${messageOf(error)}.`);
    }
  }

  /** @param {SocketClass} Socket @param {string} url */
  #connect(Socket, url) {
    return new Connection(Socket, url, {
      opened: () => this.#logIn(),
      heard: (data) => this.#hear(data),
      closed: (code) => this.#closed(code),
    });
  }

  #logIn() {
    const resume = this.id ? { session: this.id, received: this.#receipt.received } : undefined;
    const login = { op: "login", id: this.#requests.nextId(), ...this.#login, resume };
    this.#write(JSON.stringify(login));
  }

  /** @param {unknown} data */
  #hear(data) {
    const frame = readFrame(data);
    if (!this.#loggedIn) {
      if (frame?.op === "reply") this.#answered(frame);
      return;
    }
    this.#heartbeat.hear();
    this.#receipt.count();
    if (frame) this.#take(frame);
  }

  /** @param {ServerFrame} frame */
  #take(frame) {
    if (frame.op === "drain") this.#comeback.drain(frame.reconnectAfter);
    if (frame.op === "reply" && !this.#heartbeat.settle(frame.id)) this.#requests.settle(frame);
    this.#ears.frame(frame);
  }

  /**
   * Runs in the same turn as the login's reply: the next frame must be counted in the right session.
   * @param {Reply} reply
   */
  #answered(reply) {
    if (reply.code !== 200) return this.#refused(new Refused(reply, LOGIN_HINTS[reply.code]));
    clearTimeout(this.#timer);
    this.#loggedIn = true;
    this.#renewed = false;
    this.#heartbeat.start();
    this.#requests.back();
    const resumed = reply.resumed === true;
    if (resumed) this.#carryOn();
    else this.#startAnew(reply);
    // Who heard of it may have closed or suspended us meanwhile.
    if (this.#loggedIn) this.#enter({ kind: "online", resumed });
  }

  /** The answers that were lost are sent again before this ping's: what is open behind it never reached the gateway. */
  #carryOn() {
    this.#heartbeat.check(ANSWER_MS, () => {
      this.#requests.repeat();
      this.#requests.flow();
    });
  }

  /** @param {Reply} reply */
  #startAnew({ session = "", user, limits }) {
    this.#receipt.begin();
    this.id = session;
    this.user = user ?? null;
    this.limits = limits ?? null;
    if (limits?.messageBytes) this.#requests.messageBytes = limits.messageBytes;
    this.#requests.repeat();
    this.#ears.restarted();
    if (this.#loggedIn) this.#requests.flow();
  }

  /** @param {Refused} refused */
  #refused(refused) {
    const code = Number(refused.code);
    if (code >= 500 && code <= 599) return this.#broken(code);
    if (code === WRONG_TOKEN && this.#options.renewToken && !this.#renewed) this.#renew(refused);
    else this.#end(`The login was refused: ${refused.message}.`, code, refused);
  }

  /** @param {Refused} refused */
  async #renew(refused) {
    this.#drop(AWAY);
    this.#renewed = true;
    const { state } = this;
    try {
      this.#login.token = await this.#options.renewToken?.(refused);
    } catch (error) {
      refused.cause = error;
      if (this.state === state) this.#end("There is no new token.", WRONG_TOKEN, refused);
      return;
    }
    // Meanwhile it may have been suspended, closed, or come back another way.
    if (this.state === state) this.#dial();
  }

  /** @param {number} code */
  #closed(code) {
    const { back, why } = closeVerdict(code);
    if (back) this.#broken(code);
    else this.#end(why, code, new Closed(why, "Connect anew once its cause is gone."));
  }

  /**
   * @param {number} code
   * @param {string} [why]
   */
  #broken(code, why = closeVerdict(code).why) {
    this.#drop(AWAY);
    const wait = this.#comeback.next(code);
    if (!wait) return this.#end(why, code, new Closed(why));
    this.#timer = setTimeout(() => this.#dial(), wait.afterMs);
    this.#enter({ kind: "waiting", why, code, ...wait });
  }

  /** @param {string} why @param {number} code @param {Error} [error] */
  #end(why, code, error) {
    this.#drop(AWAY);
    /** @type {State} */
    const state = { kind: "ended", why, code, error };
    this.state = state;
    this.#requests.end(this.#endError());
    this.#ears.state(state);
  }

  #endError() {
    const error = this.state.kind === "ended" ? this.state.error : undefined;
    return error ?? new Closed("the client was closed");
  }

  /** @param {State} state */
  #enter(state) {
    this.state = state;
    this.#ears.state(state);
  }

  /** Lets go of the connection and of everything that belongs to it alone. @param {number} code */
  #drop(code) {
    this.#loggedIn = false;
    clearTimeout(this.#timer);
    this.#heartbeat.stop();
    this.#receipt.pause();
    this.#requests.pause();
    this.#connection?.close(code);
    this.#connection = null;
  }

  #ping() {
    const id = this.#requests.nextId();
    this.#write(JSON.stringify({ op: "ping", id }));
    return id;
  }

  /** @param {string} text */
  #write(text) {
    this.#connection?.write(text);
  }
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
