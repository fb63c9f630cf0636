/** Tells how the connection is: a word in the header, and a banner with the way out when it is not well. */

import { one } from "./dom.js";

/**
 * @typedef {import("./socket.js").State} State
 * @typedef {{tryNow: () => void, rejoin: () => void, reenter: () => void}} WaysOut
 */

/** @type {Record<State["kind"], string>} */
const WORDS = {
  connecting: "Connecting",
  online: "Connected",
  waiting: "Reconnecting",
  out: "Not in the room",
  ended: "Disconnected",
};

export class Status {
  #word = one("#status", HTMLElement);
  #banner = one("#banner", HTMLElement);
  #why = one("#banner-text", HTMLElement);
  #button = one("#banner-button", HTMLButtonElement);
  #act = () => {};
  #waysOut;

  /** @param {WaysOut} waysOut */
  constructor(waysOut) {
    this.#waysOut = waysOut;
    this.#button.addEventListener("click", () => this.#act());
  }

  /** @param {State} state */
  show(state) {
    this.#word.textContent = WORDS[state.kind];
    this.#word.dataset.kind = state.kind;
    switch (state.kind) {
      case "waiting": {
        const seconds = Math.ceil(state.afterMs / 1_000);
        return this.#ask(
          `${state.why} Trying again in ${seconds} s.`,
          "Try now",
          this.#waysOut.tryNow,
        );
      }
      case "out":
        return this.#ask(state.why, "Join again", this.#waysOut.rejoin);
      case "ended":
        return this.#ask(state.why, "Enter again", this.#waysOut.reenter);
      case "connecting":
        // Only where a loss was told: the first connecting needs no banner.
        if (this.#why.textContent) this.#why.textContent = "Connecting…";
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
    this.#why.textContent = why;
    this.#button.textContent = label;
    this.#act = act;
    this.#banner.classList.add("shown");
  }
}
