/**
 * What waits for one reader: bounded, urgent messages first. Where it is full the oldest normal message goes, an urgent one
 * only where nothing else is left; the reader is told of the gap when it comes to it.
 *
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./protocol.js").Lane} Lane
 * @typedef {{lane: Lane, count: number, since: number, until: number, has: (message: Message) => boolean}} Hole times in ms; has: what is not missing
 * @typedef {{value: Message, done: false} | {value: undefined, done: true}} Taken
 */

import { abortReason, onAbort, throwIfAborted } from "./abort.js";
import { keyOf, SeenIds } from "./ids.js";

/** So many messages wait for a reader at the most. */
export const INBOX_MAX = 1_000;

/** After so many urgent messages in a row a normal one that waits is taken, as in the gateway. */
const HIGH_IN_A_ROW = 32;

export class Inbox {
  /** @type {Record<Lane, Message[]>} */
  #lanes = { high: [], normal: [] };
  /** @type {Partial<Record<Lane, Hole>>} */
  #holes = {};
  #kept = new SeenIds();
  #highInARow = 0;
  #max;
  #missing;
  /** Those that wait for a message. @type {Set<() => void>} */
  #waiting = new Set();
  #ended = false;
  /** @type {Error | undefined} */
  #error;

  /**
   * @param {number} max
   * @param {(hole: Hole) => void} missing told before the message that follows the hole
   */
  constructor(max, missing) {
    this.#max = max;
    this.#missing = missing;
  }

  /** @param {number} max */
  bound(max) {
    this.#max = max;
    this.#trim();
  }

  /** @param {Message} message */
  push(message) {
    if (this.#ended) return;
    this.#kept.add(keyOf(message));
    this.#lanes[message.high ? "high" : "normal"].push(message);
    this.#trim();
    this.#wake();
  }

  /**
   * What waits can still be taken.
   * @param {Error} [error] what the reader gets after the last message; none: it is just over
   */
  end(error) {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  /** The reader goes away, whatever waits. */
  clear() {
    this.#lanes = { high: [], normal: [] };
    this.#holes = {};
    this.end();
  }

  /** @returns {Message[]} all that waits */
  drain() {
    const messages = [];
    for (let message = this.#take(); message; message = this.#take()) messages.push(message);
    return messages;
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<Taken>} rejects with the error it ended with, or the signal's reason
   */
  async next(signal) {
    for (;;) {
      throwIfAborted(signal);
      const message = this.#take();
      if (message) return { value: message, done: false };
      if (this.#error) throw this.#error;
      if (this.#ended) return { value: undefined, done: true };
      await this.#somethingNew(signal);
    }
  }

  get #size() {
    return this.#lanes.high.length + this.#lanes.normal.length;
  }

  #take() {
    const { high, normal } = this.#lanes;
    const urgent = high.length > 0 && (normal.length === 0 || this.#highInARow < HIGH_IN_A_ROW);
    this.#highInARow = urgent ? this.#highInARow + 1 : 0;
    const message = urgent ? high.shift() : normal.shift();
    if (message) this.#tellHoles();
    return message;
  }

  #tellHoles() {
    const holes = Object.values(this.#holes);
    this.#holes = {};
    for (const hole of holes) this.#missing(hole);
  }

  #trim() {
    while (this.#size > this.#max) this.#dropOldest();
  }

  #dropOldest() {
    const lane = this.#lanes.normal.length > 0 ? "normal" : "high";
    const dropped = this.#lanes[lane].shift();
    if (!dropped) return;
    this.#kept.delete(keyOf(dropped));
    const { time } = dropped;
    this.#holes[lane] ??= {
      lane,
      count: 0,
      since: time,
      until: time,
      has: (message) => this.#kept.has(keyOf(message)),
    };
    this.#holes[lane].count += 1;
    this.#holes[lane].until = time;
  }

  #wake() {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** @param {AbortSignal} [signal] @returns {Promise<void>} */
  #somethingNew(signal) {
    return new Promise((resolve, reject) => {
      const wake = () => {
        stop();
        resolve();
      };
      const stop = onAbort(signal, () => {
        this.#waiting.delete(wake);
        reject(signal && abortReason(signal));
      });
      this.#waiting.add(wake);
    });
  }
}
