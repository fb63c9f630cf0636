/**
 * A client's place in a room: asks to be let in, asks anew when the gateway has forgotten, and knows when it is over. Knows
 * nothing of what is said there.
 *
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./protocol.js").Member} Member
 * @typedef {import("./protocol.js").Chatroom} Chatroom
 *
 * @typedef {{nick?: string, avator?: string, ext?: string, notifyExt?: string, tags?: string[], notifyTargetTags?: string,
 *   locX?: number, locY?: number, locZ?: number, distance?: number}} JoinMembers
 * @typedef {{reason: number, why: string, notifyExt: string}} Kick
 *
 * @typedef {{kind: "joining"}
 *   | {kind: "joined"}
 *   | {kind: "rejoining"}
 *   | {kind: "left", why: string, error: Error | undefined, kick: Kick | undefined}} RoomState
 */

import { abortable } from "./abort.js";
import { Closed, Refused, RoomgateError } from "./errors.js";

/** Refused where the gateway no longer has us in the room: leaving it has succeeded. */
const NOT_IN_ROOM = 403;

export class Seat {
  /** @type {RoomState} */
  state = { kind: "joining" };
  /** @type {Chatroom | null} */
  info = null;
  /** @type {Member | null} */
  member = null;
  #roomid;
  #join;
  #session;
  #changed;
  /** @type {Promise<void> | null} */
  #entering = null;
  /** So many wait to be let in; the last one that gives up takes the request back. */
  #waiters = 0;
  #givenUp = new AbortController();

  /**
   * @param {string} roomid
   * @param {JoinMembers} join
   * @param {Session} session
   * @param {(state: RoomState) => void} changed
   */
  constructor(roomid, join, session, changed) {
    this.#roomid = roomid;
    this.#join = join;
    this.#session = session;
    this.#changed = changed;
  }

  /**
   * Asks to be let in; asked again, waits for the same answer.
   * @param {AbortSignal} [signal]
   */
  async enter(signal) {
    this.#entering ??= this.#enter();
    this.#waiters += 1;
    try {
      await abortable(this.#entering, signal);
    } finally {
      this.#waiters -= 1;
      if (this.#waiters === 0 && this.state.kind === "joining") this.#giveUp();
    }
  }

  /**
   * The gateway has forgotten the session: asks before everything that waits.
   * @param {() => void} back told when it is in again; if it is not let in, it is over
   */
  rejoin(back) {
    if (this.state.kind !== "joined") return;
    this.#change({ kind: "rejoining" });
    this.#ask({ ahead: true }).then(back, (error) => this.#refused(error));
  }

  /** @param {{signal?: AbortSignal}} options */
  async leave({ signal }) {
    if (this.state.kind === "left") return;
    this.end("This client left the room.");
    try {
      await this.#askToLeave(signal);
    } catch (error) {
      const isOut =
        error instanceof Closed || (error instanceof Refused && error.code === NOT_IN_ROOM);
      if (!isOut) throw error;
    }
  }

  /** @param {string} why @param {Error} [error] @param {Kick} [kick] */
  end(why, error, kick) {
    if (this.state.kind !== "left") this.#change({ kind: "left", why, error, kick });
  }

  async #enter() {
    try {
      await this.#ask({ signal: this.#givenUp.signal, undo: () => this.#undo() });
    } catch (error) {
      this.#refused(error);
      throw error;
    }
  }

  #giveUp() {
    this.end("This client left the room.");
    this.#givenUp.abort();
  }

  /** It may have been let in all the same; if it was not, the refusal is no news. */
  #undo() {
    this.#askToLeave().catch(() => {});
  }

  /** @param {AbortSignal} [signal] */
  #askToLeave(signal) {
    return this.#session.request({ op: "leave", roomid: this.#roomid }, { signal });
  }

  /** @param {import("./requests.js").AskOptions} options */
  async #ask(options) {
    const ask = { op: "join", roomid: this.#roomid, ...this.#join };
    const { chatroom, member } = await this.#session.request(ask, options);
    if (this.state.kind === "left") {
      options.undo?.();
      throw new Closed("the room was left", "Join it again.");
    }
    this.info = chatroom ?? null;
    this.member = member ?? null;
    this.#change({ kind: "joined" });
  }

  /** @param {unknown} error */
  #refused(error) {
    const known = error instanceof RoomgateError ? error : undefined;
    this.end(`The room cannot be entered: ${known?.message ?? "it is not known why"}.`, known);
  }

  /** @param {RoomState} state */
  #change(state) {
    this.state = state;
    this.#changed(state);
  }
}
