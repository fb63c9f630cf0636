/** The queue of guests: raise a hand, see who waits, and for managers: the next one, or nobody any more. */

import { paintDisc } from "../base/disc.js";
import { make, one, setText } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { toast } from "../base/toast.js";
import { queueDrop, queueList, queueOffer, queuePoll, serverCall } from "../curl/actions.js";
import { copiesCurl, curlButton } from "../curl/copy.js";
import { onLanguage, words } from "../language/language.js";
import { waitingOf } from "../messages/notification.js";
import { isManager } from "../people/member.js";

/**
 * @typedef {import("../curl/actions.js").Action} Action
 * @typedef {import("../client/index.js").Room} Room
 * @typedef {import("../people/people.js").People} People
 * @typedef {import("../messages/notification.js").Person} Person
 */

export class Queue {
  #people;
  #list = one("#queue-list", HTMLElement);
  #empty = one("#queue-empty", HTMLElement);
  #hand = one("#hand", HTMLButtonElement);
  #count = one("#queue-count", HTMLElement);
  /** @type {Room | null} */
  #room = null;
  /** @type {Person[]} */
  #waiting = [];

  /** @param {People} people */
  constructor(people) {
    this.#people = people;
    const acts = /** @type {const} */ ([
      ["#hand", () => this.#handAction],
      ["#queue-next", () => queuePoll()],
      ["#queue-drop", () => queueDrop()],
    ]);
    for (const [id, action] of acts) {
      one(id, HTMLButtonElement).addEventListener("click", () => this.#do(action()));
      copiesCurl(one(`${id}-curl`, HTMLButtonElement), () => this.#call(action()));
    }
    copiesCurl(one("#queue-list-curl", HTMLButtonElement), () => this.#call(queueList()));
    onLanguage(() => this.show());
  }

  /** @param {Room | null} room */
  async load(room) {
    if (room !== this.#room) this.#waiting = [];
    this.#room = room;
    this.show();
    if (!room) return;
    const { desc } = await room.request("queueList").catch(() => ({ desc: null }));
    if (room !== this.#room || !desc) return;
    const list = /** @type {Record<string, string>[]} */ (desc.list);
    this.#waiting = list.flatMap(Object.entries).map(([key, value]) => waitingOf(key, value));
    this.show();
  }

  /** The queue changed, or who is here. */
  refresh() {
    this.load(this.#room);
  }

  show() {
    const myself = this.#people.myself;
    const manages = myself !== undefined && isManager(myself);
    for (const id of ["#queue-next", "#queue-drop"]) {
      one(id, HTMLButtonElement).setAttribute(
        "aria-disabled",
        String(!manages || this.#waiting.length === 0),
      );
    }
    this.#hand.textContent = this.#isUp ? words.queue.lower : words.queue.raise;
    this.#hand.setAttribute("aria-pressed", String(this.#isUp));
    setText(this.#count, this.#waiting.length ? String(this.#waiting.length) : "");
    this.#empty.hidden = this.#waiting.length > 0;
    this.#list.replaceChildren(...this.#waiting.map((each) => this.#row(each, manages)));
  }

  get #isUp() {
    return this.#waiting.some(({ accid }) => accid === this.#people.me);
  }

  get #handAction() {
    const { me } = this.#people;
    if (this.#isUp) return queuePoll(me);
    return queueOffer(me, JSON.stringify({ nick: this.#people.nick(me) }));
  }

  /** @param {Person} waiting @param {boolean} manages */
  #row({ accid, nick }, manages) {
    const disc = make("span", { class: "disc", "aria-hidden": "true" });
    paintDisc(disc, accid, nick);
    const row = make(
      "li",
      { class: "queue-line" },
      disc,
      make("span", { class: "nick", text: nick }),
    );
    if (manages) {
      const take = make("button", { type: "button", class: "quiet", text: words.queue.take });
      take.append(make("span", { class: "only-read", text: ` ${nick}` }));
      take.addEventListener("click", () => this.#do(queuePoll(accid)));
      row.append(
        take,
        curlButton(() => this.#call(queuePoll(accid)), `${words.queue.take} ${nick}`),
      );
    }
    return row;
  }

  /** @param {Action} action */
  async #do({ op, members }) {
    try {
      await this.#room?.request(op, members);
    } catch (error) {
      toast(errorText(error), "failed");
    }
    this.refresh();
  }

  /** @param {Action} action */
  #call(action) {
    return this.#room ? serverCall(action, this.#room.roomid, this.#people.me) : undefined;
  }
}
