/** One message in the list: who, when, to whom, how urgent, and what became of it. */

import { one, paintDisc, stamp } from "./dom.js";
import { listNames } from "./notification.js";
import { messageText, outcomeText } from "./protocol.js";
import { Refused } from "./requests.js";

/**
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").Reply} Reply
 * @typedef {import("./notification.js").Person} Person
 * @typedef {import("./composer.js").Draft} Draft
 */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export class MessageRow {
  element = stamp("message");
  #failure = one(".failure", HTMLElement, this.element);

  /**
   * Somebody's message, or our own from another page.
   * @param {Message} message
   * @param {boolean} own
   */
  static received(message, own) {
    const row = new MessageRow();
    row.#fill(message.fromAccount, message.fromNick, messageText(message), own);
    row.#stampTime(Number(message.time));
    row.#mark(message.directedFlag ? "Directed to you" : "", message.highPriorityFlag === 1);
    return row;
  }

  /**
   * Our own, shown before the gateway has answered, with its final height so that the answer moves nothing.
   * @param {Draft} draft
   * @param {Person} me
   */
  static sending(draft, me) {
    const row = new MessageRow();
    row.#fill(me.accid, me.nick, draft.text, true);
    row.#stampTime(Date.now());
    const names = listNames(draft.to.map(({ nick }) => nick));
    row.#mark(names && `Directed to ${names}`, draft.urgent);
    row.#listRecipients(draft.to);
    row.pending();
    return row;
  }

  pending() {
    this.#failure.hidden = true;
    this.#say("pending", "Sending…");
  }

  /** @param {Reply} reply */
  delivered({ desc, outcomes = {} }) {
    this.#stampTime(Number(/** @type {Message} */ (desc)?.time));
    const recipients = this.element.querySelectorAll(".outcomes li");
    // Where recipients are listed each has its own word, and "sent" above them could be untrue.
    this.#say("sent", recipients.length ? "" : "Sent");
    for (const item of recipients) {
      if (!(item instanceof HTMLElement)) continue;
      const outcome = outcomes[item.dataset.accid ?? ""] ?? "";
      item.dataset.outcome = outcome;
      one(".outcome", HTMLElement, item).textContent = outcomeText(outcome || "sent");
    }
  }

  /**
   * @param {Error} error without an answer nobody knows whether it arrived, and "not sent" could be untrue
   * @param {() => void} again
   */
  failed(error, again) {
    this.#say("failed", error instanceof Refused ? "Not sent" : "Not confirmed");
    this.#failure.hidden = false;
    one(".why", HTMLElement, this.#failure).textContent = error.message;
    one("button", HTMLButtonElement, this.#failure).onclick = again;
  }

  recalled() {
    const text = one(".text", HTMLElement, this.element);
    text.textContent = "This message was recalled.";
    text.classList.add("recalled");
  }

  /** What a screen reader is told at once when the message is urgent. */
  get announcement() {
    const part = (/** @type {string} */ name) => one(name, HTMLElement, this.element).textContent;
    return `Urgent from ${part(".author")}: ${part(".text")}`;
  }

  /** @param {string} accid @param {string} nick @param {string} text @param {boolean} own */
  #fill(accid, nick, text, own) {
    const name = nick || accid;
    this.element.classList.toggle("own", own);
    paintDisc(one(".disc", HTMLElement, this.element), accid, name);
    one(".author", HTMLElement, this.element).textContent = own ? "You" : name;
    one(".text", HTMLElement, this.element).textContent = text;
  }

  /** @param {number} ms */
  #stampTime(ms) {
    const date = new Date(ms);
    if (Number.isNaN(date.getTime())) return;
    const time = one("time", HTMLTimeElement, this.element);
    time.dateTime = date.toISOString();
    time.textContent = clock.format(date);
  }

  /** @param {string} directed @param {boolean} urgent */
  #mark(directed, urgent) {
    this.element.classList.toggle("directed", directed !== "");
    this.element.classList.toggle("urgent", urgent);
    one(".directed-mark", HTMLElement, this.element).hidden = !directed;
    one(".directed-text", HTMLElement, this.element).textContent = directed;
    one(".urgent-mark", HTMLElement, this.element).hidden = !urgent;
    one(".marks", HTMLElement, this.element).hidden = !directed && !urgent;
  }

  /** @param {Person[]} people */
  #listRecipients(people) {
    const list = one(".outcomes", HTMLElement, this.element);
    list.hidden = people.length === 0;
    for (const { accid, nick } of people) {
      const item = stamp("outcome");
      item.dataset.accid = accid;
      one(".recipient", HTMLElement, item).textContent = nick;
      list.append(item);
    }
  }

  /** @param {string} state @param {string} text */
  #say(state, text) {
    this.element.dataset.state = state;
    one(".state", HTMLElement, this.element).textContent = text;
  }
}
