/**
 * Room events: a message of type 5 carries JSON text that says who did what to whom.
 *
 * @typedef {{accid: string, nick: string}} Person
 * @typedef {object} Notification
 * @property {number} id
 * @property {Person} operator
 * @property {Person[]} targets
 * @property {string} msgId only on a recall
 */

export const ENTERED = 301;
export const LEFT = 302;
export const RENAMED = 316;
export const RECALLED = 323;

/** Being blocklisted (303) and being kicked (313) end somebody's stay just as leaving does. */
const DEPARTURES = new Set([LEFT, 303, 313]);

/** @param {Notification} notification */
export const isDeparture = ({ id }) => DEPARTURES.has(id);

/**
 * @param {string} attach
 * @returns {Notification | null} null when it is not a notification
 */
export function readNotification(attach) {
  try {
    const { id, data } = JSON.parse(attach);
    if (!Number.isInteger(id) || typeof data !== "object" || data === null) return null;
    const operator = person(data.operator, data.opeNick);
    return { id, operator, targets: targets(data, operator), msgId: text(data.msgId) };
  } catch {
    return null;
  }
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

/**
 * One calm sentence for the message list.
 * @param {Notification} notification
 * @param {string} me this page's account
 * @returns {string | null} null for events that nobody needs to read about, unknown ones included
 */
export function notificationText({ id, operator, targets }, me) {
  const name = (/** @type {Person} */ { accid, nick }) => (accid === me ? "you" : nick);
  const by = name(operator);
  const whom = listNames(targets.map(name));
  const are = targets.length > 1 || whom === "you" ? "are" : "is";
  const sentence = {
    301: `${whom} came in`,
    302: `${whom} left`,
    303: `${by} blocked ${whom}`,
    304: `${by} unblocked ${whom}`,
    305: `${by} muted ${whom}`,
    306: `${by} unmuted ${whom}`,
    307: `${whom} ${are} now a manager`,
    308: `${whom} ${are} no longer a manager`,
    311: "The room was closed",
    312: "The room’s details changed",
    313: `${by} removed ${whom}`,
    314: `${by} muted ${whom} for a while`,
    315: `${by} unmuted ${whom}`,
    318: `${by} muted the room`,
    319: `${by} unmuted the room`,
    323: `${by} recalled a message`,
  }[id];
  // A name keeps its own first letter, even at the start.
  return sentence?.replace(/^you /, "You ") ?? null;
}

/**
 * @param {string[]} names
 * @param {number} [most] how many to write out
 */
export function listNames(names, most = 4) {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
