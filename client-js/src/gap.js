/**
 * Messages that are missing: from when, perhaps until when, and how to get those back that the history has. Directed
 * messages are in no history.
 *
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./protocol.js").Lane} Lane
 * @typedef {import("./room.js").Room} Room
 *
 * @typedef {object} Edges
 * @property {Lane} lane
 * @property {number | undefined} count undefined: nobody knows
 * @property {"slow" | "away"} reason read too slowly, or was away for too long
 * @property {number} since ms
 * @property {number | undefined} until ms; undefined: the next message will show
 * @property {(message: Message) => boolean} has what is not missing
 */

import { keyOf } from "./ids.js";

/** `history` gives no more at once. */
const PAGE = 100;
export const RECOVER_MAX = 1_000;

export class Gap {
  #since;
  #until;
  #has;

  /**
   * @param {Room} room
   * @param {Edges} edges
   */
  constructor(room, { lane, count, reason, since, until, has }) {
    this.room = room;
    this.lane = lane;
    this.count = count;
    this.reason = reason;
    this.#since = since;
    this.#until = until;
    this.#has = has;
  }

  /** @param {number} time of the first message that is not missing any more */
  endBy(time) {
    this.#until ??= time;
  }

  /**
   * Bound to its gap: listeners like to take events apart.
   * @param {{limit?: number, signal?: AbortSignal}} [options]
   * @returns {Promise<Message[]>} the oldest first, as far as the history has them
   */
  recover = async ({ limit = RECOVER_MAX, signal } = {}) => {
    /** @type {Map<string, Message>} */
    const found = new Map();
    let after = this.#since;
    for (;;) {
      const page = await this.room.history({ after, limit: PAGE, signal });
      for (const message of page) {
        if (message.time > (this.#until ?? Number.POSITIVE_INFINITY)) return [...found.values()];
        if (this.#isMissing(message)) found.set(keyOf(message), message);
        if (found.size >= limit) return [...found.values()];
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return [...found.values()];
      // A page begins with the moment of the last; one moment that fills a whole page must not be asked for again.
      after = Math.max(last.time, after + 1);
    }
  };

  /** @param {Message} message */
  #isMissing(message) {
    return message.type !== "notification" && !this.#has(message);
  }
}
