/** The panels beside the conversation, one shown at a time; on a narrow window they lie over it. */

import { one } from "../base/dom.js";
import { recall, remember } from "../base/memory.js";
import { onFocusElsewhere } from "../rooms/drawer.js";

/** @typedef {"inside" | "queue" | "server" | "room"} Name */

/** Where the window has room for it, the panel is open from the start. */
const WIDE = matchMedia("(width >= 75rem)");
/** Where it has not, the panel lies over all of it. */
const PHONE = matchMedia("(width < 45rem)");

export class Tools {
  #place = one("#tools", HTMLElement);
  #toggle = one("#tools-toggle", HTMLButtonElement);
  #tabs = [...this.#place.querySelectorAll('[role="tab"]')].map((tab) => {
    if (!(tab instanceof HTMLButtonElement)) throw new Error("a tab is a button");
    return tab;
  });
  /** @type {Name} */
  #shown = "inside";
  #onShow;

  /** @param {(name: Name | "") => void} onShow empty: none */
  constructor(onShow) {
    this.#onShow = onShow;
    this.#toggle.addEventListener("click", () => this.toggle());
    one("#tools-close", HTMLButtonElement).addEventListener("click", () => this.toggle(false));
    for (const tab of this.#tabs) {
      tab.addEventListener("click", () => this.#select(tab));
      tab.addEventListener("keydown", (event) => this.#move(event, tab));
    }
    this.#place.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && !WIDE.matches) this.toggle(false);
    });
    onFocusElsewhere(this.#place, () => PHONE.matches && this.isOpen && this.#show(false));
  }

  get isOpen() {
    return !this.#place.hidden;
  }

  open() {
    const before = recall("tools");
    this.#show(before ? before === "open" && WIDE.matches : WIDE.matches);
  }

  close() {
    this.#place.hidden = true;
    this.#onShow("");
  }

  /** @param {boolean} [open] */
  toggle(open = !this.isOpen) {
    if (WIDE.matches) remember("tools", open ? "open" : "closed");
    this.#show(open);
    if (open) this.#tab(this.#shown)?.focus();
    else this.#toggle.focus();
  }

  /** @param {boolean} open */
  #show(open) {
    this.#place.hidden = !open;
    one("#room", HTMLElement).classList.toggle("with-tools", open);
    this.#toggle.setAttribute("aria-expanded", String(open));
    this.#onShow(open ? this.#shown : "");
  }

  /** @param {Name} name */
  #tab(name) {
    return this.#tabs.find(({ dataset }) => dataset.panel === name);
  }

  /** @param {HTMLButtonElement} chosen */
  #select(chosen) {
    for (const tab of this.#tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      one(`#panel-${tab.dataset.panel}`, HTMLElement).hidden = !on;
    }
    this.#shown = /** @type {Name} */ (chosen.dataset.panel);
    this.#onShow(this.#shown);
  }

  /** @param {KeyboardEvent} event @param {HTMLButtonElement} tab */
  #move({ key }, tab) {
    const at = this.#tabs.indexOf(tab);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.#tabs.length - 1 }[key];
    if (to === undefined) return;
    const next = this.#tabs.at(to % this.#tabs.length);
    if (!next) return;
    this.#select(next);
    next.focus();
  }
}
