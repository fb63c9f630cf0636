/**
 * Room events: a message of type 5 carries JSON that says who did what to whom.
 *
 * @typedef {{accid: string, nick: string}} Person
 * @typedef {object} Notification
 * @property {number} id
 * @property {Person} operator
 * @property {Person[]} targets
 * @property {string} msgId only on a recall
 * @property {number} seconds of a mute for a time, else 0
 * @property {QueueChange | null} queue
 * @typedef {{kind: string, key: string, content: string}} QueueChange
 */

import { durationText, listNames } from "../base/format.js";
import { words } from "../language/language.js";

export const ENTERED = 301;
export const LEFT = 302;
export const ROOM_CHANGED = 312;
export const RENAMED = 316;
export const ROOM_MUTED = 318;
export const ROOM_UNMUTED = 319;
export const RECALLED = 323;

/** Being blocklisted (303) and being kicked (313) end somebody's stay just as leaving does. */
const DEPARTURES = new Set([LEFT, 303, 313]);

/** Roles, mutes and blocks, given and taken. */
const STANDINGS = new Set([303, 304, 305, 306, 307, 308, 309, 310, 314, 315]);

const QUEUE_CHANGES = new Set([317, 320, 324]);

/** @param {Notification} notification */
export const isDeparture = ({ id }) => DEPARTURES.has(id);

/** @param {Notification} notification */
export const isStanding = ({ id }) => STANDINGS.has(id);

/** @param {Notification} notification */
export const isQueueChange = ({ id }) => QUEUE_CHANGES.has(id);

/**
 * @param {unknown} attach parsed, or its text
 * @returns {Notification | null} null when it is not a notification
 */
export function readNotification(attach) {
  const value = typeof attach === "string" ? parse(attach) : attach;
  if (typeof value !== "object" || value === null) return null;
  const { id, data } = /** @type {Record<string, any>} */ (value);
  if (!Number.isInteger(id) || typeof data !== "object" || data === null) return null;
  const operator = person(data.operator, data.opeNick);
  return {
    id,
    operator,
    targets: targets(data, operator),
    msgId: text(data.msgId),
    seconds: Number(data.muteDuration) || 0,
    queue: queueChange(data.queueChange),
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

/** @param {unknown} value @returns {QueueChange | null} */
function queueChange(value) {
  const change = typeof value === "string" ? parse(value) : null;
  if (typeof change !== "object" || change === null) return null;
  const { _e, key, content } = /** @type {Record<string, unknown>} */ (change);
  return { kind: text(_e), key: text(key), content: text(content) };
}

/** @param {string} json @returns {unknown} */
function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
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
export function notificationText({ id, operator, targets, seconds, queue }, me) {
  const name = (/** @type {Person} */ { accid, nick }) => (accid === me ? words.notes.you : nick);
  const sentence = /** @type {Record<string, Sentence>} */ (words.notes.sentences)[
    queue ? `queue${queue.kind}` : id
  ];
  const whom = listNames(targets.map(name));
  const many = targets.length > 1 || whom === words.notes.you;
  const said = sentence?.({
    by: name(operator),
    whom,
    many,
    time: seconds ? durationText(seconds) : "",
    key: queue ? nameOfKey(queue, me) : "",
  });
  // A name keeps its own first letter, even at the start.
  return said?.replace(/^you /, "You ") ?? null;
}

/** @typedef {(parts: {by: string, whom: string, many: boolean, time: string, key: string}) => string} Sentence */

/** This page's own elements have an account as key and a nick in them. @param {QueueChange} queue @param {string} me */
function nameOfKey({ key, content }, me) {
  if (key === me) return words.notes.you;
  const value = parse(content);
  const { nick } = /** @type {{nick?: unknown}} */ (
    typeof value === "object" && value ? value : {}
  );
  return text(nick) || key;
}
