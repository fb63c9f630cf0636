/** The list of rooms with how many are in each, and the form that makes one. */

import { one, setText, stamp } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { Poll } from "../base/poll.js";
import { copiesCurl } from "../curl/copy.js";
import { onLanguage, words } from "../language/language.js";

/**
 * @typedef {import("../session/door.js").Door} Door
 * @typedef {import("../session/door.js").RoomLine} RoomLine
 */

const EVERY_MS = 2_000;

export class Rooms {
  #list = one("#room-list", HTMLElement);
  #error = one("#rooms-error", HTMLElement);
  #name = one("#new-room", HTMLInputElement);
  #onEnter;
  /** @type {Door | null} */
  #door = null;
  #me = "";
  #current = "";
  /** @type {RoomLine[]} */
  #rooms = [];
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  #poll = new Poll(() => this.#load(), EVERY_MS);

  /** @param {(roomid: string) => void} onEnter */
  constructor(onEnter) {
    this.#onEnter = onEnter;
    one("#new-room-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#make();
    });
    copiesCurl(one("#new-room-curl", HTMLButtonElement), () => ({
      action: "chatroom/create",
      params: { creator: this.#me, name: this.#name.value.trim() || words.rooms.newName },
    }));
    onLanguage(() => {
      for (const row of this.#rows.values()) row.remove();
      this.#rows.clear();
      this.#show();
    });
  }

  /** @param {Door} door @param {string} me */
  open(door, me) {
    this.#door = door;
    this.#me = me;
    this.#poll.turn(true);
  }

  close() {
    this.#poll.turn(false);
    this.#door = null;
  }

  /** @param {string} roomid where we are */
  current(roomid) {
    this.#current = roomid;
    this.#show();
    this.refresh();
  }

  /** Somebody came or went, or a room got another name. */
  refresh() {
    this.#poll.now();
  }

  async #load() {
    const door = this.#door;
    if (!door) return;
    try {
      const rooms = await door.rooms();
      if (door !== this.#door) return;
      this.#rooms = rooms;
      this.#complain("");
    } catch (error) {
      this.#complain(errorText(error));
    }
    this.#show();
  }

  async #make() {
    const name = this.#name.value.trim();
    if (!name || !this.#door) return this.#name.focus();
    try {
      const roomid = await this.#door.makeRoom(name);
      this.#name.value = "";
      this.#complain("");
      this.#onEnter(roomid);
    } catch (error) {
      this.#complain(errorText(error));
    }
  }

  #show() {
    const wanted = new Set(this.#rooms.map(({ roomid }) => roomid));
    for (const [roomid, row] of this.#rows) {
      if (wanted.has(roomid)) continue;
      row.remove();
      this.#rows.delete(roomid);
    }
    for (const [at, room] of this.#rooms.entries()) {
      const row = this.#rows.get(room.roomid) ?? this.#build(room.roomid);
      this.#fill(row, room);
      const there = this.#list.children[at] ?? null;
      if (there !== row) this.#list.insertBefore(row, there);
    }
  }

  /** @param {string} roomid */
  #build(roomid) {
    const row = stamp("room-line");
    row.dataset.roomid = roomid;
    this.#rows.set(roomid, row);
    one("button", HTMLButtonElement, row).addEventListener("click", () => this.#onEnter(roomid));
    return row;
  }

  /** @param {HTMLElement} row @param {RoomLine} room */
  #fill(row, { roomid, name, owner, online }) {
    const button = one("button", HTMLButtonElement, row);
    if (roomid === this.#current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    setText(one(".room-line-name", HTMLElement, row), name);
    setText(one(".online", HTMLElement, row), String(online));
    setText(one(".online-words", HTMLElement, row), words.rooms.online(online));
    one(".mine", HTMLElement, row).hidden = owner !== this.#me;
    row.classList.toggle("quiet-room", online === 0);
  }

  /** @param {string} text */
  #complain(text) {
    setText(this.#error, text);
  }
}
