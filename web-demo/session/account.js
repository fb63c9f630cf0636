/** The corner that says who one is, with language, theme and the way out. */

import { paintDisc } from "../base/disc.js";
import { one } from "../base/dom.js";
import { offerChoices } from "../look/choices.js";

export class Account {
  #menu = one("#account", HTMLElement);

  /** @param {() => void} onLeave */
  constructor(onLeave) {
    offerChoices(one("#account-choices", HTMLElement));
    one("#leave", HTMLButtonElement).addEventListener("click", () => {
      this.#menu.hidePopover();
      onLeave();
    });
    this.#menu.addEventListener("toggle", () => this.#place());
  }

  /** @param {{accid: string, nick: string}} person */
  show({ accid, nick }) {
    one("#my-name", HTMLElement).textContent = nick;
    paintDisc(one("#my-disc", HTMLElement), accid, nick);
  }

  /** Under its button, whose place depends on the window. */
  #place() {
    const { bottom, right } = one("#me", HTMLElement).getBoundingClientRect();
    this.#menu.style.top = `${bottom + 4}px`;
    this.#menu.style.right = `${Math.max(8, innerWidth - right)}px`;
  }
}
