/** The button that starts the race, and the list of what arrived when. */

import { make, one, setText } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { delayText } from "../base/format.js";
import { onLanguage, words } from "../language/language.js";
import { BURST, RACE_BYTES_PER_SECOND, race } from "./overtake.js";

/**
 * @typedef {import("./overtake.js").Arrival} Arrival
 * @typedef {import("./levers.js").Levers} Levers
 * @typedef {import("../session/stay.js").Stay} Stay
 */

export class RaceView {
  #button = one("#overtake", HTMLButtonElement);
  #summary = one("#race-summary", HTMLElement);
  #list = one("#race", HTMLElement);
  #levers;
  /** @type {Stay | null} */
  #stay = null;
  #me = "";
  #running = false;
  /** @type {Arrival[]} */
  #arrivals = [];

  /** @param {Levers} levers */
  constructor(levers) {
    this.#levers = levers;
    this.#button.addEventListener("click", () => this.#run());
    onLanguage(() => this.#show());
  }

  /** @param {Stay | null} stay @param {string} me */
  open(stay, me) {
    this.#stay = stay;
    this.#me = me;
    this.#arrivals = [];
    this.#show();
  }

  async #run() {
    const room = this.#stay?.room;
    if (!room || this.#running) return;
    this.#running = true;
    this.#arrivals = [];
    this.#show();
    setText(this.#summary, words.race.running);
    try {
      await this.#levers.slow(RACE_BYTES_PER_SECOND);
      await race(room, this.#me, {
        text: words.race.normalText,
        urgentText: words.race.urgentText,
        arrived: (arrival) => {
          this.#arrivals.push(arrival);
          this.#show();
        },
      });
    } catch (error) {
      setText(this.#summary, errorText(error));
    } finally {
      this.#running = false;
      await this.#levers.slow(null);
      this.#show();
    }
  }

  #show() {
    this.#button.setAttribute("aria-disabled", String(this.#running));
    const slowest = Math.max(1, ...this.#arrivals.map(({ delayMs }) => delayMs));
    this.#list.hidden = this.#arrivals.length === 0;
    this.#list.replaceChildren(...this.#arrivals.map((arrival, at) => rowOf(arrival, at, slowest)));
    this.#sum(slowest);
  }

  /** @param {number} slowest */
  #sum(slowest) {
    if (this.#running) return;
    const at = this.#arrivals.findIndex(({ urgent }) => urgent);
    const urgent = this.#arrivals[at];
    const text = urgent
      ? words.race.summary(at + 1, BURST + 1, delayText(urgent.delayMs), delayText(slowest))
      : words.race.about(BURST);
    setText(this.#summary, text);
  }
}

/** @param {Arrival} arrival @param {number} at @param {number} slowest */
function rowOf({ urgent, number, delayMs }, at, slowest) {
  const fill = make("span", { class: "bar-fill" });
  fill.style.scale = `${delayMs / slowest} 1`;
  return make(
    "li",
    { class: urgent ? "race-urgent" : "" },
    make("span", { class: "race-place", text: String(at + 1) }),
    make("span", {
      class: "race-name",
      text: urgent ? words.race.urgent(number) : words.race.normal(number),
    }),
    make("span", { class: "bar", "aria-hidden": "true" }, fill),
    make("span", { class: "race-delay", text: delayText(delayMs) }),
  );
}
