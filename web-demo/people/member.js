/**
 * A member of the room as this page knows it, and who may do what to whom.
 *
 * @typedef {import("../messages/notification.js").Person} Person
 * @typedef {import("../client/index.js").Member} WireMember
 * @typedef {"owner" | "manager" | "fixed" | "guest"} Role
 * @typedef {object} Standing
 * @property {Role} role
 * @property {boolean} here
 * @property {boolean} muted for good
 * @property {number} mutedUntil ms; 0 where it is not for a time
 * @property {boolean} blocked
 * @typedef {Person & Standing} Member
 */

/** @type {Record<string, Role>} */
const ROLES = { CREATOR: "owner", MANAGER: "manager", COMMON: "fixed" };

/** @type {Record<Role, number>} */
const RANK = { owner: 3, manager: 2, fixed: 1, guest: 1 };

/** @param {WireMember} member @returns {Member} */
export function memberOf({
  accid,
  nick,
  type,
  onlineStat,
  muted,
  blacklisted,
  tempMuted,
  tempMuteTtl,
}) {
  return {
    accid,
    nick: nick || accid,
    role: ROLES[type] ?? "guest",
    here: onlineStat,
    muted: muted === true,
    mutedUntil: tempMuted ? Date.now() + (tempMuteTtl ?? 0) * 1_000 : 0,
    blocked: blacklisted === true,
  };
}

/** @param {Person} person just come in, of whom nothing more is known @returns {Member} */
export const guest = ({ accid, nick }) => ({
  accid,
  nick,
  role: "guest",
  here: true,
  muted: false,
  mutedUntil: 0,
  blocked: false,
});

/** @param {Pick<Member, "role">} member */
export const isManager = ({ role }) => RANK[role] >= RANK.manager;

/** Managers act on those below them, the owner on everybody else. @param {Member | undefined} actor @param {Member} target */
export function mayActOn(actor, target) {
  if (!actor || actor.accid === target.accid) return false;
  return isManager(actor) && RANK[actor.role] > RANK[target.role];
}

/** Member 2 comes before member 10. Made once: a room may have many. */
const ALPHABET = new Intl.Collator(undefined, { numeric: true });

/** We come first, then those who are here, by rank and name. @param {string} me */
export const byPlace = (me) => (/** @type {Member} */ a, /** @type {Member} */ b) =>
  Number(b.accid === me) - Number(a.accid === me) ||
  Number(b.here) - Number(a.here) ||
  RANK[b.role] - RANK[a.role] ||
  ALPHABET.compare(a.nick, b.nick) ||
  a.accid.localeCompare(b.accid);
