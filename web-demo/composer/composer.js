/**
 * Where a message is written: its text, for whom it is, and whether it is urgent.
 *
 * @typedef {import("../messages/notification.js").Person} Person
 * @typedef {import("../messages/entry.js").Body} Body
 * @typedef {{to: Person[], urgent: boolean}} How to: empty means everyone
 */

import { one, setText } from "../base/dom.js";
import { copiesCurl } from "../curl/copy.js";
import { onLanguage, words } from "../language/language.js";

/** Text longer than this is refused; counted in UTF-16 units, as `String.length` does. */
export const TEXT_MAX = 4096;

/** Without a mouse there is mostly no keyboard either, but one on the screen. */
const TOUCH = matchMedia("(hover: none)");

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
  /** @type {Person[]} */
  #recipients = [];
  #isHere = (/** @type {string} */ _accid) => true;
  #connected = false;
  #hushed = "";
  #onSend;
  #onFile;

  /**
   * @param {{send: (body: Body, how: How) => void, file: (file: File, how: How) => void, clear: () => void,
   *   call: (body: Body, how: How) => import("../curl/actions.js").Call}} ears
   */
  constructor({ send, file, clear, call }) {
    this.#onSend = send;
    this.#onFile = file;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#show());
    this.#urgent.addEventListener("change", () => this.#show());
    this.#clear.addEventListener("click", () => {
      clear();
      this.focus();
    });
    copiesCurl(one("#send-curl", HTMLButtonElement), () => call(this.#body, this.#how));
    onLanguage(() => this.#show());
  }

  /** Not where it would bring a keyboard up that nobody asked for. */
  focus() {
    if (!TOUCH.matches) this.#text.focus();
  }

  reset() {
    this.#text.value = "";
    this.#urgent.checked = false;
    this.#show();
  }

  /** The text that is there, which is then taken. */
  take() {
    const text = this.#text.value;
    this.#text.value = "";
    this.#show();
    return text;
  }

  /** @param {boolean} connected */
  setConnected(connected) {
    this.#connected = connected;
    this.#show();
  }

  /** @param {string} why we may not speak; empty where we may */
  hush(why) {
    this.#hushed = why;
    this.#show();
  }

  /**
   * @param {Person[]} people
   * @param {(accid: string) => boolean} isHere
   */
  address(people, isHere) {
    this.#recipients = people;
    this.#isHere = isHere;
    this.#show();
  }

  /** Sends something that was not typed, to the same people. @param {Body} body */
  submit(body) {
    this.#onSend(body, this.#how);
    this.#urgent.checked = false;
    this.#show();
  }

  /** @param {File} file */
  submitFile(file) {
    this.#onFile(file, this.#how);
    this.#urgent.checked = false;
    this.#show();
  }

  /** @returns {How} */
  get #how() {
    return { to: this.#recipients, urgent: this.#urgent.checked };
  }

  /** @returns {Body} */
  get #body() {
    return { type: "text", text: this.#text.value };
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
    this.#onSend(this.#body, this.#how);
    // Urgency belongs to one message: left on, it would soon mean nothing.
    this.reset();
    this.#text.focus();
  }

  #show() {
    const over = this.#text.value.length - TEXT_MAX;
    this.#form.classList.toggle("urgent", this.#urgent.checked);
    this.#text.setAttribute("aria-invalid", String(over > 0));
    // aria-disabled, not disabled: focus stays where it is when the connection comes and goes.
    this.#send.setAttribute("aria-disabled", String(!this.#connected || over > 0));
    setText(this.#hint, this.#hintText(over));
    this.#showRecipients();
  }

  #showRecipients() {
    const people = this.#recipients;
    const { everyone, left } = words.composer;
    const names = people.map(({ accid, nick }) => (this.#isHere(accid) ? nick : left(nick)));
    setText(this.#to, people.length ? names.join(words.units.comma) : everyone);
    this.#clear.hidden = people.length === 0;
    this.#form.classList.toggle("directed", people.length > 0);
  }

  /** @param {number} over */
  #hintText(over) {
    const { composer } = words;
    if (over > 0) return composer.tooLong(over);
    if (!this.#connected) return composer.keeps;
    if (this.#hushed) return this.#hushed;
    return this.#text.value.length >= COUNT_FROM ? composer.room(-over) : composer.hint;
  }
}
