/** What may be done to this tab's own connection: read slowly, break like a pulled cable, come back. */

import { one } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { toast } from "../base/toast.js";
import { onLanguage, words } from "../language/language.js";

/**
 * @typedef {import("../session/door.js").Door} Door
 * @typedef {import("../session/stay.js").Stay} Stay
 */

/** Slow enough to see a queue grow, fast enough to see it go. */
export const SLOW_BYTES_PER_SECOND = 2_048;

export class Levers {
  #slow = one("#slow", HTMLButtonElement);
  #cut = one("#cut", HTMLButtonElement);
  /** @type {{door: Door, stay: Stay} | null} */
  #at = null;
  #isSlow = false;
  #isCut = false;
  /** A connection that breaks now is ours: it stays broken. */
  #cutting = false;

  constructor() {
    this.#slow.addEventListener("click", () =>
      this.slow(this.#isSlow ? null : SLOW_BYTES_PER_SECOND),
    );
    this.#cut.addEventListener("click", () =>
      this.#isCut ? this.#at?.stay.resume() : this.#pull(),
    );
    onLanguage(() => this.#show());
  }

  /** @param {{door: Door, stay: Stay} | null} at */
  open(at) {
    this.#at = at;
    this.#isSlow = false;
    this.#isCut = false;
    this.#show();
  }

  /** @param {number | null} bytesPerSecond null: full speed */
  async slow(bytesPerSecond) {
    const at = this.#at;
    if (!at) return;
    try {
      await at.door.slow(at.stay.session, bytesPerSecond);
      this.#isSlow = bytesPerSecond !== null;
    } catch (error) {
      toast(errorText(error), "failed");
    }
    this.#show();
  }

  /** What the gateway says of us; a new session is at full speed. @param {number | null | undefined} bytesPerSecond */
  hear(bytesPerSecond) {
    if (bytesPerSecond === undefined) return;
    this.#isSlow = bytesPerSecond !== null;
    this.#show();
  }

  /** @param {import("../session/stay.js").State} state */
  state({ kind }) {
    if (this.#cutting && kind === "waiting") {
      this.#cutting = false;
      // Else it would be back before anybody has seen what the gateway keeps.
      this.#at?.stay.suspend();
      return;
    }
    this.#isCut = kind === "suspended";
    this.#show();
  }

  async #pull() {
    const at = this.#at;
    if (!at) return;
    this.#cutting = true;
    try {
      await at.door.cut(at.stay.session);
    } catch (error) {
      this.#cutting = false;
      toast(errorText(error), "failed");
    }
  }

  #show() {
    this.#slow.setAttribute("aria-pressed", String(this.#isSlow));
    this.#slow.textContent = this.#isSlow ? words.levers.fast : words.levers.slow;
    this.#cut.textContent = this.#isCut ? words.levers.resume : words.levers.cut;
    this.#cut.setAttribute("aria-pressed", String(this.#isCut));
  }
}
