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
 * @typedef {{nick?: string, avator?: string, ext?: string, notifyExt?: string, tags?: string[], notifyTargetTags?: string,
 *   locX?: number, locY?: number, locZ?: number, distance?: number}} JoinMembers
 * @typedef {{reason: number, why: string, notifyExt: string}} Kick
 *
 * @typedef {{kind: "joining"}
 *   | {kind: "joined"}
 *   | {kind: "rejoining"}
 *   | {kind: "left", why: string, error: Error | undefined, kick: Kick | undefined}} RoomState
 *
 * @typedef {{message: Message, notification: Notification, gap: Gap, kicked: Kick, state: RoomState}} RoomEvents
 */

import { abortable } from "./abort.js";
import { typeNumber } from "./content.js";
import { Emitter } from "./emitter.js";
import { Closed, Refused, RoomgateError } from "./errors.js";
import { Feed } from "./feed.js";
import { Gap } from "./gap.js";
import { SeenIds } from "./ids.js";
import { readHistory, readMessage } from "./message.js";
import { readNotification } from "./notification.js";
import { kickedText } from "./protocol.js";
import { sendMembers } from "./send.js";

/** Refused where the gateway no longer has us in the room: leaving it has succeeded. */
const NOT_IN_ROOM = 403;

export class Room {
  /** @type {RoomState} */
  state = { kind: "joining" };
  /** The room as it was when we joined. @type {Chatroom | null} */
  info = null;
  /** What we are in it. @type {Member | null} */
  member = null;
  #session;
  #join;
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
  );
  #seen = new SeenIds();
  /** When the newest of each lane came about; what is missing there is later. @type {Record<Lane, number>} */
  #newestMs = { high: 0, normal: 0 };
  /** Gaps that no message has ended yet. @type {Set<Gap>} */
  #openGaps = new Set();
  /** @type {Promise<void> | null} */
  #entering = null;

  /**
   * @param {string} roomid
   * @param {JoinMembers} join
   * @param {Session} session
   * @param {{gone: () => void, failed: (error: unknown) => void}} ears
   */
  constructor(roomid, join, session, { gone, failed }) {
    this.roomid = roomid;
    this.#join = join;
    this.#session = session;
    this.#gone = gone;
    this.#events = new Emitter(["message", "notification", "gap", "kicked", "state"], failed);
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
    return this.#session.request({ op, ...room, ...members }, { signal });
  }

  /**
   * Out of the room for good; iterators end.
   * @param {{signal?: AbortSignal}} [options]
   */
  async leave({ signal } = {}) {
    if (this.state.kind === "left") return;
    this.end("This client left the room.");
    try {
      await this.#session.request({ op: "leave", roomid: this.roomid }, { signal });
    } catch (error) {
      const isOut =
        error instanceof Closed || (error instanceof Refused && error.code === NOT_IN_ROOM);
      if (!isOut) throw error;
    }
  }

  // What follows is the client's side of a room.

  /**
   * Asks to be let in; asked again, waits for the same answer.
   * @internal
   * @param {AbortSignal} [signal]
   */
  async enter(signal) {
    this.#entering ??= this.#enter(signal);
    await abortable(this.#entering, signal);
    return this;
  }

  /** @internal The gateway has forgotten the session. */
  rejoin() {
    if (this.state.kind !== "joined") return;
    this.#enterState({ kind: "rejoining" });
    const since = this.#newestMs.normal;
    this.#ask({ ahead: true }).then(
      () => this.#away(since),
      (error) => this.#refused(error),
    );
  }

  /** @internal @param {WireMessage} raw */
  take(raw) {
    if (raw.msgid_client && !this.#seen.add(raw.msgid_client)) return;
    const message = readMessage(raw);
    this.#follow(message.high ? "high" : "normal", message.time);
    (message.type === "notification" ? this.#notifications : this.#messages).push(message);
  }

  /** @internal @param {Lane} lane @param {number} [count] */
  lost(lane, count) {
    this.#missing({ lane, count, reason: "slow", since: this.#newestMs[lane], until: undefined });
  }

  /** @internal @param {KickedFrame} frame */
  kicked({ reason, notifyExt = "" }) {
    const kick = { reason, why: kickedText(reason), notifyExt };
    this.end(kick.why, undefined, kick);
    this.#events.emit("kicked", kick);
  }

  /** @internal @param {string} why @param {Error} [error] @param {Kick} [kick] */
  end(why, error, kick) {
    if (this.state.kind === "left") return;
    this.#gone();
    this.#messages.end(error);
    this.#notifications.end(error);
    this.#enterState({ kind: "left", why, error, kick });
  }

  /** @param {AbortSignal} [signal] */
  async #enter(signal) {
    try {
      await this.#ask({ signal });
    } catch (error) {
      // It may have been let in all the same, and nobody waits for that now.
      if (signal?.aborted) await this.leave().catch(() => {});
      else this.#refused(error);
      throw error;
    }
  }

  /** @param {import("./requests.js").AskOptions} options */
  async #ask(options) {
    const ask = { op: "join", roomid: this.roomid, ...this.#join };
    const { chatroom, member } = await this.#session.request(ask, options);
    if (this.state.kind === "left") throw new Closed("the room was left", "Join it again.");
    this.info = chatroom ?? null;
    this.member = member ?? null;
    const enterTime = member?.enterTime ?? 0;
    this.#newestMs.high ||= enterTime;
    this.#newestMs.normal ||= enterTime;
    this.#enterState({ kind: "joined" });
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

  /** @param {unknown} error */
  #refused(error) {
    const known = error instanceof RoomgateError ? error : undefined;
    this.end(`The room cannot be entered: ${known?.message ?? "it is not known why"}.`, known);
  }

  /** @param {number} since */
  #away(since) {
    const until = this.member?.enterTime;
    this.#missing({ lane: "normal", count: undefined, reason: "away", since, until });
  }

  /** @param {Hole} hole */
  #slow(hole) {
    this.#events.emit("gap", new Gap(this, { ...hole, reason: "slow" }));
  }

  /** @param {Omit<import("./gap.js").Edges, "has">} edges */
  #missing(edges) {
    const gap = new Gap(this, { ...edges, has: (id) => this.#seen.has(id) });
    if (edges.until === undefined) this.#openGaps.add(gap);
    this.#events.emit("gap", gap);
  }

  /** @param {Message} message */
  #notify(message) {
    const notification = readNotification(message);
    if (notification) this.#events.emit("notification", notification);
  }

  /** @param {RoomState} state */
  #enterState(state) {
    this.state = state;
    this.#events.emit("state", state);
  }
}
