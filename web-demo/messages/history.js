/** Brings older messages in as the reader comes to the top, a page at a time, until there is nothing older. */

import { one } from "../base/dom.js";

/**
 * @typedef {import("./messages.js").Messages} Messages
 * @typedef {import("../client/index.js").Room} Room
 */

export const PAGE = 50;

export class History {
  #messages;
  #older = one("#older", HTMLElement);
  /** @type {Room | null} */
  #room = null;
  #loading = false;
  #complete = false;

  /** @param {Messages} messages */
  constructor(messages) {
    this.#messages = messages;
    messages.onTop = () => this.load();
  }

  /** @param {Room | null} room */
  of(room) {
    this.#room = room;
    this.#loading = false;
    this.#complete = false;
    this.#older.classList.remove("shown");
  }

  async load() {
    const room = this.#room;
    if (!room || this.#loading || this.#complete) return;
    this.#loading = true;
    this.#older.classList.add("shown");
    try {
      const before = this.#messages.oldest;
      const page = await room.history({ limit: PAGE, before });
      if (room !== this.#room) return;
      // Both ends of a time are in it, so the last moment comes once more: what is shown already is known by its id.
      this.#messages.prepend(page.reverse());
      this.#complete = page.length < PAGE;
    } catch {
      // The next scroll to the top asks again.
    } finally {
      if (room === this.#room) {
        this.#loading = false;
        this.#older.classList.remove("shown");
        this.#messages.settle();
      }
    }
  }
}
