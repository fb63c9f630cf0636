/** The chat rooms of a page: one object for an account in a room, however often it is asked for. */

/** @typedef {import("./instance.js").Chatroom} Chatroom */

/** @type {Map<string, Chatroom>} */
const instances = new Map();

/** @param {{account: string, chatroomId: string}} options */
export const nameOf = ({ account, chatroomId }) =>
  `Chatroom-account-${account}-chatroomId-${chatroomId}`;

/** @param {string} name */
export const find = (name) => instances.get(name);

/** @param {string} name @param {Chatroom} chatroom */
export function keep(name, chatroom) {
  instances.set(name, chatroom);
}

/** @param {string} name @param {Chatroom} chatroom */
export function forget(name, chatroom) {
  if (instances.get(name) === chatroom) instances.delete(name);
}
