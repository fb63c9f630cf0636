/** Asks the gateway for a sign of life; a connection that gives none is dead even if the browser thinks otherwise. */

export const BEAT_MS = 20_000;

export class Heartbeat {
  #ping;
  #onAlive;
  #onDead;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => Promise<unknown>} ping rejects when no answer came in time
   * @param {() => void} onAlive
   * @param {() => void} onDead
   */
  constructor(ping, onAlive, onDead) {
    this.#ping = ping;
    this.#onAlive = onAlive;
    this.#onDead = onDead;
  }

  start() {
    this.stop();
    const timer = setInterval(() => this.#beat(timer), BEAT_MS);
    this.#timer = timer;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @param {ReturnType<typeof setInterval>} timer */
  async #beat(timer) {
    const alive = await this.#ping().then(
      () => true,
      () => false,
    );
    // An answer about an earlier connection says nothing about this one.
    if (timer !== this.#timer) return;
    if (alive) this.#onAlive();
    else this.#onDead();
  }
}
