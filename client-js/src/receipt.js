/** Counts the frames taken in and tells the gateway now and then, so that a broken session can be resumed without loss. */

export const ACK_FRAMES = 32;
export const ACK_MS = 5_000;

export class Receipt {
  #write;
  #received = 0;
  #acked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(frame: object) => void} write */
  constructor(write) {
    this.#write = write;
  }

  get received() {
    return this.#received;
  }

  /** A new session: the login's own reply is frame number 1. */
  begin() {
    this.#received = 1;
    this.#acked = 0;
  }

  count() {
    this.#received += 1;
    if (this.#received - this.#acked >= ACK_FRAMES) this.#ack();
    else this.#timer ??= setTimeout(() => this.#ack(), ACK_MS);
  }

  /** The connection is gone: nothing can be told until the next one. */
  pause() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ack() {
    this.pause();
    this.#acked = this.#received;
    this.#write({ op: "ack", received: this.#received });
  }
}
