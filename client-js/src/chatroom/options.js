/**
 * What a page gives to `getInstance`: checked, with what it leaves out filled in.
 *
 * @typedef {object} ChatroomOptions
 * @property {string} appKey
 * @property {string} [account] anonymous ones get one
 * @property {string} [token] not for anonymous ones
 * @property {string} chatroomId
 * @property {string[]} chatroomAddresses `host:port`, or `ws(s)://host[:port][/path]`
 * @property {boolean} [secure] wss for addresses that do not say it themselves: true unless given
 * @property {boolean} [isAnonymous]
 * @property {string} [chatroomNick]
 * @property {string} [chatroomAvatar]
 * @property {string} [chatroomCustom]
 * @property {string} [chatroomEnterCustom]
 * @property {string[]} [tags]
 * @property {string} [notifyTargetTags]
 * @property {0 | 1 | 2} [authType]
 * @property {0 | 1 | 2} [loginAuthType] the same
 * @property {string} [loginExt]
 * @property {number} [customClientType] checked, without effect
 * @property {string} [customTag] checked, without effect
 * @property {boolean} [needReconnect]
 * @property {number} [reconnectionAttempts]
 * @property {number} [msgBufferInterval] ms
 * @property {number} [msgBufferSize]
 * @property {number} [locX]
 * @property {number} [locY]
 * @property {number} [locZ]
 * @property {number} [loc_x] the same
 * @property {number} [loc_y]
 * @property {number} [loc_z]
 * @property {number} [distance]
 * @property {(obj: {chatroom: import("./room.js").ChatroomInfo, member: import("./member.js").ChatroomMember}) => void} [onconnect]
 * @property {(obj: {retryCount: number, duration: number}) => void} [onwillreconnect]
 * @property {(error: any) => void} [ondisconnect]
 * @property {(error: any) => void} [onerror]
 * @property {(msgs: import("./message.js").ChatroomMessage[]) => void} [onmsgs]
 * @property {(msg: import("./message.js").ChatroomMessage) => void} [onmsg]
 * @property {(tags: string[]) => void} [onTagsUpdate]
 * @property {(...given: any[]) => void} [onrobots] never called
 *
 * What roomgate adds:
 * @property {(blob: Blob, how: import("./files.js").UploadHow) => Promise<Record<string, any>> | Record<string, any>} [uploadFile]
 * @property {() => Promise<string> | string} [renewToken] asked for a fresh token when a login is refused with 302
 * @property {(gap: {count: number | undefined, reason: "slow" | "away"}) => void} [onlost] messages are missing
 * @property {string} [deviceId] a later login with the same one replaces this
 * @property {import("../connection.js").SocketClass} [WebSocket] where the platform has none
 *
 * @typedef {ChatroomOptions & {account: string, needReconnect: boolean, reconnectionAttempts: number, msgBufferInterval: number, msgBufferSize: number,
 *   secure: boolean}} FullOptions
 */

import { freshId } from "../ids.js";
import { readAddress } from "./addresses.js";
import { wrongParameter } from "./chatroom-error.js";
import { mustBe, mustHave, tellUnused } from "./checks.js";

const WHERE = "getInstance";

const CALLBACKS = [
  ...["onconnect", "onwillreconnect", "ondisconnect", "onerror", "onmsgs", "onmsg", "onTagsUpdate"],
  ...["onrobots", "onlost", "uploadFile", "renewToken", "WebSocket"],
];

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  appKey: "string",
  account: "string",
  token: "string",
  chatroomAddresses: "array",
  secure: "boolean",
  chatroomNick: "string",
  chatroomAvatar: "string",
  tags: "array",
  notifyTargetTags: "string",
  authType: "number",
  loginAuthType: "number",
  loginExt: "string",
  deviceId: "string",
  needReconnect: "boolean",
  reconnectionAttempts: "number",
  msgBufferInterval: "number",
  msgBufferSize: "number",
  ...Object.fromEntries(
    ["locX", "locY", "locZ", "loc_x", "loc_y", "loc_z", "distance"].map((name) => [name, "number"]),
  ),
  ...Object.fromEntries(CALLBACKS.map((name) => [name, "function"])),
};

const KNOWN = [
  ...Object.keys(TYPES),
  "chatroomId",
  "isAnonymous",
  "chatroomCustom",
  "chatroomEnterCustom",
];

const CUSTOM_TAG_MAX = 32;

const DEFAULTS = {
  secure: true,
  needReconnect: true,
  reconnectionAttempts: Number.POSITIVE_INFINITY,
  msgBufferInterval: 300,
  msgBufferSize: 500,
};

/**
 * @param {Record<string, any>} given
 * @returns {FullOptions}
 */
export function readOptions(given) {
  const options = given.isAnonymous ? { ...given, ...anonymous(given) } : given;
  mustHave(WHERE, options, "appKey", "account", "chatroomId", "chatroomAddresses");
  if (!options.isAnonymous) mustHave(WHERE, options, "token");
  check(options);
  return /** @type {FullOptions} */ ({ ...DEFAULTS, ...present(options) });
}

/** @param {Record<string, any>} given */
function anonymous(given) {
  mustHave(WHERE, given, "chatroomNick");
  const { account, chatroomAvatar } = given;
  return {
    account: account || `nimanon_${freshId()}`,
    chatroomAvatar: chatroomAvatar || " ",
    token: "",
  };
}

/** @param {Record<string, any>} options some of them, or all */
export function check(options) {
  mustBe(WHERE, options, TYPES);
  const {
    chatroomId,
    chatroomAddresses = [],
    secure = true,
    customClientType,
    customTag,
  } = options;
  if (chatroomId !== undefined && typeof chatroomId !== "string") {
    throw wrongParameter(
      WHERE,
      `param roomId unexpected: chatroomId must be a string, not ${typeof chatroomId}`,
    );
  }
  if (Array.isArray(options.chatroomAddresses)) mustHave(WHERE, options, "chatroomAddresses");
  for (const address of chatroomAddresses) readAddress(String(address), secure);
  if (customClientType !== undefined && !(Number(customClientType) > 0)) {
    throw wrongParameter(WHERE, "customClientType must be greater than 0");
  }
  if (String(customTag ?? "").length > CUSTOM_TAG_MAX) {
    throw wrongParameter(WHERE, `customTag must have at most ${CUSTOM_TAG_MAX} characters`);
  }
  tellUnused(WHERE, options, KNOWN);
}

/** @param {Record<string, any>} options @returns {Record<string, any>} without what says nothing */
export function present(options) {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  );
}
