/** When to try again: the back-off, what a close code asks for at least, and what a draining gateway said. Sets no timer. */

import { backoffMs } from "./backoff.js";
import { closeVerdict } from "./close-codes.js";

export class Comeback {
  #backoff;
  #attempt = 0;
  /** When a draining gateway asked us to be back, in ms of this machine's clock; 0 when it did not. */
  #returnAtMs = 0;

  /** @param {(attempt: number) => number | undefined} [backoff] */
  constructor(backoff = backoffMs) {
    this.#backoff = backoff;
  }

  /** @param {number} reconnectAfterMs */
  drain(reconnectAfterMs) {
    this.#returnAtMs = Date.now() + reconnectAfterMs;
  }

  /** Only a connection that outlived a heartbeat clears the count: one that dies right after its login must not hammer. */
  proven() {
    this.#attempt = 0;
  }

  /**
   * @param {number} code with which the connection ended
   * @returns {{afterMs: number, attempt: number} | null} null: not at all
   */
  next(code) {
    const attempt = this.#attempt;
    const backoff = this.#backoff(attempt);
    if (backoff === undefined) return null;
    this.#attempt += 1;
    return { afterMs: this.#drainMs() ?? closeVerdict(code).atLeastMs + backoff, attempt };
  }

  /** What is left of the wait a draining gateway asked for; it has already spread its members, so no jitter on top. */
  #drainMs() {
    if (this.#returnAtMs === 0) return undefined;
    const leftMs = Math.max(0, this.#returnAtMs - Date.now());
    this.#returnAtMs = 0;
    return leftMs;
  }
}
