/**
 * Room events: a message of type 5 whose content says who did what to whom.
 *
 * @typedef {import("./message.js").Message} Message
 * @typedef {{accid: string, nick: string}} Person
 *
 * @typedef {object} Notification
 * @property {number} id
 * @property {string} name "entered", "left", …; "unknown" where a newer gateway tells of something else
 * @property {Person} operator
 * @property {Person[]} targets without any the operator is meant
 * @property {Record<string, any>} data as it came; of the queue with `queueChange` read
 * @property {string} ext the notifyExt somebody gave
 * @property {number} time ms
 * @property {Message} message
 */

/** @type {Record<number, string>} */
const NAMES = {
  301: "entered",
  302: "left",
  303: "blocked",
  304: "unblocked",
  305: "muted",
  306: "unmuted",
  307: "managerAdded",
  308: "managerRemoved",
  309: "commonAdded",
  310: "commonRemoved",
  311: "closed",
  312: "updated",
  313: "kicked",
  314: "tempMuted",
  315: "tempUnmuted",
  316: "memberUpdated",
  317: "queueChanged",
  318: "roomMuted",
  319: "roomUnmuted",
  320: "queueBatchChanged",
  321: "tagMuted",
  322: "tagUnmuted",
  323: "recalled",
  324: "queueBatchOffered",
  325: "tagsChanged",
};

/**
 * @param {Message} message of type notification
 * @returns {Notification | null} null where it cannot be read
 */
export function readNotification(message) {
  const { id, data } = message.content ?? {};
  if (!Number.isInteger(id) || typeof data !== "object" || data === null) return null;
  const operator = person(data.operator, data.opeNick);
  return {
    id,
    name: NAMES[id] ?? "unknown",
    operator,
    targets: targets(data, operator),
    data: "queueChange" in data ? { ...data, queueChange: parsed(data.queueChange) } : data,
    ext: text(data.ext),
    time: message.time,
    message,
  };
}

/**
 * @param {{target?: unknown, tarNick?: unknown}} data
 * @param {Person} operator
 */
function targets({ target, tarNick }, operator) {
  if (!Array.isArray(target) || target.length === 0) return operator.accid ? [operator] : [];
  const nicks = Array.isArray(tarNick) ? tarNick : [];
  return target.map((accid, at) => person(accid, nicks[at]));
}

/** @param {unknown} accid @param {unknown} nick @returns {Person} */
function person(accid, nick) {
  return { accid: text(accid), nick: text(nick) || text(accid) };
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");

/** @param {unknown} value JSON inside the JSON */
function parsed(value) {
  try {
    return JSON.parse(text(value));
  } catch {
    return value;
  }
}
