/**
 * Requests that wait for their reply, by id. Knows no socket: it writes through a function and is told the replies.
 *
 * @typedef {import("./protocol.js").Reply} Reply
 * @typedef {{resolve: (reply: Reply) => void, reject: (error: Error) => void, timer: ReturnType<typeof setTimeout>}} Waiting
 */

export const REPLY_TIMEOUT_MS = 10_000;

/** The gateway answered, and the answer was no. */
export class Refused extends Error {
  /** @param {Reply} reply */
  constructor({ code, desc }) {
    super(typeof desc === "string" && desc ? desc : `code ${code}`);
    this.code = code;
  }
}

/** Nobody knows whether the request was carried out: sending again with the same message id is safe. */
export class Unanswered extends Error {}

export class Requests {
  #write;
  #timeoutMs;
  #lastId = 0;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();

  /**
   * @param {(frame: object) => void} write
   * @param {number} [timeoutMs]
   */
  constructor(write, timeoutMs = REPLY_TIMEOUT_MS) {
    this.#write = write;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @param {{op: string} & Record<string, unknown>} frame
   * @returns {Promise<Reply>}
   */
  ask(frame) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Unanswered("the gateway did not answer"));
      }, this.#timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#write({ ...frame, id });
    });
  }

  /** @param {Reply} reply */
  settle(reply) {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.code === 200) waiting.resolve(reply);
    else waiting.reject(new Refused(reply));
  }

  /** Their replies will never come: the session they were asked in is gone. */
  abandon() {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Unanswered("the connection was lost before an answer came"));
    }
    this.#waiting.clear();
  }
}
