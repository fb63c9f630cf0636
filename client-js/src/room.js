/**
 * One room this client is in: what is said there, and what may be asked there. Made by `client.join`.
 *
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./protocol.js").Reply} Reply
 * @typedef {import("./protocol.js").Member} Member
 * @typedef {import("./protocol.js").Chatroom} Chatroom
 * @typedef {import("./protocol.js").Lane} Lane
 * @typedef {import("./protocol.js").Outcome} Outcome
 * @typedef {import("./protocol.js").WireMessage} WireMessage
 * @typedef {import("./protocol.js").KickedFrame} KickedFrame
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./notification.js").Notification} Notification
 * @typedef {import("./feed.js").ReadOptions} ReadOptions
 * @typedef {import("./inbox.js").Hole} Hole
 *
 * @typedef {import("./seat.js").JoinMembers} JoinMembers
 * @typedef {import("./seat.js").Kick} Kick
 * @typedef {import("./seat.js").RoomState} RoomState
 *
 * @typedef {{message: Message, notification: Notification, gap: Gap, kicked: Kick, state: RoomState}} RoomEvents
 */

import { typeNumber } from "./content.js";
import { within } from "./deadline.js";
import { Emitter } from "./emitter.js";
import { Closed } from "./errors.js";
import { Feed } from "./feed.js";
import { Gap } from "./gap.js";
import { keyOf, SeenIds } from "./ids.js";
import { readHistory, readMessage } from "./message.js";
import { readNotification } from "./notification.js";
import { kickedText } from "./protocol.js";
import { Seat } from "./seat.js";
import { sendMembers } from "./send.js";

/** Many applications never listen to notifications; what is kept for them is little. */
const NOTIFICATIONS_HELD = 100;

export class Room {
  #session;
  #seat;
  #gone;
  /** @type {Emitter<RoomEvents>} */
  #events;
  #messages = new Feed(
    (message) => this.#events.emit("message", message),
    (hole) => this.#slow(hole),
  );
  #notifications = new Feed(
    (message) => this.#notify(message),
    () => {},
    NOTIFICATIONS_HELD,
  );
  #seen = new SeenIds();
  /** When the newest of each lane came about; what is missing there is later. @type {Record<Lane, number>} */
  #newestMs = { high: 0, normal: 0 };
  /** Gaps that no message has ended yet. @type {Set<Gap>} */
  #openGaps = new Set();

  /**
   * @param {string} roomid
   * @param {JoinMembers} join
   * @param {Session} session
   * @param {{gone: () => void, failed: (error: unknown) => void}} ears
   */
  constructor(roomid, join, session, { gone, failed }) {
    this.roomid = roomid;
    this.#session = session;
    this.#seat = new Seat(roomid, join, session, (state) => this.#changed(state));
    this.#gone = gone;
    this.#events = new Emitter(["message", "notification", "gap", "kicked", "state"], failed);
  }

  get state() {
    return this.#seat.state;
  }

  /** The room as it was when we joined. */
  get info() {
    return this.#seat.info;
  }

  /** What we are in it. */
  get member() {
    return this.#seat.member;
  }

  /**
   * @template {keyof RoomEvents} Name
   * @param {Name} name
   * @param {(event: RoomEvents[Name]) => void} listener
   * @param {{signal?: AbortSignal}} [options]
   * @returns {() => void} takes the listener away
   */
  on(name, listener, options) {
    const off = this.#events.on(name, listener, options);
    if (name === "message") this.#messages.claim();
    if (name === "notification") this.#notifications.claim();
    return off;
  }

  /** The messages from now on, and those that nobody has taken yet. @returns {AsyncIterableIterator<Message>} */
  [Symbol.asyncIterator]() {
    return this.#messages.read();
  }

  /**
   * The same, until the signal is aborted.
   * @param {ReadOptions} [options]
   */
  messages(options) {
    return this.#messages.read(options);
  }

  /**
   * @param {import("./content.js").Content} content
   * @param {import("./send.js").SendOptions & {signal?: AbortSignal}} [options]
   * @returns {Promise<{message: Message, outcomes: Record<string, Outcome> | undefined}>}
   */
  async send(content, { signal, ...options } = {}) {
    const reply = await this.request("send", sendMembers(content, options), { signal });
    return { message: readMessage(reply.desc), outcomes: reply.outcomes };
  }

  /**
   * The newest first, unless `after` or `reverse` says otherwise.
   * @param {{limit?: number, before?: number, after?: number, reverse?: boolean, types?: string[], signal?: AbortSignal}} [options]
   * @returns {Promise<Message[]>}
   */
  async history({ limit, before, after, reverse = after !== undefined, types, signal } = {}) {
    const members = {
      limit,
      timetag: reverse ? after : before,
      reverse: reverse ? 1 : 2,
      type: types?.map(typeNumber).join(","),
    };
    const { msgs = [] } = await this.request("history", members, { signal });
    return msgs.map((raw) => readHistory(this.roomid, raw));
  }

  /**
   * One page of members, the latest first: everybody who is here, or only the fixed ones, the fixed ones that are here, the guests.
   * @param {{kind?: "here" | "fixed" | "fixedHere" | "guests", limit?: number, before?: number, signal?: AbortSignal}} [options]
   * @returns {Promise<Member[]>}
   */
  async members({ kind = "here", limit, before, signal } = {}) {
    const page = async (/** @type {number} */ type) => {
      const members = { type, limit, endtime: before };
      const reply = await this.request("membersByPage", members, { signal });
      return /** @type {Member[]} */ (reply.desc.data);
    };
    if (kind !== "here") return page({ fixed: 0, guests: 1, fixedHere: 2 }[kind]);
    return (await Promise.all([page(2), page(1)])).flat();
  }

  /**
   * Any verb of the protocol, for this room.
   * @param {string} op
   * @param {Record<string, unknown>} [members]
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Reply>}
   */
  async request(op, members = {}, { signal } = {}) {
    if (this.state.kind === "left") {
      throw this.state.error ?? new Closed("the room was left", "Join it again.");
    }
    // One verb writes the room in its own way.
    const room = op === "updateChatRoomRoleTag" ? { roomId: this.roomid } : { roomid: this.roomid };
    const ask = { op, ...room, ...members };
    return within(this.#session.timeout, signal, (given) =>
      this.#session.request(ask, { signal: given }),
    );
  }

  /**
   * Out of the room for good; iterators end.
   * @param {{signal?: AbortSignal}} [options]
   */
  leave({ signal } = {}) {
    return within(this.#session.timeout, signal, (given) => this.#seat.leave({ signal: given }));
  }

  // What follows is the client's side of a room.

  /** @internal @param {AbortSignal} [signal] */
  async enter(signal) {
    await this.#seat.enter(signal);
    return this;
  }

  /** @internal The gateway has forgotten the session. */
  rejoin() {
    const since = this.#newestMs.normal;
    this.#seat.rejoin(() => this.#away(since));
  }

  /** @internal @param {WireMessage} raw */
  take(raw) {
    const message = readMessage(raw);
    if (message.id && !this.#seen.add(keyOf(message))) return;
    this.#follow(message.high ? "high" : "normal", message.time);
    (message.type === "notification" ? this.#notifications : this.#messages).push(message);
  }

  /** @internal @param {Lane} lane @param {number} [count] */
  lost(lane, count) {
    this.#missing({ lane, count, reason: "slow", since: this.#newestMs[lane] });
  }

  /** @internal @param {KickedFrame} frame */
  kicked({ reason, notifyExt = "" }) {
    const kick = { reason, why: kickedText(reason), notifyExt };
    this.end(kick.why, undefined, kick);
    this.#events.emit("kicked", kick);
  }

  /** @internal @param {string} why @param {Error} [error] @param {Kick} [kick] */
  end(why, error, kick) {
    this.#seat.end(why, error, kick);
  }

  /** @param {RoomState} state */
  #changed(state) {
    if (state.kind === "joined") this.#begin(this.member?.enterTime ?? 0);
    if (state.kind === "left") {
      this.#gone();
      this.#messages.end(state.error);
      this.#notifications.end(state.error);
    }
    this.#events.emit("state", state);
  }

  /** What came before we did is not missing. @param {number} enterTime */
  #begin(enterTime) {
    this.#newestMs.high ||= enterTime;
    this.#newestMs.normal ||= enterTime;
  }

  /** @param {Lane} lane @param {number} time */
  #follow(lane, time) {
    this.#newestMs[lane] = Math.max(this.#newestMs[lane], time);
    for (const gap of this.#openGaps) {
      if (gap.lane !== lane) continue;
      gap.endBy(time);
      this.#openGaps.delete(gap);
    }
  }

  /** @param {number} since */
  #away(since) {
    this.#missing({ lane: "normal", count: undefined, reason: "away", since });
  }

  /** @param {Hole} hole */
  #slow(hole) {
    this.#events.emit("gap", new Gap(this, { ...hole, reason: "slow" }));
  }

  /** The next message of its lane will end it. @param {Omit<import("./gap.js").Edges, "has" | "until">} edges */
  #missing(edges) {
    const has = (/** @type {Message} */ message) => this.#seen.has(keyOf(message));
    const gap = new Gap(this, { ...edges, until: undefined, has });
    this.#openGaps.add(gap);
    this.#events.emit("gap", gap);
  }

  /** @param {Message} message */
  #notify(message) {
    const notification = readNotification(message);
    if (notification) this.#events.emit("notification", notification);
  }
}
