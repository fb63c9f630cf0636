/** The message list: bounded, follows the newest unless its reader has scrolled away, and never shows an id twice. */

import { one, stamp } from "./dom.js";
import { SeenIds } from "./ids.js";
import { MessageRow } from "./message-row.js";

/**
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./notification.js").Person} Person
 * @typedef {import("./composer.js").Draft} Draft
 */

/** A page left open all day stays quick; older messages are counted, not kept. */
export const ROWS_MAX = 500;

/** So many arrivals and departures leave the words for an empty room alone. */
const QUIET_ROWS_MAX = 5;

/** Within this of the end counts as reading the newest. */
const NEAR_END_PX = 48;

export class Messages {
  #log = one("#log", HTMLElement);
  #list = one("#messages", HTMLElement);
  #empty = one("#empty", HTMLElement);
  #omitted = one("#omitted", HTMLElement);
  #newer = one("#newer", HTMLButtonElement);
  #alert = one("#alert", HTMLElement);
  #seen = new SeenIds();
  /** Rows by message id, for what happens to a message later. @type {Map<string, MessageRow>} */
  #rows = new Map();
  #omittedCount = 0;
  /** Whether the reader is at the end and wants to stay there. */
  #following = true;

  constructor() {
    this.#newer.addEventListener("click", () => {
      this.#scrollToEnd();
      this.#log.focus();
    });
    this.#log.addEventListener("scroll", () => {
      this.#following = this.#isAtEnd();
      if (this.#following) this.#newer.hidden = true;
    });
    // A phone's keyboard takes half the height, a failure adds a line: the newest message stays in sight.
    const observer = new ResizeObserver(() => this.#following && this.#scrollToEnd());
    observer.observe(this.#log);
    observer.observe(this.#list);
  }

  /**
   * @param {Message} message
   * @param {boolean} own
   */
  receive(message, own) {
    const id = message.msgid_client;
    if (id && !this.#seen.add(id)) return;
    const row = MessageRow.received(message, own);
    if (message.highPriorityFlag && !own) {
      // The assertive region speaks for it; the polite log would say it a second time.
      row.element.ariaLive = "off";
      this.#alert.textContent = row.announcement;
    }
    this.#append(row.element, id);
    this.#rows.set(id, row);
  }

  /**
   * @param {Draft} draft
   * @param {Person} me
   */
  showSending(draft, me) {
    this.#seen.add(draft.msgId);
    const row = MessageRow.sending(draft, me);
    this.#append(row.element, draft.msgId);
    this.#rows.set(draft.msgId, row);
    this.#scrollToEnd();
    return row;
  }

  /** @param {string} msgId */
  recall(msgId) {
    this.#rows.get(msgId)?.recalled();
  }

  /** @param {string} text something that happened in the room */
  note(text) {
    const row = stamp("note");
    row.textContent = text;
    this.#append(row);
  }

  /** @param {string} text what is missing here */
  gap(text) {
    const row = stamp("gap");
    one("span", HTMLElement, row).textContent = text;
    this.#append(row);
  }

  clear() {
    this.#list.replaceChildren();
    this.#rows.clear();
    this.#seen = new SeenIds();
    this.#omittedCount = 0;
    this.#omitted.hidden = true;
    this.#empty.hidden = false;
    this.#alert.textContent = "";
    this.#scrollToEnd();
  }

  /** @param {HTMLElement} element @param {string} [id] of a message; notes and gaps have none */
  #append(element, id = "") {
    element.dataset.msgId = id;
    this.#list.append(element);
    this.#empty.hidden ||= id !== "" || this.#list.childElementCount > QUIET_ROWS_MAX;
    this.#trim();
    if (this.#following) this.#scrollToEnd();
    else this.#newer.hidden = false;
  }

  #trim() {
    while (this.#list.childElementCount > ROWS_MAX) {
      const oldest = /** @type {HTMLElement} */ (this.#list.firstElementChild);
      this.#rows.delete(oldest.dataset.msgId ?? "");
      oldest.remove();
      this.#omittedCount += 1;
    }
    if (this.#omittedCount === 0) return;
    this.#omitted.hidden = false;
    const lines =
      this.#omittedCount === 1 ? "1 older line is" : `${this.#omittedCount} older lines are`;
    this.#omitted.textContent = `${lines} no longer shown`;
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #scrollToEnd() {
    this.#following = true;
    this.#newer.hidden = true;
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}
