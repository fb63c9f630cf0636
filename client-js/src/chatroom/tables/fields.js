/** Names of members: those of the wire on the left, those that pages use on the right. Values that differ are converted beside them. */

/** Of a message as it is delivered. @type {Readonly<Record<string, string>>} */
export const MESSAGE_FIELDS = {
  roomId: "chatroomId",
  msgid_client: "idClient",
  fromAccount: "from",
  fromNick: "fromNick",
  fromAvator: "fromAvatar",
  fromClientType: "fromClientType",
  type: "type",
  ext: "custom",
  time: "time",
  resendFlag: "resend",
  subType: "subType",
  callbackExt: "callbackExt",
  highPriorityFlag: "highPriority",
  directedFlag: "directed",
  locX: "x",
  locY: "y",
  locZ: "z",
};

/** Of a message as a history lists it, where it differs: its name in a delivered one. @type {Readonly<Record<string, string>>} */
export const HISTORY_FIELDS = {
  from: "fromAccount",
  msgid: "msgid_client",
  sendtime: "time",
  fromclienttype: "fromClientType",
  body: "attach",
};

/** Of the `data` of a notification. @type {Readonly<Record<string, string>>} */
export const NOTIFICATION_FIELDS = {
  operator: "from",
  opeNick: "fromNick",
  target: "to",
  tarNick: "toNick",
  ext: "custom",
  muteDuration: "duration",
  muted: "gaged",
  tempMuted: "tempMuted",
  muteTtl: "tempMuteDuration",
  queueChange: "queueChange",
  targetTag: "targetTag",
  msgId: "msgId",
  msgTime: "msgTime",
  tags: "tags",
};

/** Of a change of the queue. @type {Readonly<Record<string, string>>} */
export const QUEUE_CHANGE_FIELDS = {
  _e: "type",
  key: "elementKey",
  content: "elementValue",
  kvObject: "elementKv",
};

/** Of a member. @type {Readonly<Record<string, string>>} */
export const MEMBER_FIELDS = {
  roomid: "chatroomId",
  accid: "account",
  type: "type",
  level: "level",
  nick: "nick",
  avator: "avatar",
  ext: "custom",
  onlineStat: "online",
  enterTime: "enterTime",
  blacklisted: "blacked",
  muted: "gaged",
  tempMuted: "tempMuted",
  tempMuteTtl: "tempMuteDuration",
};

/** Of a room. @type {Readonly<Record<string, string>>} */
export const ROOM_FIELDS = {
  roomid: "id",
  name: "name",
  announcement: "announcement",
  broadcasturl: "broadcastUrl",
  ext: "custom",
  queuelevel: "queuelevel",
  creator: "creator",
  onlineusercount: "onlineMemberNum",
  muted: "mute",
};

/** Of what is sent, besides the content: the page’s name on the right. @type {Readonly<Record<string, string>>} */
export const SEND_FIELDS = {
  msgId: "idClient",
  ext: "custom",
  resendFlag: "resend",
  skipHistory: "skipHistory",
  highPriority: "highPriority",
  subType: "subType",
  toAccids: "toAccids",
  notifyTargetTags: "notifyTargetTags",
  env: "env",
  useYidun: "antiSpamUsingYidun",
  antispamCustom: "antiSpamContent",
  bid: "antiSpamBusinessId",
  yidunAntiCheating: "yidunAntiCheating",
  yidunAntiSpamExt: "yidunAntiSpamExt",
  locX: "locX",
  locY: "locY",
  locZ: "locZ",
};

/** Of joining: the option’s name on the right. @type {Readonly<Record<string, string>>} */
export const JOIN_FIELDS = {
  nick: "chatroomNick",
  avator: "chatroomAvatar",
  ext: "chatroomCustom",
  notifyExt: "chatroomEnterCustom",
  tags: "tags",
  notifyTargetTags: "notifyTargetTags",
  locX: "locX",
  locY: "locY",
  locZ: "locZ",
  distance: "distance",
};

/**
 * @param {Readonly<Record<string, string>>} fields
 * @param {Record<string, any>} wire
 * @returns {Record<string, any>} what is there, under the page’s names
 */
export function fromWire(fields, wire) {
  return renamed(Object.entries(fields), wire);
}

/**
 * @param {Readonly<Record<string, string>>} fields
 * @param {Record<string, any>} given
 * @returns {Record<string, any>} what is there, under the wire’s names
 */
export function toWire(fields, given) {
  return renamed(
    Object.entries(fields).map(([wire, name]) => [name, wire]),
    given,
  );
}

/** @param {string[][]} pairs @param {Record<string, any>} from */
function renamed(pairs, from) {
  const present = pairs.filter(([name = ""]) => from[name] !== undefined && from[name] !== null);
  return Object.fromEntries(present.map(([name = "", other]) => [other, from[name]]));
}
