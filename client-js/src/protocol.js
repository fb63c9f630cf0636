/**
 * The words of the socket protocol: typed frames in and out. Knows no connection.
 *
 * @typedef {object} WireMessage one message of a room, exactly as the gateway encoded it
 * @property {string} time milliseconds
 * @property {string} roomId
 * @property {string} type
 * @property {string} msgid_client
 * @property {string} fromAccount
 * @property {string} fromNick
 * @property {string} [fromAvator]
 * @property {string} [fromClientType]
 * @property {string} attach
 * @property {string} [ext]
 * @property {string} [callbackExt]
 * @property {number} [highPriorityFlag]
 * @property {number} [directedFlag]
 * @property {number} [resendFlag]
 * @property {number} [subType]
 *
 * @typedef {object} WireHistory one message as `history` lists it
 * @property {string} from
 * @property {string} msgid
 * @property {number} sendtime
 * @property {number} type
 * @property {number} [fromclienttype]
 * @property {string} body
 * @property {string} [ext]
 * @property {string} [fromNick]
 * @property {string} [fromAvator]
 *
 * @typedef {object} Member
 * @property {number} roomid
 * @property {string} accid
 * @property {string | null} nick
 * @property {string | null} avator
 * @property {string | null} ext
 * @property {"CREATOR" | "MANAGER" | "COMMON" | "LIMITED" | "TEMPORARY"} type
 * @property {number} level
 * @property {boolean} onlineStat
 * @property {number} [enterTime]
 * @property {boolean} [blacklisted]
 * @property {boolean} [muted]
 * @property {boolean} [tempMuted]
 * @property {number} [tempMuteTtl] seconds left
 *
 * @typedef {object} Chatroom
 * @property {number} roomid
 * @property {string} name
 * @property {boolean} valid
 * @property {boolean} muted
 * @property {string | null} announcement
 * @property {string | null} broadcasturl
 * @property {string} ext
 * @property {string} creator
 * @property {number} queuelevel
 * @property {number} [onlineusercount]
 *
 * @typedef {"queued" | "duplicate" | "not_in_room" | "unknown" | "slow"} Outcome
 * @typedef {{accid: string, name?: string, icon?: string, ex?: string}} User
 * @typedef {{messageBytes: number, attach: number, ext: number, recipients: number, rooms: number, pingIntervalMs: number}} Limits
 *
 * @typedef {object} Reply
 * @property {"reply"} op
 * @property {number} id
 * @property {number} code
 * @property {any} [desc] the answer of most verbs on success, a sentence on refusal
 * @property {string} [session]
 * @property {boolean} [resumed]
 * @property {User} [user]
 * @property {Limits} [limits]
 * @property {Chatroom} [chatroom]
 * @property {Member} [member]
 * @property {WireHistory[]} [msgs]
 * @property {any} [data]
 * @property {number} [time]
 * @property {Record<string, Outcome>} [outcomes]
 *
 * @typedef {"high" | "normal"} Lane
 * @typedef {{op: "message", message: WireMessage}} MessageFrame
 * @typedef {{op: "kicked", roomid: string, reason: number, notifyExt?: string}} KickedFrame
 * @typedef {{op: "lost", lane: Lane, count: number}} LostFrame
 * @typedef {{op: "drain", reconnectAfter: number}} DrainFrame
 * @typedef {Reply | MessageFrame | KickedFrame | LostFrame | DrainFrame} ServerFrame
 *
 * @typedef {{op: string} & Record<string, unknown>} Ask what a client asks, without its id
 */

/**
 * One frame of the gateway. An `op` from a newer gateway comes back as it is: the caller's switch
 * ignores it, but it counts as received.
 * @param {unknown} text
 * @returns {ServerFrame | null} null for what is no frame at all
 */
export function readFrame(text) {
  if (typeof text !== "string") return null;
  try {
    const frame = JSON.parse(text);
    return frame !== null && typeof frame === "object" && typeof frame.op === "string"
      ? frame
      : null;
  } catch {
    return null;
  }
}

/** Verbs that change nothing, or nothing more the second time: asked again where an answer was lost. */
const REPEATABLE = new Set([
  "join",
  "leave",
  "get",
  "history",
  "membersByPage",
  "queryMembers",
  "queryMembersByRole",
  "tagMembersCount",
  "tagMembersQuery",
  "queueList",
  "queueMultiGet",
]);

/** @param {string} op */
export const isRepeatable = (op) => op === "send" || REPEATABLE.has(op);

/**
 * @param {number} reason
 * @returns {string} why a session is no longer in the room
 */
export function kickedText(reason) {
  switch (reason) {
    case 1:
      return "The room was closed.";
    case 2:
      return "A manager removed this account from the room.";
    case 3:
      return "This account entered the room from somewhere else.";
    case 5:
      return "This account is on the room’s blocklist.";
    default:
      return "This account is no longer in the room.";
  }
}
