/** Waiting for what a client or a room tells. */

import { within } from "../../../tests/browser/helpers/within.js";

/** @typedef {import("../../src/room.js").RoomEvents} RoomEvents */
/** @typedef {import("../../src/index.js").State} State */

/**
 * @template {keyof RoomEvents} Name
 * @param {import("../../src/index.js").Room} room
 * @param {Name} name
 * @param {(event: RoomEvents[Name]) => boolean} [isIt]
 * @returns {Promise<RoomEvents[Name]>} the first that is it
 */
export function heard(room, name, isIt = () => true) {
  const event = new Promise((/** @type {(event: RoomEvents[Name]) => void} */ resolve) => {
    const off = room.on(name, (event) => {
      if (!isIt(event)) return;
      off();
      resolve(event);
    });
  });
  return within(`a ${name} in room ${room.roomid}`, event);
}

/**
 * @template {State["kind"]} Kind
 * @param {import("../../src/index.js").Client} client
 * @param {Kind} kind
 * @returns {Promise<Extract<State, {kind: Kind}>>} the next state of this kind
 */
export function becomes(client, kind) {
  const state = new Promise((/** @type {(state: any) => void} */ resolve) => {
    const off = client.on("state", (state) => {
      if (state.kind !== kind) return;
      off();
      resolve(state);
    });
  });
  return within(`the client is ${kind}`, state);
}
