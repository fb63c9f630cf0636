/** What a page's options say to the gateway: who logs in, and how they enter the room. */

import { asText } from "./checks.js";
import { JOIN_FIELDS, toWire } from "./tables/fields.js";

/** @typedef {import("./options.js").FullOptions} FullOptions */

/** @param {FullOptions} options */
export function loginOptions(options) {
  const { appKey, account, token, loginExt, deviceId, WebSocket } = options;
  const who = options.isAnonymous
    ? { anonymous: true, nick: options.chatroomNick }
    : { accid: account, token, authType: options.authType ?? options.loginAuthType };
  return { appKey, loginExt, deviceId, ...who, ...(WebSocket && { WebSocket }) };
}

/** @param {FullOptions} options */
export function joinMembers(options) {
  const { loc_x: locX, loc_y: locY, loc_z: locZ, chatroomCustom, chatroomEnterCustom } = options;
  const texts = {
    chatroomCustom: asText(chatroomCustom),
    chatroomEnterCustom: asText(chatroomEnterCustom),
  };
  return toWire(JOIN_FIELDS, { locX, locY, locZ, ...options, ...texts });
}
