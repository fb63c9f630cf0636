/**
 * One room's messages to everybody who takes them: listeners, and iterators at their own pace. What comes before the first
 * of them is kept for it, bounded like everything that waits: between joining and listening nothing is lost.
 *
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./inbox.js").Hole} Hole
 * @typedef {{signal?: AbortSignal, limit?: number}} ReadOptions limit: how many messages may wait for this reader
 */

import { onAbort } from "./abort.js";
import { INBOX_MAX, Inbox } from "./inbox.js";

export class Feed {
  #tell;
  #missing;
  /** What nobody has taken yet; null once somebody did. @type {Inbox | null} */
  #held;
  /** @type {Set<Inbox>} */
  #inboxes = new Set();
  #claimed = false;
  #ended = false;
  /** @type {Error | undefined} */
  #error;

  /**
   * @param {(message: Message) => void} tell the listeners
   * @param {(hole: Hole) => void} missing
   * @param {number} [heldMax] so many are kept until somebody takes them
   */
  constructor(tell, missing, heldMax = INBOX_MAX) {
    this.#tell = tell;
    this.#missing = missing;
    this.#held = new Inbox(heldMax, missing);
  }

  /** @param {Message} message */
  push(message) {
    if (this.#held) return this.#held.push(message);
    for (const inbox of this.#inboxes) inbox.push(message);
    this.#tell(message);
  }

  /** There is a listener now: it gets what was kept, after the turn in which it came. */
  claim() {
    if (this.#claimed) return;
    this.#claimed = true;
    queueMicrotask(() => {
      const held = this.#held;
      this.#held = null;
      for (const message of held?.drain() ?? []) this.push(message);
    });
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {AsyncIterableIterator<Message>}
   */
  read({ signal, limit = INBOX_MAX } = {}) {
    const inbox = this.#inbox(limit);
    const forget = () => {
      inbox.clear();
      this.#inboxes.delete(inbox);
    };
    // `for await` does not call `return` where `next` rejects.
    const stop = onAbort(signal, forget);
    const over = () => {
      stop();
      forget();
      return Promise.resolve(/** @type {const} */ ({ value: undefined, done: true }));
    };
    /** @type {AsyncIterableIterator<Message>} */
    const reader = {
      next: () => inbox.next(signal),
      return: over,
      [Symbol.asyncIterator]: () => reader,
    };
    return reader;
  }

  /** @param {Error} [error] */
  end(error) {
    this.#ended = true;
    this.#error = error;
    this.#held?.end(error);
    for (const inbox of this.#inboxes) inbox.end(error);
    this.#inboxes.clear();
  }

  /** @param {number} limit */
  #inbox(limit) {
    const held = this.#claimed ? null : this.#held;
    const inbox = held ?? new Inbox(limit, this.#missing);
    this.#claimed = true;
    if (held) {
      held.bound(limit);
      this.#held = null;
    }
    if (this.#ended) inbox.end(this.#error);
    else this.#inboxes.add(inbox);
    return inbox;
  }
}
