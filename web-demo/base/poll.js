/** Asks again and again while somebody can see the answer: never two questions at once, none in a hidden tab. */

export class Poll {
  #ask;
  #everyMs;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #on = false;
  #asking = false;

  /** @param {() => Promise<unknown>} ask @param {number} everyMs */
  constructor(ask, everyMs) {
    this.#ask = ask;
    this.#everyMs = everyMs;
    document.addEventListener("visibilitychange", () => this.now());
  }

  /** @param {boolean} on */
  turn(on) {
    this.#on = on;
    this.now();
  }

  /** Does not wait for the next time. */
  async now() {
    clearTimeout(this.#timer);
    if (!this.#on || document.hidden || this.#asking) return;
    this.#asking = true;
    // What went wrong is shown by who asks; the next time may be better.
    await this.#ask().catch(() => {});
    this.#asking = false;
    if (this.#on) this.#timer = setTimeout(() => this.now(), this.#everyMs);
  }
}
