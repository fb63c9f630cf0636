/**
 * Who is here, and who of them is picked to receive the next message.
 *
 * @typedef {import("./notification.js").Person} Person
 */

import { one, paintDisc, stamp } from "./dom.js";

export class Members {
  #list = one("#members", HTMLElement);
  #count = one("#member-count", HTMLElement);
  #alone = one("#alone", HTMLElement);
  #onPick;
  /** @type {Map<string, Person>} */
  #here = new Map();
  /** @type {Map<string, Person>} */
  #picked = new Map();
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  #me = "";
  /** What happened while the list was being fetched. @type {(() => void)[] | null} */
  #later = null;

  /** @param {() => void} onPick */
  constructor(onPick) {
    this.#onPick = onPick;
  }

  /** @returns {Person[]} */
  get picked() {
    return [...this.#picked.values()];
  }

  /** @param {string} accid */
  isHere(accid) {
    return this.#here.has(accid);
  }

  /** @param {string} me */
  clear(me) {
    this.#me = me;
    this.#here.clear();
    this.#picked.clear();
    this.#later = null;
    this.#show();
  }

  /**
   * Takes a whole list. Events that arrive while it is under way may be newer than it, so they are
   * played after it; those that were older are in it already, and playing them again changes nothing.
   * @param {Promise<Person[]>} fetching
   */
  async replaceWith(fetching) {
    /** @type {(() => void)[]} */
    const later = [];
    this.#later = later;
    const people = await fetching.catch(() => null);
    // A newer fetch has taken over.
    if (this.#later !== later) return;
    this.#later = null;
    if (people) this.#here = new Map(people.map((person) => [person.accid, person]));
    for (const event of later) event();
    this.#show();
  }

  /** @param {Person[]} people */
  enter(people) {
    this.#change(() => {
      for (const person of people) this.#here.set(person.accid, person);
    });
  }

  /** @param {Person[]} people */
  leave(people) {
    this.#change(() => {
      for (const { accid } of people) this.#here.delete(accid);
    });
  }

  unpickAll() {
    this.#picked.clear();
    this.#show();
  }

  /** @param {() => void} event */
  #change(event) {
    if (this.#later) {
      this.#later.push(event);
      return;
    }
    event();
    this.#show();
  }

  #show() {
    // Somebody picked who has left stays listed: dropping them silently could turn a directed message into one for all.
    const shown = new Map([...this.#picked, ...this.#here]);
    for (const [accid, row] of this.#rows) {
      if (shown.has(accid)) continue;
      row.remove();
      this.#rows.delete(accid);
    }
    const people = [...shown.values()].sort((a, b) => this.#compare(a, b));
    for (const [at, person] of people.entries()) {
      const row = this.#rows.get(person.accid) ?? this.#build(person);
      this.#fill(row, person);
      // Moving an element drops its focus, so a row already in its place is left alone.
      const there = this.#list.children[at] ?? null;
      if (there !== row) this.#list.insertBefore(row, there);
    }
    this.#count.textContent = String(this.#here.size);
    this.#alone.hidden = this.#here.size !== 1 || !this.#here.has(this.#me);
    this.#onPick();
  }

  /** We come first, then by name. @param {Person} a @param {Person} b */
  #compare(a, b) {
    const mine = Number(b.accid === this.#me) - Number(a.accid === this.#me);
    return mine || a.nick.localeCompare(b.nick) || a.accid.localeCompare(b.accid);
  }

  /** @param {HTMLElement} row @param {Person} person */
  #fill(row, { accid, nick }) {
    paintDisc(one(".disc", HTMLElement, row), accid, nick);
    one(".nick", HTMLElement, row).textContent = nick;
    if (accid === this.#me) return;
    const here = this.#here.has(accid);
    row.classList.toggle("gone", !here);
    one(".tag", HTMLElement, row).textContent = here ? "" : "left";
    one("input", HTMLInputElement, row).checked = this.#picked.has(accid);
  }

  /** @param {Person} person */
  #build(person) {
    const mine = person.accid === this.#me;
    const row = stamp(mine ? "member-me" : "member");
    row.dataset.accid = person.accid;
    this.#rows.set(person.accid, row);
    if (!mine) {
      one("input", HTMLInputElement, row).addEventListener("change", ({ target }) => {
        const { checked } = /** @type {HTMLInputElement} */ (target);
        if (checked) this.#picked.set(person.accid, person);
        else this.#picked.delete(person.accid);
        this.#show();
      });
    }
    return row;
  }
}
