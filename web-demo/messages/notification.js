/**
 * Room events: which of them mean what to this page, and the sentence that tells of each.
 *
 * @typedef {{accid: string, nick: string}} Person
 * @typedef {import("../client/index.js").Notification} Notification
 * @typedef {(parts: {by: string, whom: string, many: boolean, time: string, key: string}) => string} Sentence
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

/** @param {{id: number}} notification */
export const isDeparture = ({ id }) => DEPARTURES.has(id);

/** @param {{id: number}} notification */
export const isStanding = ({ id }) => STANDINGS.has(id);

/** @param {{id: number}} notification */
export const isQueueChange = ({ id }) => QUEUE_CHANGES.has(id);

/**
 * One calm sentence for the message list.
 * @param {Pick<Notification, "id" | "operator" | "targets" | "data">} notification
 * @param {string} me this page's account
 * @returns {string | null} null for events that nobody needs to read about, unknown ones included
 */
export function notificationText({ id, operator, targets, data }, me) {
  const { notes } = words;
  const name = (/** @type {Person} */ { accid, nick }) => (accid === me ? notes.you : nick);
  const change = data.queueChange;
  const sentence = notes.sentences[change ? `queue${change._e}` : id];
  const whom = listNames(targets.map(name));
  const seconds = Number(data.muteDuration) || 0;
  const said = sentence?.({
    by: name(operator),
    whom,
    many: targets.length > 1 || whom === notes.you,
    time: seconds ? durationText(seconds) : "",
    key: change ? name(waitingOf(change.key, change.content)) : "",
  });
  // A name keeps its own first letter, even at the start.
  return said?.replace(/^you /, "You ") ?? null;
}

/**
 * Whom an element of the queue means: this page's own have the account as key and the nick inside, others' may be anything.
 * @param {unknown} key
 * @param {unknown} value
 * @returns {Person}
 */
export function waitingOf(key, value) {
  const accid = String(key ?? "");
  try {
    const { nick } = JSON.parse(String(value));
    return { accid, nick: typeof nick === "string" && nick ? nick : accid };
  } catch {
    return { accid, nick: accid };
  }
}
