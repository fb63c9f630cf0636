/** A message as the application gets it, from the wire or from the history. */

/**
 * @typedef {import("./protocol.js").WireMessage} WireMessage
 * @typedef {import("./protocol.js").WireHistory} WireHistory
 *
 * @typedef {object} Message
 * @property {string} id its sender's msgId
 * @property {string} roomid
 * @property {string} from the account
 * @property {string} nick
 * @property {string} avator
 * @property {string} clientType
 * @property {string} type "text", "image", …; the number of one that is not known here
 * @property {string} [text] of text and tip
 * @property {any} [content] of all others: the object, or the text where it is no JSON
 * @property {string} ext
 * @property {number} time ms
 * @property {boolean} high
 * @property {boolean} directed
 * @property {boolean} resent
 * @property {WireMessage | WireHistory} raw as it came
 */

import { readContent, typeName } from "./content.js";

/** The history says with a number what a message says with a word. @type {Readonly<Record<number, string>>} */
const CLIENT_TYPES = {
  0: "Unknown",
  1: "Android",
  2: "iOS",
  4: "PC",
  8: "WindowsPhone",
  16: "Web",
  32: "REST",
  64: "Mac",
  65: "Harmony",
};

/**
 * @param {WireMessage} raw
 * @returns {Message}
 */
export function readMessage(raw) {
  const type = typeName(raw.type);
  return {
    id: raw.msgid_client,
    roomid: raw.roomId,
    from: raw.fromAccount,
    nick: raw.fromNick,
    avator: raw.fromAvator ?? "",
    clientType: raw.fromClientType ?? "",
    type,
    ...readContent(type, raw.attach ?? ""),
    ext: raw.ext ?? "",
    time: Number(raw.time),
    high: raw.highPriorityFlag === 1,
    directed: raw.directedFlag === 1,
    resent: raw.resendFlag === 1,
    raw,
  };
}

/**
 * The history does not say how a message travelled.
 * @param {string} roomid
 * @param {WireHistory} raw
 * @returns {Message}
 */
export function readHistory(roomid, raw) {
  const type = typeName(raw.type);
  return {
    id: raw.msgid,
    roomid,
    from: raw.from,
    nick: raw.fromNick ?? "",
    avator: raw.fromAvator ?? "",
    clientType: CLIENT_TYPES[raw.fromclienttype ?? 0] ?? String(raw.fromclienttype),
    type,
    ...readContent(type, raw.body),
    ext: raw.ext ?? "",
    time: raw.sendtime,
    high: false,
    directed: false,
    resent: false,
    raw,
  };
}
