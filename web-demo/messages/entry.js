/**
 * What the list is made of. An entry is what is known; its row is only how that looks while it is in sight.
 *
 * @typedef {import("./notification.js").Person} Person
 * @typedef {import("../client/index.js").Notification} Notification
 * @typedef {import("../client/index.js").Message} Message
 * @typedef {import("../client/index.js").Gap} Gap
 * @typedef {"text" | "image" | "audio" | "video" | "geo" | "file" | "tip" | "custom" | string} Type
 * @typedef {{type: Type, text?: string, content?: Record<string, any>}} Body
 *
 * @typedef {object} MessageEntry
 * @property {"message"} kind
 * @property {string} id
 * @property {Person} from
 * @property {boolean} own
 * @property {number} time
 * @property {Body} body
 * @property {boolean} high
 * @property {boolean} directed
 * @property {Person[]} to whom we sent it to; empty for everyone, and for what others sent
 * @property {"received" | "uploading" | "pending" | "sent" | "failed"} state
 * @property {Record<string, string>} outcomes by account, once the gateway has answered
 * @property {{text: string, certain: boolean, again: () => void} | null} failure certain: it was not carried out
 * @property {number} progress of an upload, 0 to 1
 * @property {(() => void) | null} cancel ends an upload
 * @property {boolean} recalled
 *
 * @typedef {{kind: "note", id: string, notification: Notification, me: string, time: number}} NoteEntry
 * @typedef {{kind: "gap", gap: Gap, state: "open" | "loading" | "filled" | "failed", found: number, time: number}} GapEntry
 * @typedef {MessageEntry | NoteEntry | GapEntry} Entry
 */

import { readNotification } from "../client/notification.js";

/**
 * @param {Message} message
 * @param {string} me
 * @returns {MessageEntry | NoteEntry | null} null for what this page cannot read
 */
export function received(message, me) {
  if (message.type === "notification") {
    const notification = readNotification(message);
    return notification && { kind: "note", id: message.id, notification, me, time: message.time };
  }
  return {
    ...blank(message.id, { accid: message.from, nick: message.nick || message.from }, me),
    time: message.time,
    body: bodyOf(message),
    high: message.high,
    directed: message.directed,
    state: "received",
  };
}

/**
 * Our own, shown before the gateway has answered.
 * @param {{id: string, body: Body, to: Person[], urgent: boolean}} draft
 * @param {Person} me
 * @returns {MessageEntry}
 */
export function sending({ id, body, to, urgent }, me) {
  return {
    ...blank(id, me, me.accid),
    body,
    to,
    high: urgent,
    directed: to.length > 0,
    state: "pending",
  };
}

/** @param {Gap} gap @returns {GapEntry} */
export const gapEntry = (gap) => ({ kind: "gap", gap, state: "open", found: 0, time: Date.now() });

/** @param {string} id @param {Person} from @param {string} me @returns {MessageEntry} */
function blank(id, from, me) {
  return {
    kind: "message",
    id,
    from,
    own: from.accid === me,
    time: Date.now(),
    body: { type: "text", text: "" },
    high: false,
    directed: false,
    to: [],
    state: "received",
    outcomes: {},
    failure: null,
    progress: 0,
    cancel: null,
    recalled: false,
  };
}

/** @param {Message} message @returns {Body} */
function bodyOf({ type, text, content }) {
  if (text !== undefined || (typeof content === "object" && content !== null)) {
    return { type, text, content };
  }
  // A custom message may be anything, also no object.
  return { type, text: String(content ?? "") };
}
