/** The chat room itself, as pages know it. */

import { asText } from "./checks.js";
import { fromWire, ROOM_FIELDS, toWire } from "./tables/fields.js";

/**
 * @typedef {Record<string, any> & {id: string, name: string}} ChatroomInfo
 */

/**
 * @param {Record<string, any>} wire
 * @returns {ChatroomInfo}
 */
export function readRoom(wire) {
  return {
    name: "",
    ...fromWire(ROOM_FIELDS, wire),
    id: String(wire.roomid),
    announcement: wire.announcement ?? "",
    broadcastUrl: wire.broadcasturl ?? "",
    custom: wire.ext ?? "",
    mute: Boolean(wire.muted),
  };
}

/** What `updateChatroom` may change. */
const CHANGEABLE = ["name", "announcement", "broadcasturl", "ext"];

/**
 * @param {Record<string, any>} chatroom
 * @returns {Record<string, unknown>}
 */
export function writeRoom(chatroom) {
  const wire = toWire(ROOM_FIELDS, chatroom);
  /** @type {Record<string, unknown>} */
  const change = Object.fromEntries(CHANGEABLE.map((name) => [name, asText(wire[name])]));
  if (wire.queuelevel !== undefined) change.queuelevel = Number(wire.queuelevel);
  return change;
}
