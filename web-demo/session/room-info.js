/** The room as it is now: its name and what it announces in the header, whether all are mute. */

import { one, setText } from "../base/dom.js";
import { onLanguage, words } from "../language/language.js";

/**
 * @typedef {import("../client/index.js").Chatroom} Chatroom
 * @typedef {import("../client/index.js").Room} Room
 */

export class RoomInfo {
  #name = one("#room-name", HTMLElement);
  #announcement = one("#room-announcement", HTMLElement);
  #onChange;
  /** @type {Chatroom | null} */
  now = null;

  /** @param {(room: Chatroom | null) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    onLanguage(() => this.#show());
  }

  /** @param {Chatroom | null} room */
  take(room) {
    this.now = room;
    this.#show();
    this.#onChange(room);
  }

  /** Something of it changed, and the gateway knows what. @param {Room} room */
  async ask(room) {
    const { chatroom } = await room.request("get").catch(() => ({ chatroom: undefined }));
    if (chatroom && String(chatroom.roomid) === String(this.now?.roomid)) this.take(chatroom);
  }

  #show() {
    setText(this.#name, this.now?.name ?? "");
    const text = this.now?.announcement ?? "";
    setText(this.#announcement, this.now ? text || words.roomPanel.noAnnouncement : "");
    this.#announcement.title = text;
  }
}
