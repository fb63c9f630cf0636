/**
 * A member's client: one session and the rooms it is in. Made by `connect`.
 *
 * @typedef {import("./session.js").State} State
 * @typedef {import("./session.js").SessionOptions} SessionOptions
 * @typedef {import("./protocol.js").ServerFrame} ServerFrame
 * @typedef {import("./protocol.js").Reply} Reply
 * @typedef {import("./seat.js").JoinMembers} JoinMembers
 *
 * @typedef {{state: State, error: unknown, frame: ServerFrame}} ClientEvents
 */

import { abortable, abortReason, onAbort, throwIfAborted } from "./abort.js";
import { within } from "./deadline.js";
import { Emitter } from "./emitter.js";
import { watchEnvironment } from "./environment.js";
import { Room } from "./room.js";
import { Session } from "./session.js";

export class Client {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** @type {Emitter<ClientEvents>} */
  #events = new Emitter(["state", "error", "frame"], (error, name) => this.#failed(error, name));
  #session;
  #unwatch = () => {};

  /**
   * Connects by itself.
   * @param {SessionOptions} options
   * @param {AbortSignal} [signal] closes the client
   */
  constructor(options, signal) {
    this.#session = new Session(options, {
      state: (state) => this.#changed(state),
      frame: (frame) => this.#take(frame),
      restarted: () => this.#rejoin(),
    });
    const unwatch = watchEnvironment(() => this.#session.check());
    const unbind = onAbort(signal, () => {
      this.#session.close(signal && asError(abortReason(signal)));
    });
    this.#unwatch = () => {
      unwatch();
      unbind();
    };
    if (this.state.kind === "ended") this.#unwatch();
    else this.#session.start();
  }

  /** How the connection is. */
  get state() {
    return this.#session.state;
  }

  /** Who we are to the gateway; null before the first login. */
  get user() {
    return this.#session.user;
  }

  /** What the gateway takes; null before the first login. */
  get limits() {
    return this.#session.limits;
  }

  /** The gateway's name for this session; empty before the first login. */
  get session() {
    return this.#session.id;
  }

  /** The rooms this client is in, or on its way into. */
  get rooms() {
    return [...this.#rooms.values()];
  }

  /**
   * Enters a room, as soon as there is a connection. A room it is in already is given as it is.
   * @param {string | number} roomid
   * @param {JoinMembers & {signal?: AbortSignal}} [options]
   * @returns {Promise<Room>}
   */
  async join(roomid, { signal, ...members } = {}) {
    throwIfAborted(signal);
    const id = String(roomid);
    const room = this.#rooms.get(id) ?? this.#add(id, members);
    return within(this.#session.timeout, signal, (given) => room.enter(given));
  }

  /**
   * Any verb of the protocol.
   * @param {string} op
   * @param {Record<string, unknown>} [members]
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Reply>}
   */
  request(op, members = {}, { signal } = {}) {
    const ask = { ...members, op };
    return within(this.#session.timeout, signal, (given) =>
      this.#session.request(ask, { signal: given }),
    );
  }

  /**
   * @template {keyof ClientEvents} Name
   * @param {Name} name
   * @param {(event: ClientEvents[Name]) => void} listener
   * @param {{signal?: AbortSignal}} [options]
   * @returns {() => void} takes the listener away
   */
  on(name, listener, options) {
    return this.#events.on(name, listener, options);
  }

  /** Breaks the connection without a goodbye and stays away; the gateway keeps the session for 30 s. */
  suspend() {
    this.#session.suspend();
  }

  /** Comes back now, also from a back-off wait. */
  resume() {
    this.#session.resume();
  }

  /** Makes sure of the connection now, without waiting for the next heartbeat. */
  check() {
    this.#session.check();
  }

  /**
   * Says goodbye. What still waits is rejected.
   * @param {{signal?: AbortSignal}} [options] the signal ends the waiting, not the closing
   * @returns {Promise<void>} when the connection is closed
   */
  async close({ signal } = {}) {
    await abortable(this.#session.close(), signal);
  }

  /** @param {string} id @param {JoinMembers} members */
  #add(id, members) {
    const room = new Room(id, members, this.#session, {
      gone: () => this.#rooms.delete(id),
      failed: (error) => this.#failed(error),
    });
    this.#rooms.set(id, room);
    return room;
  }

  /** @param {ServerFrame} frame */
  #take(frame) {
    this.#events.emit("frame", frame);
    switch (frame.op) {
      case "message":
        return this.#rooms.get(frame.message.roomId)?.take(frame.message);
      case "kicked":
        return this.#rooms.get(frame.roomid)?.kicked(frame);
      case "lost": {
        // It counts over all rooms: with several nobody knows how many are missing in which.
        const count = this.#rooms.size === 1 ? frame.count : undefined;
        for (const room of this.rooms) room.lost(frame.lane, count);
      }
    }
  }

  #rejoin() {
    for (const room of this.rooms) room.rejoin();
  }

  /** @param {State} state */
  #changed(state) {
    if (state.kind === "ended") {
      this.#unwatch();
      for (const room of this.rooms) room.end(state.why, state.error);
    }
    this.#events.emit("state", state);
  }

  /** @param {unknown} error @param {keyof ClientEvents} [name] the event that was being told */
  #failed(error, name) {
    // Who hears of errors and throws itself is not told of that again.
    if (name !== "error" && this.#events.has("error")) this.#events.emit("error", error);
    else console.error(error);
  }
}

/** @param {unknown} reason */
const asError = (reason) => (reason instanceof Error ? reason : new Error(String(reason)));
