/**
 * What a member asks for on the socket, and the same as the application server would ask for it over REST. The two doors have
 * the same words; REST only has to be told who acts.
 *
 * @typedef {{op: string, members: Record<string, unknown>}} Action a verb of the socket protocol and what goes with it
 * @typedef {{action: string, params: Record<string, unknown>}} Call an action of the server API and its parameters
 */

/** How each action calls the one who acts; those that are not here do not ask. @type {Record<string, string>} */
const ACTORS = {
  kickMember: "accid",
  temporaryMute: "operator",
  muteRoom: "operator",
  setMemberRole: "operator",
  queueOffer: "operator",
  recall: "operatorAcc",
};

/**
 * @param {Action} action
 * @param {string} roomid
 * @param {string} me
 * @returns {Call}
 */
export function serverCall({ op, members }, roomid, me) {
  const actor = ACTORS[op];
  return {
    action: `chatroom/${op}`,
    params: { roomid, ...(actor ? { [actor]: me } : {}), ...members },
  };
}

/** @param {string} target @param {number} seconds 0 lifts it */
export const muteFor = (target, seconds) => ({
  op: "temporaryMute",
  members: { target, muteDuration: seconds },
});

/** @param {boolean} mute */
export const muteRoom = (mute) => ({ op: "muteRoom", members: { mute } });

/** @param {string} targetAccid */
export const kick = (targetAccid) => ({ op: "kickMember", members: { targetAccid } });

/** @param {string} target @param {number} opt 1 manager, 2 fixed member, -1 blocklist, -2 mute @param {boolean} optvalue */
export const setRole = (target, opt, optvalue) => ({
  op: "setMemberRole",
  members: { target, opt, optvalue },
});

/** @param {string} announcement */
export const announce = (announcement) => ({ op: "update", members: { announcement } });

/** @param {{id: string, from: string, time: number}} message */
export const recall = ({ id, from, time }) => ({
  op: "recall",
  members: { msgId: id, fromAcc: from, msgTimetag: time },
});

/** @param {string} key @param {string} value */
export const queueOffer = (key, value) => ({
  op: "queueOffer",
  members: { key, value, transient: true },
});

/** @param {string} [key] the first one where left out */
export const queuePoll = (key) => ({ op: "queuePoll", members: key ? { key } : {} });

export const queueList = () => ({ op: "queueList", members: {} });

export const queueDrop = () => ({ op: "queueDrop", members: {} });
