/** The conversation: what was said and what happened, in the order it came, each message once. */

import { one } from "../base/dom.js";
import { onLanguage, words } from "../language/language.js";
import { bodyText } from "./content.js";
import { gapEntry, received, sending } from "./entry.js";
import { fillGap, gapRow, noteRow } from "./line-row.js";
import { fillMessage, messageRow } from "./message-row.js";
import { notificationText } from "./notification.js";
import { VirtualList } from "./virtual-list.js";
import { beSilent, sayAtOnce, sayPolitely } from "./voice.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./entry.js").MessageEntry} MessageEntry
 * @typedef {import("./entry.js").NoteEntry} NoteEntry
 * @typedef {import("./entry.js").GapEntry} GapEntry
 * @typedef {import("./notification.js").Person} Person
 * @typedef {import("../client/index.js").Message} Message
 * @typedef {import("../client/index.js").Gap} Gap
 */

/** A page left open for a week must not grow; what is left out is in the history still. */
export const ENTRIES_MAX = 20_000;

/** How high a row is before it was measured. */
const GUESS_PX = { message: 74, line: 32, textLine: 24, lineLetters: 60 };

export class Messages {
  #log = one("#log", HTMLElement);
  #empty = one("#empty", HTMLElement);
  #newer = one("#newer", HTMLButtonElement);
  /** @type {VirtualList<Entry>} */
  #list;
  /** @type {Map<string, MessageEntry | NoteEntry>} */
  #byId = new Map();
  #me = "";
  #openMenu;
  /** Whether the history has been asked: until then nobody knows that the room is empty. */
  #settled = false;
  #hasMessages = false;

  /** The reader is near the top. */
  onTop = () => {};

  /** @param {(entry: MessageEntry, anchor: HTMLElement) => void} openMenu */
  constructor(openMenu) {
    this.#openMenu = openMenu;
    this.#list = new VirtualList(this.#log, one("#messages", HTMLElement), {
      build: (entry) => this.#build(entry),
      guess: guessHeight,
    });
    this.#list.onTop = () => this.onTop();
    this.#list.onFollow = (following) => {
      if (following) this.#newer.hidden = true;
    };
    this.#newer.addEventListener("click", () => {
      this.#list.toEnd();
      this.#log.focus();
    });
    onLanguage(() => {
      this.#list.rebuild();
      // What was said was said in the language before.
      beSilent();
    });
  }

  get entries() {
    return this.#list.items;
  }

  /** The oldest moment that is shown; undefined where nothing is. */
  get oldest() {
    return this.#list.items.find(({ kind }) => kind !== "gap")?.time;
  }

  /** @param {string} me */
  clear(me) {
    this.#me = me;
    this.#byId.clear();
    this.#list.clear();
    this.#settled = false;
    this.#hasMessages = false;
    beSilent();
    this.#showEmpty();
  }

  /** All that there is has been asked for: a list that is empty now is empty. */
  settle() {
    this.#settled = true;
    this.#showEmpty();
  }

  /** @param {Message} message */
  receive(message) {
    if (this.#byId.has(message.id)) return;
    const entry = received(message, this.#me);
    if (!entry || !isShown(entry)) return;
    this.#append(entry);
    this.#announce(entry);
  }

  /**
   * @param {Parameters<typeof sending>[0]} draft
   * @param {Person} me
   */
  showSending(draft, me) {
    const entry = sending(draft, me);
    this.#append(entry);
    this.#list.toEnd();
    return entry;
  }

  /** Shows an entry as it is now. @param {Entry} entry */
  refresh(entry) {
    const row = this.#list.row(entry);
    if (!row) return;
    if (entry.kind === "message") fillMessage(row, entry);
    else if (entry.kind === "gap") fillGap(row, entry);
  }

  /** It was never sent after all. @param {MessageEntry} entry */
  remove(entry) {
    this.#byId.delete(entry.id);
    const at = this.#list.items.indexOf(entry);
    if (at >= 0) this.#list.remove(at);
    this.#showEmpty();
  }

  /** @param {string} id */
  recall(id) {
    const entry = this.#byId.get(id);
    if (entry?.kind !== "message") return;
    entry.recalled = true;
    this.refresh(entry);
  }

  /** @param {Gap} gap */
  gap(gap) {
    this.#append(gapEntry(gap));
  }

  /**
   * Puts what the history had before all others.
   * @param {Message[]} messages the oldest first
   */
  prepend(messages) {
    return this.#insert(0, messages);
  }

  /** @param {GapEntry} entry */
  async #recover(entry) {
    if (entry.state === "loading" || entry.state === "filled") return;
    entry.state = "loading";
    this.refresh(entry);
    try {
      const messages = await entry.gap.recover();
      messages.sort((a, b) => a.time - b.time);
      entry.found = this.#insert(this.#list.items.indexOf(entry) + 1, messages);
      entry.state = "filled";
    } catch {
      entry.state = "failed";
    }
    this.refresh(entry);
  }

  /** @param {number} at @param {Message[]} messages @returns {number} how many were not there yet */
  #insert(at, messages) {
    /** @type {Entry[]} */
    const entries = [];
    for (const message of messages) {
      if (this.#byId.has(message.id)) continue;
      const entry = received(message, this.#me);
      if (!entry || !isShown(entry)) continue;
      this.#byId.set(entry.id, entry);
      entries.push(entry);
    }
    this.#list.insert(at, entries);
    const found = entries.filter(({ kind }) => kind === "message").length;
    this.#hasMessages ||= found > 0;
    this.#showEmpty();
    return found;
  }

  /** @param {Entry} entry */
  #append(entry) {
    if (entry.kind !== "gap") this.#byId.set(entry.id, entry);
    if (entry.kind === "message") this.#hasMessages = true;
    this.#list.push(entry);
    const over = this.#list.items.length - ENTRIES_MAX;
    if (over > 0) this.#forget(over);
    if (!this.#list.following) this.#newer.hidden = false;
    this.#showEmpty();
  }

  /** @param {number} count */
  #forget(count) {
    for (const entry of this.#list.items.slice(0, count)) {
      if (entry.kind !== "gap") this.#byId.delete(entry.id);
    }
    this.#list.remove(0, count);
  }

  /** @param {Entry} entry */
  #announce(entry) {
    if (entry.kind === "note") sayPolitely(notificationText(entry.notification, this.#me) ?? "");
    if (entry.kind !== "message" || entry.own) return;
    const { nick } = entry.from;
    const text = bodyText(entry.body);
    // The assertive region speaks for it; the polite one would say it a second time.
    if (entry.high) sayAtOnce(words.messages.urgentFrom(nick, text));
    else sayPolitely(words.messages.said(nick, text));
  }

  #showEmpty() {
    const isQuiet = !this.#hasMessages && this.#list.items.length <= QUIET_MAX;
    this.#empty.hidden = !this.#settled || !isQuiet;
  }

  /** @param {Entry} entry */
  #build(entry) {
    if (entry.kind === "message") return messageRow(entry, this.#openMenu);
    if (entry.kind === "note") return noteRow(entry);
    return gapRow(entry, (gap) => this.#recover(gap));
  }
}

/** So many arrivals and departures leave the words for an empty room alone. */
const QUIET_MAX = 5;

/** @param {Entry} entry an event that has no sentence needs no line */
function isShown(entry) {
  return entry.kind !== "note" || notificationText(entry.notification, entry.me) !== null;
}

/** @param {Entry} entry */
function guessHeight(entry) {
  if (entry.kind !== "message") return GUESS_PX.line;
  const lines = Math.ceil((entry.body.text?.length ?? 0) / GUESS_PX.lineLetters);
  return GUESS_PX.message + Math.max(0, lines - 1) * GUESS_PX.textLine;
}
