/**
 * Requests in the order they were asked: those that wait for a connection, and those that wait for their answer.
 * Knows no socket: it writes through a function, and is told the replies and what became of the session.
 *
 * @typedef {import("./protocol.js").Ask} Ask
 * @typedef {import("./protocol.js").Reply} Reply
 *
 * @typedef {object} Open
 * @property {string} op
 * @property {string} text the frame as it is written
 * @property {boolean} ahead before everything else that waits
 * @property {(reply: Reply) => void} resolve
 * @property {(error: unknown) => void} reject
 *
 * @typedef {object} AskOptions
 * @property {AbortSignal} [signal]
 * @property {boolean} [ahead] before everything that waits
 * @property {() => void} [undo] it was given up, and the gateway may have had it
 */

import { abortReason, onAbort } from "./abort.js";
import { Invalid, QueueFull, Refused, Unanswered } from "./errors.js";
import { freshId } from "./ids.js";
import { isRepeatable } from "./protocol.js";
import { utf8Length } from "./utf8.js";

export const QUEUE_MAX = 100;

/** Not answered yet, on a connection or off it: far above any use, so that a gateway that answers nothing fills no memory. */
export const OPEN_MAX = 100_000;

/** A longer frame ends the connection with 1009; the login's reply says how much this gateway takes. */
const MESSAGE_BYTES = 65_536;

export class Requests {
  messageBytes = MESSAGE_BYTES;
  #write;
  #queueMax;
  #openMax;
  #lastId = 0;
  #flowing = false;
  /** There is no connection. With one that only has to catch up, what waits goes out in a moment and is not counted. */
  #away = true;
  /** Not written on any connection that still counts. @type {Map<number, Open>} */
  #queued = new Map();
  /** Written, and not answered yet. @type {Map<number, Open>} */
  #written = new Map();

  /**
   * @param {(text: string) => void} write
   * @param {number} [queueMax] so many may wait for a connection
   * @param {number} [openMax] so many may wait for an answer
   */
  constructor(write, queueMax = QUEUE_MAX, openMax = OPEN_MAX) {
    this.#write = write;
    this.#queueMax = queueMax;
    this.#openMax = openMax;
  }

  nextId() {
    this.#lastId += 1;
    return this.#lastId;
  }

  /**
   * @param {Ask} ask
   * @param {AskOptions} [options]
   * @returns {Promise<Reply>} rejects with Refused, Unanswered, QueueFull, Invalid, or the signal's reason
   */
  ask(ask, { signal, ahead = false, undo } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw abortReason(signal);
      const id = this.nextId();
      const text = this.#encode(ask, id);
      if (this.#away && !ahead && this.#queued.size >= this.#queueMax) {
        throw new QueueFull(this.#queueMax);
      }
      if (!ahead && this.#queued.size + this.#written.size >= this.#openMax) {
        throw new QueueFull(this.#openMax, "their answer");
      }
      const stop = onAbort(signal, () => {
        if (this.#forget(id)) undo?.();
        reject(signal && abortReason(signal));
      });
      const open = {
        op: ask.op,
        text,
        ahead,
        /** @param {Reply} reply */
        resolve: (reply) => {
          stop();
          resolve(reply);
        },
        /** @param {unknown} error */
        reject: (error) => {
          stop();
          reject(error);
        },
      };
      this.#queued.set(id, open);
      if (this.#flowing) this.#writeQueued(id, open);
    });
  }

  /** @param {Reply} reply */
  settle(reply) {
    const open = this.#written.get(reply.id);
    if (!open) return;
    this.#written.delete(reply.id);
    if (reply.code === 200) open.resolve(reply);
    else open.reject(new Refused(reply));
  }

  /** There is a connection. */
  back() {
    this.#away = false;
  }

  /** There is a connection, and what was written on earlier ones is clear: everything that waits goes out. */
  flow() {
    this.#flowing = true;
    const queued = [...this.#queued];
    for (const [id, open] of queued) if (open.ahead) this.#writeQueued(id, open);
    for (const [id, open] of queued) if (!open.ahead) this.#writeQueued(id, open);
  }

  /** The connection is gone: what is asked now waits. */
  pause() {
    this.#flowing = false;
    this.#away = true;
  }

  /**
   * What was written and not answered never will be: it is to be written again where that does no harm,
   * before all that has not been written at all.
   */
  repeat() {
    const again = [];
    for (const [id, open] of this.#written) {
      if (isRepeatable(open.op)) again.push(/** @type {const} */ ([id, repeated(open)]));
      else open.reject(new Unanswered());
    }
    this.#written.clear();
    this.#queued = new Map([...again, ...this.#queued]);
  }

  /**
   * Nothing will be answered any more.
   * @param {unknown} error
   */
  end(error) {
    this.#flowing = false;
    for (const open of this.#queued.values()) open.reject(error);
    for (const open of this.#written.values()) {
      // Whether a reading verb was carried out is of no interest to anybody.
      const isChange = open.op === "send" || !isRepeatable(open.op);
      open.reject(isChange ? new Unanswered(error) : error);
    }
    this.#queued.clear();
    this.#written.clear();
  }

  /**
   * @param {Ask} ask
   * @param {number} id
   */
  #encode(ask, id) {
    const own = ask.op === "send" && !ask.msgId ? { msgId: freshId() } : undefined;
    const text = JSON.stringify({ ...ask, ...own, id });
    if (utf8Length(text, this.messageBytes) > this.messageBytes) {
      const most = `${this.messageBytes} bytes`;
      throw new Invalid(`the frame is larger than ${most}`, `Send less: ${most} at the most.`);
    }
    return text;
  }

  /** @param {number} id @param {Open} open */
  #writeQueued(id, open) {
    // Writing can end the session, or abort others.
    if (!this.#flowing || !this.#queued.delete(id)) return;
    this.#written.set(id, open);
    this.#write(open.text);
  }

  /** @param {number} id @returns {boolean} whether the gateway may have had it */
  #forget(id) {
    this.#queued.delete(id);
    return this.#written.delete(id);
  }
}

/**
 * The gateway may have had it after all: with the flag, whoever got it does not get it twice.
 * @param {Open} open
 * @returns {Open}
 */
function repeated(open) {
  if (open.op !== "send") return open;
  return { ...open, text: JSON.stringify({ ...JSON.parse(open.text), resendFlag: 1 }) };
}
