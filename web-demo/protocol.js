/**
 * The words of the socket protocol as this page reads them: typed frames in, nothing about the page.
 *
 * @typedef {object} Message one message of a room, exactly as the gateway encoded it
 * @property {string} time milliseconds
 * @property {string} roomId
 * @property {string} type
 * @property {string} msgid_client
 * @property {string} fromAccount
 * @property {string} fromNick
 * @property {string} [fromClientType]
 * @property {string} attach
 * @property {number} [highPriorityFlag]
 * @property {number} [directedFlag]
 *
 * @typedef {"queued" | "duplicate" | "not_in_room" | "unknown" | "slow"} Outcome
 *
 * @typedef {object} Reply
 * @property {"reply"} op
 * @property {number} id
 * @property {number} code
 * @property {unknown} [desc] a message on success, a sentence on refusal
 * @property {string} [session]
 * @property {boolean} [resumed]
 * @property {{name?: string}} [chatroom]
 * @property {Record<string, Outcome>} [outcomes]
 *
 * @typedef {{op: "message", message: Message}} MessageFrame
 * @typedef {{op: "kicked", roomid: string, reason: number}} KickedFrame
 * @typedef {{op: "lost", lane: string, count: number}} LostFrame
 * @typedef {{op: "drain", reconnectAfter: number}} DrainFrame
 * @typedef {Reply | MessageFrame | KickedFrame | LostFrame | DrainFrame} ServerFrame
 */

/** Text longer than this is refused; counted in UTF-16 units, as `String.length` does. */
export const TEXT_MAX = 4096;

export const TYPE_TEXT = "0";
export const TYPE_NOTIFICATION = "5";
const TYPE_TIP = "10";

/** @type {Record<string, string>} */
const TYPE_NAMES = {
  1: "image",
  2: "audio",
  3: "video",
  4: "location",
  6: "file",
  11: "robot message",
  100: "custom message",
};

/**
 * One frame of the gateway. An `op` from a newer gateway comes back as it is: the caller's switch
 * ignores it, but it counts as received.
 * @param {unknown} text
 * @returns {ServerFrame | null} null for what is no frame at all
 */
export function readFrame(text) {
  if (typeof text !== "string") return null;
  try {
    const frame = JSON.parse(text);
    return frame !== null && typeof frame === "object" && typeof frame.op === "string"
      ? frame
      : null;
  } catch {
    return null;
  }
}

/**
 * What to show for a message: this page shows text, and says plainly what else arrived.
 * @param {Pick<Message, "type" | "attach">} message
 */
export function messageText({ type, attach }) {
  if (type === TYPE_TEXT || type === TYPE_TIP) return attach;
  const name = TYPE_NAMES[type] ?? `message of type ${type}`;
  return type === "100" ? `[${name}] ${attach}` : `[${name}]`;
}

/**
 * @param {number} reason
 * @returns {string} why a session is no longer in the room
 */
export function kickedText(reason) {
  switch (reason) {
    case 1:
      return "The room was closed.";
    case 2:
      return "A manager removed you from the room.";
    case 3:
      return "You entered the room from somewhere else.";
    case 5:
      return "You are on this room’s blocklist.";
    default:
      return "You are no longer in the room.";
  }
}

/** @type {Record<Outcome, string>} */
const OUTCOME_TEXTS = {
  queued: "sent",
  duplicate: "had it already",
  not_in_room: "not in the room",
  unknown: "no such account",
  slow: "reads too slowly, not sent",
};

/**
 * @param {string} outcome
 * @returns {string} what became of a directed message for one recipient
 */
export function outcomeText(outcome) {
  return OUTCOME_TEXTS[/** @type {Outcome} */ (outcome)] ?? outcome;
}
