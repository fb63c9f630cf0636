/** What happened in a room, as pages read it in `attach`. */

import { fromWire, NOTIFICATION_FIELDS, QUEUE_CHANGE_FIELDS } from "./tables/fields.js";
import { NOTIFICATION_TYPES } from "./tables/notification-types.js";

/** Told of whoever enters, also where it is not so. */
const ENTERED = "memberEnter";

/**
 * @param {string} json
 * @returns {Record<string, any>} empty where it is none; without a known `type` where it is newer than this file
 */
export function readNotification(json) {
  try {
    const { id, data = {} } = JSON.parse(json);
    return readData(NOTIFICATION_TYPES[id], data);
  } catch {
    return {};
  }
}

/** @param {string | undefined} type @param {Record<string, any>} data */
function readData(type, data) {
  /** @type {Record<string, any>} */
  const attach = { type, ...fromWire(NOTIFICATION_FIELDS, data) };
  if (data.muteDuration !== undefined) attach.duration = Math.trunc(Number(data.muteDuration));
  if (data.queueChange !== undefined) attach.queueChange = readQueueChange(data.queueChange);
  if (type !== ENTERED) return attach;
  return {
    ...attach,
    gaged: Number(data.muted) === 1,
    tempMuted: Number(data.tempMuted) === 1,
    tempMuteDuration: Number(data.muteTtl ?? 0),
  };
}

/** @param {string} json */
function readQueueChange(json) {
  return fromWire(QUEUE_CHANGE_FIELDS, JSON.parse(json));
}
