/** The room itself: what it announces, whether all are mute, and who may change that. */

import { one, setText } from "../base/dom.js";
import { announce, muteRoom, serverCall } from "../curl/actions.js";
import { copiesCurl } from "../curl/copy.js";
import { onLanguage, words } from "../language/language.js";
import { isManager } from "../people/member.js";

/**
 * @typedef {import("../client/index.js").Chatroom} Chatroom
 * @typedef {import("../people/people.js").People} People
 * @typedef {import("../curl/actions.js").Action} Action
 */

export class RoomPanel {
  #people;
  #announcement = one("#announcement", HTMLTextAreaElement);
  #save = one("#announce", HTMLButtonElement);
  #mute = one("#mute-room", HTMLButtonElement);
  /** @type {Chatroom | null} */
  #room = null;

  /** @param {People} people @param {(action: Action) => void} act */
  constructor(people, act) {
    this.#people = people;
    const pairs = /** @type {const} */ ([
      [this.#save, "#announce-curl", () => announce(this.#announcement.value.trim())],
      [this.#mute, "#mute-room-curl", () => muteRoom(!this.#room?.muted)],
    ]);
    for (const [button, curl, action] of pairs) {
      button.addEventListener("click", () => this.#manages && act(action()));
      copiesCurl(one(curl, HTMLButtonElement), () => this.#call(action()));
    }
    onLanguage(() => this.show());
  }

  /** @param {Chatroom | null} room as it is now */
  fill(room) {
    const before = this.#room;
    this.#room = room;
    const text = room?.announcement ?? "";
    // What somebody is typing is not taken away by what somebody else saved.
    const untouched = this.#announcement.value === (before?.announcement ?? "");
    if (untouched || before?.roomid !== room?.roomid) this.#announcement.value = text;
    this.show();
  }

  show() {
    const { rooms, roles, roomPanel } = words;
    const myself = this.#people.myself;
    this.#announcement.readOnly = !this.#manages;
    for (const button of [this.#save, this.#mute]) {
      button.setAttribute("aria-disabled", String(!this.#manages));
    }
    const muted = this.#room?.muted === true;
    this.#mute.textContent = muted ? roomPanel.unmute : roomPanel.mute;
    this.#mute.setAttribute("aria-pressed", String(muted));
    one("#room-rights", HTMLElement).hidden = this.#manages;
    setText(one("#fact-room", HTMLElement), String(this.#room?.roomid ?? ""));
    setText(
      one("#fact-owner", HTMLElement),
      this.#room ? this.#people.nick(this.#room.creator) : "",
    );
    setText(one("#fact-role", HTMLElement), myself ? roles[myself.role] : "");
    setText(one("#fact-here", HTMLElement), rooms.online(this.#people.here.length));
  }

  get #manages() {
    const myself = this.#people.myself;
    return myself !== undefined && isManager(myself);
  }

  /** @param {Action} action */
  #call(action) {
    return this.#room ? serverCall(action, String(this.#room.roomid), this.#people.me) : undefined;
  }
}
