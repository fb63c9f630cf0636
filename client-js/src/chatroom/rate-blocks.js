/** Who was told that it asks too fast, and for how long, is not let through before that is over. */

import { Refused } from "../errors.js";
import { ChatroomError } from "./chatroom-error.js";

const TOO_FAST = 416;
/** How the gateway says it, at the end of a sentence. */
const SECONDS = /try again in (\d+) s/;

export class RateBlocks {
  #now;
  /** When each may ask again, in ms. @type {Map<string, number>} */
  #until = new Map();

  /** @param {() => number} [now] ms */
  constructor(now = Date.now) {
    this.#now = now;
  }

  /**
   * @param {string} name
   * @returns {ChatroomError | undefined} what it fails with, before it is asked
   */
  refusal(name) {
    const leftMs = (this.#until.get(name) ?? 0) - this.#now();
    if (leftMs > 0) {
      const message = `${name} is asked too fast: try again in ${Math.ceil(leftMs / 1_000)} s`;
      return new ChatroomError(TOO_FAST, message, { callFunc: name });
    }
    this.#until.delete(name);
    return undefined;
  }

  /**
   * @param {string} name
   * @param {unknown} error what it failed with
   */
  note(name, error) {
    if (!(error instanceof Refused) || error.code !== TOO_FAST) return;
    const seconds = Number(SECONDS.exec(error.message)?.[1] ?? 0);
    if (seconds > 0) this.#until.set(name, this.#now() + seconds * 1_000);
  }
}
