/**
 * A page's connection to its one room: from connecting to the end, told in the events that pages know. Knows no methods of the page.
 *
 * @typedef {import("../client.js").Client} Client
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("./options.js").FullOptions} FullOptions
 * @typedef {{chatroom: import("./room.js").ChatroomInfo, member: import("./member.js").ChatroomMember}} Entered
 *
 * @typedef {object} LinkEars
 * @property {(entered: Entered) => void} connected
 * @property {(message: Record<string, any>) => void} message as the gateway delivered it
 * @property {(gap: import("../gap.js").Gap) => void} gap
 * @property {(plan: {retryCount: number, duration: number}) => void} waiting the connection is lost, and comes back
 * @property {(error: ChatroomError & {retryCount: number, willReconnect: boolean}) => void} ended
 * @property {(error: ChatroomError) => void} failed something that ends nothing
 */

import { backoffMs } from "../backoff.js";
import { connect } from "../index.js";
import { Addresses } from "./addresses.js";
import { ChatroomError, failure } from "./chatroom-error.js";
import { kickedOut, whyEnded } from "./endings.js";
import { joinMembers, loginOptions } from "./entering.js";
import { readMember } from "./member.js";
import { readRoom } from "./room.js";

/** The reason of a kick that is only meant to make the page connect anew. */
const SILENTLY = 4;

export class Link {
  #options;
  #ears;
  /** @type {Client | null} */
  #client = null;
  /** @type {Room | null} */
  #room = null;
  #addresses;
  /** In the room, and the page knows. */
  #isIn = false;
  #hasBeenIn = false;
  /** Attempts since the page was last in the room. */
  #retries = 0;
  #gaveUp = false;

  /**
   * @param {FullOptions} options
   * @param {LinkEars} ears
   */
  constructor(options, ears) {
    this.#options = options;
    this.#ears = ears;
    this.#addresses = new Addresses(options.chatroomAddresses, options.secure);
  }

  get isConnected() {
    return this.#isIn;
  }

  /** Whether there is anything to end. */
  get isAlive() {
    return this.#client !== null;
  }

  /** @param {FullOptions} options from now on, most of them from the next connection on */
  setOptions(options) {
    const { chatroomAddresses, secure } = this.#options;
    this.#options = options;
    const isSame = options.chatroomAddresses.join() === chatroomAddresses.join();
    if (!isSame || options.secure !== secure) {
      this.#addresses = new Addresses(options.chatroomAddresses, options.secure);
    }
  }

  connect() {
    if (this.#client) return;
    this.#retries = 0;
    this.#hasBeenIn = this.#gaveUp = false;
    const client = connect(this.#connectOptions());
    this.#client = client;
    client.on("error", (error) => this.#ears.failed(failure(error, "connection")));
    client.on("state", (state) => {
      if (client === this.#client) this.#changed(state);
    });
    void this.#enter(client);
  }

  /**
   * @param {ChatroomError} why
   * @returns {Promise<void>} when it is over
   */
  async end(why) {
    const client = this.#client;
    this.#client = this.#room = null;
    this.#isIn = false;
    const more = { retryCount: this.#retries, willReconnect: false };
    this.#ears.ended(Object.assign(why, more));
    await client?.close();
  }

  /**
   * A verb of the gateway, in this room.
   * @param {string} op
   * @param {Record<string, unknown>} members
   * @param {AbortSignal} signal
   */
  async request(op, members, signal) {
    const room = this.#room;
    if (!room) throw new ChatroomError("Error_Connection_is_not_Established");
    return room.request(op, members, { signal });
  }

  #connectOptions() {
    const options = this.#options;
    return {
      ...loginOptions(options),
      url: () => this.#addresses.next(),
      backoff: (/** @type {number} */ attempt) => this.#backoff(attempt),
      renewToken: () => this.#renewToken(options.token),
    };
  }

  /** @param {string | undefined} used and refused */
  async #renewToken(used) {
    const { renewToken, token } = this.#options;
    if (renewToken) return renewToken();
    // A page with tokens that expire gives a new one with setOptions.
    if (token && token !== used) return token;
    throw new Error("there is no other token");
  }

  /** @param {number} attempt */
  #backoff(attempt) {
    const { needReconnect, reconnectionAttempts } = this.#options;
    if (needReconnect && this.#retries < reconnectionAttempts) return backoffMs(attempt);
    this.#gaveUp = true;
    return undefined;
  }

  /** @param {Client} client */
  async #enter(client) {
    const { chatroomId } = this.#options;
    try {
      const room = await client.join(chatroomId, joinMembers(this.#options));
      if (client === this.#client) this.#listen(room);
    } catch (error) {
      // Where the connection itself has ended, that has been told.
      if (client === this.#client) void this.end(failure(error, "login"));
    }
  }

  /** @param {Room} room */
  #listen(room) {
    this.#room = room;
    /** @type {typeof room.on} */
    const on = (name, act) => room.on(name, (event) => room === this.#room && act(event));
    on("kicked", (kick) => this.#kicked(kick));
    on("state", (state) => this.#roomChanged(state));
    on("gap", (gap) => this.#ears.gap(gap));
    this.#welcome(room);
    on("message", ({ raw }) => this.#ears.message(raw));
    on("notification", ({ message }) => this.#ears.message(message.raw));
    // What came about while nobody listened yet.
    const { state } = room;
    if (state.kind !== "left") return;
    if (state.kick) this.#kicked(state.kick);
    else this.#left(state);
  }

  /** @param {import("../session.js").State} state */
  #changed(state) {
    if (state.kind === "waiting") return this.#waiting(state.afterMs);
    if (state.kind === "online" && state.resumed) return void this.#cameBack();
    if (state.kind === "ended") {
      void this.end(this.#gaveUp ? new ChatroomError("allAttemptsFailed") : whyEnded(state));
    }
  }

  /** @param {number} duration ms */
  #waiting(duration) {
    this.#isIn = false;
    this.#retries += 1;
    if (!this.#hasBeenIn && this.#retries === 1) {
      this.#ears.failed(new ChatroomError("Connect_Failed"));
    }
    this.#ears.waiting({ retryCount: this.#retries, duration });
  }

  /** The gateway had kept our place: the room is as it is now, not as it was when we joined. */
  async #cameBack() {
    const room = this.#room;
    // Lost on the way in: joining goes on, and its answer says all.
    if (room?.state.kind !== "joined") return;
    const [info, members] = await Promise.allSettled([
      room.request("get", { needOnlineUserCount: true }),
      room.request("queryMembers", { accids: [this.#options.account.toLowerCase()] }),
    ]);
    if (room !== this.#room || this.#isIn) return;
    const chatroom = info.status === "fulfilled" ? info.value.chatroom : undefined;
    const member = members.status === "fulfilled" ? members.value.desc.data[0] : undefined;
    this.#welcome({ info: chatroom ?? room.info, member: member ?? room.member });
  }

  /** @param {Pick<Room, "info" | "member">} room */
  #welcome({ info, member }) {
    this.#isIn = this.#hasBeenIn = true;
    this.#retries = 0;
    this.#ears.connected({ chatroom: readRoom(info ?? {}), member: readMember(member ?? {}) });
  }

  /** @param {import("../room.js").RoomState} state */
  #roomChanged(state) {
    if (state.kind === "joined" && this.#room) this.#welcome(this.#room);
    if (state.kind === "left") this.#left(state);
  }

  /** @param {Extract<import("../room.js").RoomState, {kind: "left"}>} state */
  #left({ kick, error }) {
    // A kick has an event of its own; the end of the connection too.
    if (kick) return;
    if (this.#client?.state.kind !== "ended" && error) void this.end(failure(error, "login"));
  }

  /** @param {import("../room.js").Kick} kick */
  #kicked(kick) {
    if (kick.reason !== SILENTLY) return void this.end(kickedOut(kick));
    const client = this.#client;
    this.#client = this.#room = null;
    void client?.close();
    this.#waiting(0);
    this.connect();
  }
}
