/**
 * Calls of the page that wait for their callback. All of them fail when the connection is lost, as pages of the hosted SDK expect: none
 * is carried out behind the back of a page that was told it failed, unless it had reached the gateway before.
 *
 * @typedef {import("./commands/command.js").Reply} Reply
 * @typedef {(op: string, members: Record<string, unknown>, signal: AbortSignal) => Promise<Reply>} Ask
 */

import { ChatroomError, failure } from "./chatroom-error.js";
import { RateBlocks } from "./rate-blocks.js";

/** So long a callback waits at most. */
export const CALL_MS = 8_000;

export class Calls {
  #ask;
  #isConnected;
  #blocks;
  /** @type {Set<Call>} */
  #open = new Set();

  /**
   * @param {Ask} ask
   * @param {() => boolean} isConnected
   * @param {RateBlocks} [blocks]
   */
  constructor(ask, isConnected, blocks = new RateBlocks()) {
    this.#ask = ask;
    this.#isConnected = isConnected;
    this.#blocks = blocks;
  }

  /**
   * @template T
   * @param {string} name
   * @param {(ask: (op: string, members?: Record<string, unknown>) => Promise<Reply>) => Promise<T>} work
   * @param {(error: ChatroomError | null, result?: T) => void} settle never before this returns
   */
  run(name, work, settle) {
    const refusal = this.#blocks.refusal(name) ?? this.#notConnected(name);
    if (refusal) return queueMicrotask(() => settle(refusal));
    const call = new Call();
    this.#open.add(call);
    const late = new ChatroomError("Error_Timeout", `${name}: no answer came in time`);
    const timer = setTimeout(() => call.giveUp(late), CALL_MS);
    const over = () => {
      clearTimeout(timer);
      this.#open.delete(call);
    };
    work((op, members = {}) => call.follow(this.#ask(op, members, call.signal))).then(
      (result) => {
        over();
        settle(null, result);
      },
      (error) => {
        over();
        this.#blocks.note(name, error);
        settle(failure(error, name));
      },
    );
  }

  /** @param {ChatroomError} error */
  failAll(error) {
    for (const call of this.#open) call.giveUp(error);
  }

  /** @param {string} name */
  #notConnected(name) {
    if (this.#isConnected()) return undefined;
    const code = "Error_Connection_Socket_State_not_Match";
    return new ChatroomError(code, `${name}: not connected`, { callFunc: name });
  }
}

/** One call, and why it was given up: not every platform’s signals keep a reason. */
class Call {
  #controller = new AbortController();
  /** @type {ChatroomError | undefined} */
  #why;

  get signal() {
    return this.#controller.signal;
  }

  /** @param {ChatroomError} why */
  giveUp(why) {
    this.#why ??= why;
    this.#controller.abort(why);
  }

  /**
   * @template T
   * @param {Promise<T>} asked
   * @returns {Promise<T>} rejects with why, where that is so
   */
  follow(asked) {
    return asked.catch((error) => {
      throw this.#why ?? error;
    });
  }
}
