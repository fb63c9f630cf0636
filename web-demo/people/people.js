/**
 * Who belongs to the room and who is here, kept up to date by what the room tells. Knows no page.
 *
 * @typedef {import("./member.js").Member} Member
 * @typedef {import("./member.js").Person} Person
 * @typedef {import("../client/index.js").Room} Room
 * @typedef {import("../client/index.js").Notification} Notification
 */

import { ENTERED, isDeparture, isStanding, RENAMED } from "../messages/notification.js";
import { byPlace, guest, memberOf } from "./member.js";

/** The types of `membersByPage`. */
const FIXED = 0;
const GUESTS = 1;
const PAGE = 100;

export class People {
  me = "";
  #onChange;
  /** @type {Map<string, Member>} */
  #members = new Map();
  /** @type {Room | null} */
  #room = null;
  /** What happened while the list was being fetched. @type {(() => void)[] | null} */
  #later = null;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @returns {Member[]} in the order in which they are listed */
  get all() {
    return [...this.#members.values()].sort(byPlace(this.me));
  }

  /** @returns {Member[]} */
  get here() {
    return this.all.filter(({ here }) => here);
  }

  get myself() {
    return this.#members.get(this.me);
  }

  /** @param {string} accid */
  get(accid) {
    return this.#members.get(accid);
  }

  /** @param {string} accid */
  nick(accid) {
    return this.#members.get(accid)?.nick ?? accid;
  }

  /** @param {string} me */
  clear(me) {
    this.me = me;
    this.#members.clear();
    this.#room = null;
    this.#later = null;
    this.#onChange();
  }

  /**
   * Takes the whole list of a room. Events that arrive while it is under way may be newer than it, so they are played after
   * it; those that were older are in it already, and playing them again changes nothing.
   * @param {Room} room
   */
  async load(room) {
    this.#room = room;
    /** @type {(() => void)[]} */
    const later = [];
    this.#later = later;
    const members = await fetchAll(room).catch(() => null);
    // A newer one has taken over.
    if (this.#later !== later) return;
    this.#later = null;
    if (members) this.#members = new Map(members.map((member) => [member.accid, member]));
    for (const event of later) event();
    this.#onChange();
  }

  /** @param {Notification} notification */
  hear(notification) {
    const { id, targets } = notification;
    if (id === ENTERED || id === RENAMED)
      this.#change(() => targets.forEach((each) => void this.#enter(each)));
    else if (isDeparture(notification))
      this.#change(() => targets.forEach((each) => void this.#leave(each)));
    if (id === ENTERED || isStanding(notification)) this.#ask(targets);
  }

  /** We are not in the room any more; nobody tells us of that as of others. */
  leaveMyself() {
    this.#change(() => this.#leave({ accid: this.me }));
  }

  /** What a change of standing leaves behind is asked, not worked out: the gateway knows. @param {Person[]} people */
  async #ask(people) {
    const room = this.#room;
    if (!room) return;
    const accids = people.map(({ accid }) => accid);
    const { desc } = await room
      .request("queryMembers", { accids })
      .catch(() => ({ desc: undefined }));
    if (room !== this.#room || !desc) return;
    const members = /** @type {import("../client/index.js").Member[]} */ (desc.data).map(memberOf);
    this.#change(() => {
      const found = new Map(members.map((member) => [member.accid, member]));
      for (const accid of accids) this.#update(accid, found.get(accid));
    });
  }

  /** @param {string} accid @param {Member | undefined} member */
  #update(accid, member) {
    // A guest who is away is no member any more.
    const stays =
      member && (member.here || member.role !== "guest" || member.muted || member.blocked);
    if (stays) this.#members.set(accid, member);
    else this.#members.delete(accid);
  }

  /** @param {Person} person */
  #enter(person) {
    const known = this.#members.get(person.accid);
    this.#members.set(
      person.accid,
      known ? { ...known, nick: person.nick, here: true } : guest(person),
    );
  }

  /** @param {{accid: string}} person */
  #leave({ accid }) {
    const known = this.#members.get(accid);
    if (known) this.#update(accid, { ...known, here: false });
  }

  /** @param {() => void} event */
  #change(event) {
    if (this.#later) {
      this.#later.push(event);
      return;
    }
    event();
    this.#onChange();
  }
}

/** @param {Room} room */
async function fetchAll(room) {
  const members = await Promise.all([FIXED, GUESTS].map((type) => fetchType(room, type)));
  return members.flat().map(memberOf);
}

/** Page by page, those first who came last. @param {Room} room @param {number} type */
async function fetchType(room, type) {
  /** @type {import("../client/index.js").Member[]} */
  const members = [];
  for (let endtime = 0; ; ) {
    const { desc } = await room.request("membersByPage", { type, endtime, limit: PAGE });
    const page = /** @type {import("../client/index.js").Member[]} */ (desc.data);
    members.push(...page);
    const next = page.at(-1)?.enterTime;
    if (!next) return members;
    endtime = next;
  }
}
