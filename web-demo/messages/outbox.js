/** What this page sends: shown at once, then sent, then what became of it; what fails can be sent again and counts once. */

import { errorText } from "../base/errors.js";
import { freshId } from "../client/ids.js";
import { Refused } from "../client/index.js";
import { bodyFor, uploadFor } from "../composer/files.js";
import { parameterText } from "../curl/curl.js";

/**
 * @typedef {import("./messages.js").Messages} Messages
 * @typedef {import("./entry.js").MessageEntry} MessageEntry
 * @typedef {import("./entry.js").Body} Body
 * @typedef {import("../composer/composer.js").How} How
 * @typedef {import("../client/index.js").Room} Room
 * @typedef {import("../session/door.js").Pass} Pass
 * @typedef {import("../curl/actions.js").Call} Call
 */

export class Outbox {
  #messages;
  #room;
  #me = { accid: "", nick: "" };
  /** @type {Record<string, string>} */
  #headers = {};

  /** @param {Messages} messages @param {() => Room | null} room */
  constructor(messages, room) {
    this.#messages = messages;
    this.#room = room;
  }

  /** @param {Pass} pass @param {Record<string, string>} headers */
  open({ accid, nick }, headers) {
    this.#me = { accid, nick };
    this.#headers = headers;
  }

  /** @param {Body} body @param {How} how */
  send(body, { to, urgent }) {
    const draft = { id: freshId(), body, to, urgent };
    this.#deliver(this.#messages.showSending(draft, this.#me), this.#room(), false);
  }

  /** @param {File} file @param {How} how */
  async sendFile(file, { to, urgent }) {
    const room = this.#room();
    const body = await bodyFor(file);
    const entry = this.#messages.showSending({ id: freshId(), body, to, urgent }, this.#me);
    await uploadFor(entry, file, this.#headers, {
      changed: () => this.#messages.refresh(entry),
      ready: () => this.#deliver(entry, room, false),
      cancelled: () => this.#messages.remove(entry),
    });
  }

  /**
   * @param {MessageEntry} entry
   * @param {Room | null} room
   * @param {boolean} again the gateway may have it already, and is told so
   */
  async #deliver(entry, room, again) {
    Object.assign(entry, { state: "pending", failure: null });
    this.#messages.refresh(entry);
    try {
      if (!room) throw new Error("there is no room");
      const { message, outcomes = {} } = await room.send(contentOf(entry.body), {
        to: entry.to.length ? entry.to.map(({ accid }) => accid) : undefined,
        outcomes: entry.to.length > 0,
        high: entry.high,
        id: entry.id,
        resend: again,
      });
      Object.assign(entry, { state: "sent", time: message.time, outcomes });
    } catch (error) {
      entry.state = "failed";
      entry.failure = {
        text: errorText(error),
        certain: error instanceof Refused,
        again: () => this.#deliver(entry, this.#room(), true),
      };
    }
    this.#messages.refresh(entry);
  }
}

/** @param {Body} body @returns {import("../client/index.js").Content} */
function contentOf({ type, text, content }) {
  if (type === "text" || type === "tip") return { type, text: text ?? "" };
  return /** @type {import("../client/index.js").Content} */ ({ type, content });
}

/** The numbers of the types in the server API. @type {Record<string, number>} */
const NUMBERS = { text: 0, image: 1, audio: 2, video: 3, geo: 4, file: 6, tip: 10, custom: 100 };

/**
 * A message as the application server would send it.
 * @param {Body} body
 * @param {How} how
 * @param {{roomid: string, me: string}} where
 * @returns {Call}
 */
export function sendCall({ type, text, content }, { to, urgent }, { roomid, me }) {
  const directed = to.length > 0;
  return {
    action: directed ? "chatroom/sendMsgToSomeone" : "chatroom/sendMsg",
    params: {
      roomid,
      msgId: freshId(),
      fromAccid: me,
      toAccids: directed ? to.map(({ accid }) => accid) : undefined,
      msgType: NUMBERS[type] ?? 0,
      attach: text ?? parameterText(content),
      highPriority: urgent || undefined,
      outcomes: directed || undefined,
    },
  };
}
