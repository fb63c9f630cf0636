/**
 * Where a message is written: its text, for whom it is, and whether it is urgent.
 *
 * @typedef {import("./notification.js").Person} Person
 * @typedef {{msgId: string, text: string, to: Person[], urgent: boolean}} Draft to: empty means everyone
 */

import { one } from "./dom.js";
import { freshId } from "./ids.js";
import { TEXT_MAX } from "./protocol.js";

/** From here on the remaining room is shown. */
const COUNT_FROM = TEXT_MAX - 200;

export class Composer {
  #form = one("#composer", HTMLFormElement);
  #text = one("#text", HTMLTextAreaElement);
  #urgent = one("#urgent", HTMLInputElement);
  #send = one("#send", HTMLButtonElement);
  #to = one("#to", HTMLElement);
  #clear = one("#to-clear", HTMLButtonElement);
  #hint = one("#hint", HTMLElement);
  #restingHint = this.#hint.textContent;
  /** @type {Person[]} */
  #recipients = [];
  #connected = false;
  #onSend;

  /**
   * @param {(draft: Draft) => void} onSend
   * @param {() => void} onClear
   */
  constructor(onSend, onClear) {
    this.#onSend = onSend;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#show());
    this.#urgent.addEventListener("change", () => this.#show());
    this.#clear.addEventListener("click", () => {
      onClear();
      this.focus();
    });
  }

  focus() {
    this.#text.focus();
  }

  reset() {
    this.#text.value = "";
    this.#urgent.checked = false;
    this.#show();
  }

  /** @param {boolean} connected */
  setConnected(connected) {
    this.#connected = connected;
    this.#show();
  }

  /**
   * @param {Person[]} people
   * @param {(accid: string) => boolean} isHere
   */
  address(people, isHere) {
    this.#recipients = people;
    const names = people.map(({ accid, nick }) => (isHere(accid) ? nick : `${nick} (left)`));
    this.#to.textContent = people.length ? names.join(", ") : "everyone";
    this.#clear.hidden = people.length === 0;
    this.#form.classList.toggle("directed", people.length > 0);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // The Enter that picks a word from an input method is not ours; some report it as key code 229 only.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#text.value;
    if (!this.#connected || !text.trim() || text.length > TEXT_MAX) return;
    const urgent = this.#urgent.checked;
    this.#onSend({ msgId: freshId(), text, to: this.#recipients, urgent });
    // Urgency belongs to one message: left on, it would soon mean nothing.
    this.reset();
    this.focus();
  }

  #show() {
    const { length } = this.#text.value;
    const over = length - TEXT_MAX;
    this.#form.classList.toggle("urgent", this.#urgent.checked);
    this.#text.setAttribute("aria-invalid", String(over > 0));
    // aria-disabled, not disabled: focus stays where it is when the connection comes and goes.
    this.#send.setAttribute("aria-disabled", String(!this.#connected || over > 0));
    if (over > 0) this.#hint.textContent = `Too long by ${over}`;
    else if (!this.#connected) this.#hint.textContent = "Your text stays here";
    else if (length >= COUNT_FROM) this.#hint.textContent = `${-over} left`;
    else this.#hint.textContent = this.#restingHint;
  }
}
