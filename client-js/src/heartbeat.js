/** Asks the gateway for a sign of life; a connection that gives none is dead even if the platform thinks otherwise. */

export const BEAT_MS = 20_000;
export const ANSWER_MS = 10_000;

export class Heartbeat {
  #ping;
  #proven;
  #dead;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #beat;
  /** Frames of this connection; more of them are a sign of life too, if the answer has to wait behind them. */
  #heard = 0;
  /** @type {Map<number, {timer: ReturnType<typeof setTimeout>, answered: () => void}>} */
  #asked = new Map();

  /**
   * @param {() => number} ping writes one and returns its id
   * @param {() => void} proven the connection outlived a beat
   * @param {() => void} dead
   */
  constructor(ping, proven, dead) {
    this.#ping = ping;
    this.#proven = proven;
    this.#dead = dead;
  }

  start() {
    this.stop();
    this.#beat = setInterval(() => this.check(ANSWER_MS, this.#proven), BEAT_MS);
  }

  /** The connection is gone, and with it what was asked of it. */
  stop() {
    clearInterval(this.#beat);
    for (const { timer } of this.#asked.values()) clearTimeout(timer);
    this.#asked.clear();
  }

  hear() {
    this.#heard += 1;
  }

  /**
   * Asks now, outside the beat.
   * @param {number} withinMs
   * @param {() => void} [answered]
   */
  check(withinMs, answered = () => {}) {
    this.#await(this.#ping(), withinMs, answered);
  }

  /**
   * @param {number} id
   * @returns {boolean} whether it was the answer to a ping
   */
  settle(id) {
    const asked = this.#asked.get(id);
    if (!asked) return false;
    this.#asked.delete(id);
    clearTimeout(asked.timer);
    asked.answered();
    return true;
  }

  /** @param {number} id @param {number} withinMs @param {() => void} answered */
  #await(id, withinMs, answered) {
    const heardBefore = this.#heard;
    const timer = setTimeout(() => {
      if (this.#heard > heardBefore) this.#await(id, withinMs, answered);
      else this.#dead();
    }, withinMs);
    this.#asked.set(id, { timer, answered });
  }
}
