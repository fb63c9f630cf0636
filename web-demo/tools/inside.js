/** What happens inside the gateway, looked at four times a second while somebody looks. */

import { one, setText } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { byteText } from "../base/format.js";
import { Poll } from "../base/poll.js";
import { onLanguage, words } from "../language/language.js";
import { fillLanes, lanesRow } from "./lanes.js";

/**
 * @typedef {import("../session/door.js").Door} Door
 * @typedef {import("../session/door.js").Inside} InsideView
 * @typedef {import("../session/door.js").InsideSession} InsideSession
 */

const EVERY_MS = 250;

export class Inside {
  #list = one("#inside-list", HTMLElement);
  #bounds = one("#inside-bounds", HTMLElement);
  #error = one("#inside-error", HTMLElement);
  /** @type {Door | null} */
  #door = null;
  #where = () => ({ roomid: "", session: "" });
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  #poll = new Poll(() => this.#look(), EVERY_MS);

  /** Told of our own session each time. @param {InsideSession | undefined} _session */
  onOwn = (_session) => {};

  constructor() {
    onLanguage(() => {
      this.#forget();
      this.#poll.now();
    });
  }

  /** @param {Door} door @param {() => {roomid: string, session: string}} where */
  open(door, where) {
    this.#door = door;
    this.#where = where;
  }

  close() {
    this.#door = null;
    this.show(false);
    this.#forget();
  }

  /** @param {boolean} shown */
  show(shown) {
    this.#poll.turn(shown && this.#door !== null);
  }

  async #look() {
    const { roomid, session } = this.#where();
    if (!this.#door || !roomid) return;
    try {
      const view = await this.#door.inside(roomid);
      setText(this.#error, "");
      this.#fill(view, session);
    } catch (error) {
      setText(this.#error, errorText(error));
    }
  }

  /** @param {InsideView} view @param {string} own */
  #fill({ bounds, members }, own) {
    const sessions = members.flatMap(({ nick, sessions }) =>
      sessions.map((each) => ({ nick, ...each })),
    );
    const wanted = new Set(sessions.map(({ session }) => session));
    for (const [session, row] of this.#rows) {
      if (wanted.has(session)) continue;
      row.remove();
      this.#rows.delete(session);
    }
    for (const { nick, ...session } of sessions) {
      const isThisTab = session.session === own;
      const row = this.#rows.get(session.session) ?? this.#build(session.session, isThisTab);
      fillLanes(row, session, { nick, isThisTab, bounds });
    }
    setText(this.#bounds, words.inside.bounds(byteText(bounds.high), byteText(bounds.normal)));
    this.onOwn(sessions.find(({ session }) => session === own));
  }

  /** Our own comes first, then in the order in which they came. @param {string} session @param {boolean} first */
  #build(session, first) {
    const row = lanesRow();
    this.#rows.set(session, row);
    if (first) this.#list.prepend(row);
    else this.#list.append(row);
    return row;
  }

  #forget() {
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    setText(this.#bounds, "");
    setText(this.#error, "");
  }
}
