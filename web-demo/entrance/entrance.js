/** The form in front of the room: a name in, a pass out. */

import { one } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { recall, remember } from "../base/memory.js";
import { onLanguage, words } from "../language/language.js";
import { enter, suggestName } from "../session/door.js";

/** @typedef {import("../session/door.js").Pass} Pass */

export class Entrance {
  #main = one("#entrance", HTMLElement);
  #name = one("#name", HTMLInputElement);
  #error = one("#entrance-error", HTMLElement);
  #onPass;
  #busy = false;

  /** @param {(pass: Pass) => void} onPass */
  constructor(onPass) {
    this.#onPass = onPass;
    one("#entrance-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    onLanguage(() => this.#complain(""));
  }

  async show() {
    this.#main.hidden = false;
    this.#name.focus();
    this.#name.select();
    if (this.#name.value) return;
    // A tab that is loaded again has its name; another tab is somebody else.
    const name = recall("name", "tab") ?? (await suggestName());
    // Whoever was quicker than the suggestion keeps what they typed.
    if (this.#name.value || !name) return;
    this.#name.value = name;
    if (document.activeElement === this.#name) this.#name.select();
  }

  async #submit() {
    const name = this.#name.value.trim();
    if (!name) return this.#complain(words.entrance.empty);
    if (this.#busy) return;
    this.#busy = true;
    try {
      const pass = await enter(name);
      remember("name", name, "tab");
      this.#complain("");
      this.#main.hidden = true;
      this.#onPass(pass);
    } catch (error) {
      this.#complain(errorText(error));
    } finally {
      this.#busy = false;
    }
  }

  /** @param {string} text */
  #complain(text) {
    this.#error.textContent = text;
    this.#name.setAttribute("aria-invalid", String(text !== ""));
    if (text) this.#name.focus();
  }
}
