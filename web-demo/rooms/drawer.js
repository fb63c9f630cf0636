/** Where the window is narrow, rooms and members are drawers that open over the conversation. */

import { one } from "../base/dom.js";

export class Drawer {
  #drawer;
  #button;
  #close;

  /** @param {string} id of the drawer; its buttons are called after it */
  constructor(id) {
    this.#drawer = one(`#${id}`, HTMLElement);
    this.#button = one(`#${id}-open`, HTMLButtonElement);
    this.#close = one(`#${id}-close`, HTMLButtonElement);
    this.#button.addEventListener("click", () => this.#show(true));
    this.#close.addEventListener("click", () => this.#show(false));
    this.#drawer.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.#isOpen) this.#show(false);
    });
    onFocusElsewhere(this.#drawer, () => this.#isOpen && this.#turn(false));
  }

  close() {
    if (this.#isOpen) this.#show(false);
  }

  get #isOpen() {
    return this.#drawer.classList.contains("open");
  }

  /** @param {boolean} open */
  #show(open) {
    this.#turn(open);
    (open ? this.#close : this.#button).focus();
  }

  /** @param {boolean} open */
  #turn(open) {
    this.#drawer.classList.toggle("open", open);
    this.#button.setAttribute("aria-expanded", String(open));
  }
}

/**
 * What lies over the page would hide where the focus went. A menu or a dialog is no other place: the focus comes back from it.
 * @param {HTMLElement} place
 * @param {() => void} act
 */
export function onFocusElsewhere(place, act) {
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || place.contains(target)) return;
    if (!target.closest("[popover], dialog")) act();
  });
}
