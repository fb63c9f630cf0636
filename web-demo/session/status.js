/** Tells how the connection is: a word in the header, and a banner with the way out when it is not well. */

import { one, setText } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { onLanguage, words } from "../language/language.js";

/**
 * @typedef {import("./stay.js").State} State
 * @typedef {{resume: () => void, rejoin: () => void, reenter: () => void}} WaysOut
 */

export class Status {
  #word = one("#status", HTMLElement);
  #banner = one("#banner", HTMLElement);
  #why = one("#banner-text", HTMLElement);
  #button = one("#banner-button", HTMLButtonElement);
  #act = () => {};
  #waysOut;
  /** @type {State} */
  #state = { kind: "connecting" };

  /** @param {WaysOut} waysOut */
  constructor(waysOut) {
    this.#waysOut = waysOut;
    this.#button.addEventListener("click", () => this.#act());
    onLanguage(() => this.show(this.#state));
  }

  /** @param {State} state */
  show(state) {
    this.#state = state;
    setText(this.#word, words.states[state.kind]);
    this.#word.dataset.kind = state.kind;
    const { resume, rejoin, reenter } = this.#waysOut;
    switch (state.kind) {
      case "waiting": {
        const seconds = Math.ceil(state.afterMs / 1_000);
        return this.#ask(
          words.banner.waiting(whyText(state), seconds),
          words.banner.tryNow,
          resume,
        );
      }
      case "suspended":
        return this.#ask(words.banner.suspended, words.banner.resume, resume);
      case "out":
        return this.#ask(outText(state), words.banner.rejoin, rejoin);
      case "ended":
        return this.#ask(whyText(state), words.banner.reenter, reenter);
      case "connecting":
        // Only where a loss was told: the first connecting needs no banner.
        if (this.#why.textContent) setText(this.#why, words.banner.connecting);
        return;
      case "online":
        this.clear();
    }
  }

  clear() {
    this.#banner.classList.remove("shown");
    this.#why.textContent = "";
  }

  /** @param {string} why @param {string} label @param {() => void} act */
  #ask(why, label, act) {
    setText(this.#why, why);
    this.#button.textContent = label;
    this.#act = act;
    this.#banner.classList.add("shown");
  }
}

/** @param {{code: number, why: string}} state */
function whyText({ code, why }) {
  return /** @type {Record<number, string>} */ (words.closes)[code] ?? why;
}

/** @param {import("./stay.js").Out} state */
function outText({ kick, error }) {
  if (kick) return /** @type {Record<number, string>} */ (words.kicks)[kick.reason] ?? kick.why;
  return error ? words.banner.refused(errorText(error)) : words.kicks[0];
}
