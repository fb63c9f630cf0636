/** Messages on their way to the page: collected for a moment, and handed over in batches. */

/** @typedef {import("./message.js").ChatroomMessage} ChatroomMessage */

export class Batches {
  #hand;
  #rules;
  /** @type {ChatroomMessage[]} */
  #waiting = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => {interval: number, size: number}} rules asked for each batch; interval in ms
   * @param {(messages: ChatroomMessage[]) => void} hand
   */
  constructor(rules, hand) {
    this.#rules = rules;
    this.#hand = hand;
  }

  /** @param {ChatroomMessage} message */
  push(message) {
    this.#waiting.push(message);
    this.#schedule();
  }

  /** Hands over what waits, now. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0) this.#handOne();
  }

  #schedule() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#handOne();
      if (this.#waiting.length > 0) this.#schedule();
    }, this.#rules().interval);
  }

  #handOne() {
    this.#hand(this.#waiting.splice(0, Math.max(1, this.#rules().size)));
  }
}
