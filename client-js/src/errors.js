/** Every error an application can meet. Each has a `code` to branch on and a `hint`: a sentence that says what to do. */

/** @typedef {import("./protocol.js").Reply} Reply */

export class RoomgateError extends Error {
  /**
   * @param {number | string} code the gateway's number, or a word of this package
   * @param {string} message what happened
   * @param {string} hint what to do
   * @param {unknown} [cause]
   */
  constructor(code, message, hint, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** What to do about the codes that a member meets. @type {Record<number, string>} */
const HINTS = {
  302: "Check accid and token; get a fresh token from the application server, or give renewToken.",
  403: "Join the room first, or ask somebody who has the right to do it.",
  404: "Check the room and the accounts that are named.",
  414: "Correct the member that the message names.",
  416: "Send more slowly, or without high.",
  417: "It is so already: nothing needs to be done.",
  419: "Leave or delete something first: a limit is reached.",
  422: "The account is blocked: the operator can unblock it.",
  423: "The account is muted everywhere: the operator can lift it.",
  500: "The gateway had an error: try again later.",
  503: "The gateway is overloaded: try again later.",
  13002: "The room is closed: its creator can open it again.",
  13003: "The account is on the room’s blocklist: a manager can take it out.",
  13004: "The account is muted in the room: wait until it ends, or ask a manager.",
  13005: "Choose another nick, avator or ext: moderation refused these.",
  13006: "The whole room is muted: only its creator and managers may speak.",
};

/** @param {number} code */
function hintOf(code) {
  if (code >= 20_000 && code <= 20_099) return "The application server refused it: ask its makers.";
  return HINTS[code] ?? "See the code in the protocol’s tables.";
}

/** The gateway answered, and the answer was no. `code` is the gateway's own. */
export class Refused extends RoomgateError {
  /**
   * @param {Reply} reply
   * @param {string} [hint]
   */
  constructor({ code, desc }, hint = hintOf(code)) {
    super(code, typeof desc === "string" && desc ? desc : `code ${code}`, hint);
  }
}

/** Nobody knows whether the request was carried out. */
export class Unanswered extends RoomgateError {
  /** @param {unknown} [cause] */
  constructor(cause) {
    super(
      "unanswered",
      "the connection was lost before an answer came",
      "Look whether it was carried out before asking again; a send with the same id is safe to repeat with resend.",
      cause,
    );
  }
}

/** The `timeout` given to `connect` was over. */
export class TimedOut extends RoomgateError {
  /** @param {number} ms */
  constructor(ms) {
    super(
      "timed_out",
      `no answer came within ${ms} ms`,
      "It may be carried out all the same. A send with the same id is safe to repeat with resend.",
    );
  }
}

/** Too much already waits for the connection to come back. */
export class QueueFull extends RoomgateError {
  /**
   * @param {number} limit
   * @param {"the connection to come back" | "their answer"} [what]
   */
  constructor(limit, what = "the connection to come back") {
    super(
      "queue_full",
      `${limit} requests already wait for ${what}`,
      what === "their answer"
        ? "Await what was asked before asking more."
        : "Wait until the state is online, or raise queueLimit.",
    );
  }
}

/** The client, or the room, is no longer there. */
export class Closed extends RoomgateError {
  /**
   * @param {string} message
   * @param {string} [hint]
   * @param {unknown} [cause]
   */
  constructor(message, hint = "Connect or join again.", cause = undefined) {
    super("closed", message, hint, cause);
  }
}

/** This environment, or this gateway, cannot do what was asked for. */
export class NotSupported extends RoomgateError {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super("not_supported", message, hint);
  }
}

/** What was given cannot be sent as it is. */
export class Invalid extends RoomgateError {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super("invalid", message, hint);
  }
}
