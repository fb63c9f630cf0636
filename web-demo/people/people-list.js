/** The list of members: who is here, in which role, and who of them is picked to receive the next message. */

import { paintDisc } from "../base/disc.js";
import { one, setText, stamp } from "../base/dom.js";
import { durationText } from "../base/format.js";
import { onLanguage, words } from "../language/language.js";

/**
 * @typedef {import("./member.js").Member} Member
 * @typedef {import("./member.js").Person} Person
 * @typedef {import("./people.js").People} People
 */

export class PeopleList {
  #people;
  #ears;
  #list = one("#members", HTMLElement);
  #count = one("#member-count", HTMLElement);
  #alone = one("#alone", HTMLElement);
  /** @type {Map<string, Person>} */
  #picked = new Map();
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /**
   * @param {People} people
   * @param {{pick: () => void, menu: (accid: string, anchor: HTMLElement) => void}} ears
   */
  constructor(people, ears) {
    this.#people = people;
    this.#ears = ears;
    onLanguage(() => {
      for (const row of this.#rows.values()) row.remove();
      this.#rows.clear();
      this.show();
    });
  }

  /** @returns {Person[]} */
  get picked() {
    return [...this.#picked.values()];
  }

  /** @param {string} accid */
  pickOnly(accid) {
    this.#picked = new Map([[accid, { accid, nick: this.#people.nick(accid) }]]);
    this.show();
  }

  unpickAll() {
    this.#picked.clear();
    this.show();
  }

  show() {
    const members = this.#shown();
    const wanted = new Set(members.map(({ accid }) => accid));
    for (const [accid, row] of this.#rows) {
      if (wanted.has(accid)) continue;
      row.remove();
      this.#rows.delete(accid);
    }
    for (const [at, member] of members.entries()) {
      const row = this.#rows.get(member.accid) ?? this.#build(member);
      this.#fill(row, member);
      // Moving an element drops its focus, so a row already in its place is left alone.
      const there = this.#list.children[at] ?? null;
      if (there !== row) this.#list.insertBefore(row, there);
    }
    const { here, me } = this.#people;
    setText(this.#count, String(here.length));
    this.#alone.hidden = here.length !== 1 || here[0]?.accid !== me;
    this.#ears.pick();
  }

  /** Somebody picked who has left stays listed: dropping them silently could turn a directed message into one for all. */
  #shown() {
    const { all } = this.#people;
    const known = new Set(all.map(({ accid }) => accid));
    const gone = this.picked.filter(({ accid }) => !known.has(accid));
    return [...all, ...gone.map((person) => ({ ...absent, ...person }))];
  }

  /** @param {HTMLElement} row @param {Member} member */
  #fill(row, member) {
    const { accid, nick, here } = member;
    paintDisc(one(".disc", HTMLElement, row), accid, nick);
    setText(one(".nick", HTMLElement, row), nick);
    row.dataset.role = member.role;
    row.classList.toggle("gone", !here);
    const mine = accid === this.#people.me;
    const tags = [mine ? words.people.you : "", ...tagsOf(member)].filter(Boolean);
    setText(one(".tag", HTMLElement, row), tags.join(" · "));
    row.classList.toggle("hushed", isMuted(member));
    const box = row.querySelector("input");
    if (box) box.checked = this.#picked.has(accid);
    if (!mine) setText(one(".menu-name", HTMLElement, row), words.people.menuOf(nick));
  }

  /** @param {Member} member */
  #build({ accid }) {
    const row = stamp(accid === this.#people.me ? "member-me" : "member");
    row.dataset.accid = accid;
    this.#rows.set(accid, row);
    if (accid === this.#people.me) return row;
    const more = one(".more", HTMLButtonElement, row);
    more.addEventListener("click", () => this.#ears.menu(accid, more));
    one("input", HTMLInputElement, row).addEventListener("change", ({ target }) => {
      const { checked } = /** @type {HTMLInputElement} */ (target);
      const nick = this.#people.nick(accid);
      if (checked) this.#picked.set(accid, { accid, nick });
      else this.#picked.delete(accid);
      this.show();
    });
    return row;
  }
}

const absent = /** @type {const} */ ({
  role: "guest",
  here: false,
  muted: false,
  mutedUntil: 0,
  blocked: false,
});

/** @param {Member} member */
export const isMuted = ({ muted, mutedUntil }) => muted || mutedUntil > Date.now();

/** @param {Member} member */
function tagsOf({ role, here, muted, mutedUntil, blocked }) {
  const left = (mutedUntil - Date.now()) / 1_000;
  return [
    role === "guest" ? "" : words.roles[role],
    blocked ? words.people.blocked : "",
    muted ? words.people.muted : left > 0 ? words.people.mutedFor(durationText(left)) : "",
    here || blocked ? "" : words.people.away,
  ];
}
