/**
 * One person's stay: a client that is logged in, and the one room it is in. The only file that knows when that room changes.
 *
 * @typedef {import("../client/index.js").Client} Client
 * @typedef {import("../client/index.js").Room} Room
 * @typedef {import("../client/index.js").Message} Message
 * @typedef {import("../client/index.js").Notification} Notification
 * @typedef {import("../client/index.js").Gap} Gap
 * @typedef {import("../client/index.js").Kick} Kick
 * @typedef {import("../client/index.js").State} ClientState
 * @typedef {import("./door.js").Pass} Pass
 *
 * @typedef {{kind: "out", kick?: Kick, error?: Error}} Out connected, but not in the room
 * @typedef {{kind: "entering"}} Entering
 * @typedef {ClientState | Out | Entering} State
 *
 * @typedef {object} Ears
 * @property {(state: State) => void} state
 * @property {(room: Room) => void} entered
 * @property {(message: Message) => void} message
 * @property {(notification: Notification) => void} notification
 * @property {(gap: Gap) => void} gap
 */

import { connect } from "../client/index.js";
import { socketUrl } from "./door.js";

export class Stay {
  #pass;
  #ears;
  #client;
  /** @type {Room | null} */
  #room = null;
  /** Whether we are in the room; a connection that comes back finds itself there. @type {{kind: "in"} | Out | Entering} */
  #place = { kind: "entering" };
  /** Which of the rooms that were asked for is still wanted. */
  #wanted = "";

  /** @param {Pass} pass @param {Ears} ears */
  constructor(pass, ears) {
    this.#pass = pass;
    this.#ears = ears;
    const { appKey, accid, token } = pass;
    this.#client = connect({ url: socketUrl(location), appKey, accid, token });
    this.#client.on("state", () => this.#tell());
    this.#tell();
  }

  /** The room we are in. */
  get room() {
    return this.#room;
  }

  /** The room we are in, or want to be in. */
  get roomid() {
    return this.#wanted;
  }

  /** The gateway's name for this session. */
  get session() {
    return this.#client.session;
  }

  /** @returns {State} */
  get state() {
    const { state } = this.#client;
    if (state.kind !== "online") return state;
    return this.#place.kind === "in" ? state : this.#place;
  }

  /** Goes into a room, and out of the one before. @param {string} roomid */
  async enter(roomid) {
    this.#wanted = roomid;
    const before = this.#room;
    this.#room = null;
    if (before && before.roomid !== roomid) before.leave().catch(() => {});
    this.#settle({ kind: "entering" });
    try {
      const room = await this.#client.join(roomid, { nick: this.#pass.nick });
      if (this.#wanted === roomid) this.#entered(room);
      else room.leave().catch(() => {});
    } catch (error) {
      if (this.#wanted === roomid)
        this.#settle({ kind: "out", error: /** @type {Error} */ (error) });
    }
  }

  /** Drops the connection without a goodbye and stays away until `resume`. */
  suspend() {
    this.#client.suspend();
  }

  /** Comes back, or tries to, now. */
  resume() {
    this.#client.resume();
  }

  end() {
    this.#wanted = "";
    this.#room = null;
    this.#client.close();
  }

  /** @param {Room} room */
  #entered(room) {
    this.#room = room;
    const own = (/** @type {() => void} */ tell) => {
      if (this.#room === room) tell();
    };
    // First, so that the page is ready for the messages that came meanwhile.
    this.#ears.entered(room);
    room.on("message", (message) => own(() => this.#ears.message(message)));
    room.on("notification", (notification) => own(() => this.#ears.notification(notification)));
    room.on("gap", (gap) => own(() => this.#ears.gap(gap)));
    room.on("state", (state) => own(() => this.#moved(state)));
    this.#settle({ kind: "in" });
  }

  /** @param {import("../client/index.js").RoomState} state */
  #moved(state) {
    if (state.kind === "joined") this.#settle({ kind: "in" });
    else if (state.kind === "left")
      this.#settle({ kind: "out", kick: state.kick, error: state.error });
    else this.#settle({ kind: "entering" });
  }

  /** @param {{kind: "in"} | Out | Entering} place */
  #settle(place) {
    this.#place = place;
    this.#tell();
  }

  #tell() {
    this.#ears.state(this.state);
  }
}
