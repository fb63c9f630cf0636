/**
 * A message on its way out: the request to the gateway, and the object that the page has meanwhile.
 *
 * @typedef {import("./message.js").ChatroomMessage} ChatroomMessage
 * @typedef {{chatroomId: string, account: string, nick: string, avatar: string, custom: string}} Author
 * @typedef {{request: Record<string, unknown>, message: ChatroomMessage}} Outgoing
 */

import { freshId } from "../ids.js";
import { readBody, writeBody } from "./body.js";
import { notSupported } from "./chatroom-error.js";
import { asText, mustBe, mustHave, tellUnused } from "./checks.js";
import { SEND_FIELDS, toWire } from "./tables/fields.js";
import { MESSAGE_TYPE_NUMBERS } from "./tables/message-types.js";

/** Of a spatial message, as newer pages spell it. */
const PLACE = { loc_x: "locX", loc_y: "locY", loc_z: "locZ" };

/** What else a page may say, and where it is read. */
const ELSEWHERE = [
  ...[
    "text",
    "tip",
    "content",
    "geo",
    "file",
    "type",
    "done",
    "msg",
    "routeConfig",
    "clientAntiSpam",
  ],
  ...["blob", "fileInput", "dataURL", "beginupload", "uploadprogress", "uploaddone", "beforesend"],
];
/** What a message that is sent again has of its first time. */
const OF_A_MESSAGE = [
  ...[
    "chatroomId",
    "from",
    "fromNick",
    "fromAvatar",
    "fromCustom",
    "fromClientType",
    "flow",
    "time",
  ],
  ...["status", "directed", "callbackExt", "userUpdateTime", "x", "y", "z"],
];
const KNOWN = [...Object.values(SEND_FIELDS), ...Object.keys(PLACE), ...ELSEWHERE, ...OF_A_MESSAGE];

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  resend: "boolean",
  skipHistory: "boolean",
  highPriority: "boolean",
  subType: "number",
  toAccids: "array",
  notifyTargetTags: "string",
  env: "string",
  antiSpamUsingYidun: "boolean",
};

/**
 * @param {string} where the method’s name
 * @param {string} type
 * @param {Record<string, any>} given
 * @param {Author} author
 * @returns {Outgoing}
 */
export function compose(where, type, given, author) {
  const options = withPlace(given);
  check(where, options);
  const attach = writeBody(where, type, options);
  const idClient = options.resend ? options.idClient : freshId();
  const msgType = MESSAGE_TYPE_NUMBERS[type];
  const request = {
    roomid: author.chatroomId,
    ...extras(options),
    msgId: idClient,
    msgType,
    attach,
  };
  return { request, message: pending(type, attach, { ...options, idClient }, author) };
}

/** @param {string} where @param {Record<string, any>} options */
function check(where, options) {
  tellUnused(where, options, KNOWN);
  mustBe(where, options, TYPES);
  if (options.resend) mustHave(where, options, "idClient");
  if (options.clientAntiSpam) {
    throw notSupported(
      `${where} clientAntiSpam`,
      "the gateway judges all texts, see moderation.md",
    );
  }
  if (options.routeConfig?.routeEnabled === false) {
    throw notSupported(
      `${where} routeConfig.routeEnabled`,
      "what the application server hears is not for members to decide",
    );
  }
}

/** @param {Record<string, any>} given */
function withPlace(given) {
  const options = { ...given };
  for (const [newer, name] of Object.entries(PLACE)) options[name] ??= given[newer];
  options.env ??= given.routeConfig?.routeEnvironment;
  return options;
}

/** @param {Record<string, any>} options @returns {Record<string, unknown>} */
function extras(options) {
  const { antiSpamContent, antiSpamUsingYidun, toAccids, ...rest } = options;
  return {
    ...toWire(SEND_FIELDS, rest),
    ext: asText(options.custom),
    resendFlag: options.resend ? 1 : undefined,
    skipHistory: options.skipHistory ? 1 : undefined,
    useYidun: antiSpamUsingYidun === false ? 0 : undefined,
    antispam: antiSpamContent === undefined ? undefined : true,
    antispamCustom: asText(antiSpamContent),
    bid: asText(options.antiSpamBusinessId),
    yidunAntiCheating: asText(options.yidunAntiCheating),
    yidunAntiSpamExt: asText(options.yidunAntiSpamExt),
    // To nobody in particular is to everybody.
    toAccids: toAccids?.length ? toAccids : undefined,
  };
}

/** What a page may read of it before, and after. */
const SHOWN = ["subType", "toAccids", "notifyTargetTags", "env", "skipHistory", "highPriority"];

/**
 * @param {string} type
 * @param {string} attach
 * @param {Record<string, any>} options
 * @param {Author} author
 * @returns {ChatroomMessage}
 */
function pending(type, attach, options, author) {
  const custom = asText(options.custom);
  return {
    chatroomId: author.chatroomId,
    idClient: options.idClient,
    from: author.account,
    fromNick: author.nick,
    fromAvatar: author.avatar,
    fromCustom: author.custom,
    fromClientType: "Web",
    type,
    flow: "out",
    ...readBody(type, attach),
    ...(custom ? { custom } : undefined),
    ...shown(options),
    time: Date.now(),
    resend: options.resend === true,
    status: "sending",
  };
}

/** @param {Record<string, any>} options */
export function shown(options) {
  return Object.fromEntries(
    SHOWN.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
}
