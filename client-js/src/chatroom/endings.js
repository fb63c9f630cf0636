/** Why a connection is over for good, in the words of `ondisconnect`. */

import { Refused } from "../errors.js";
import { ChatroomError } from "./chatroom-error.js";
import { KICK_MESSAGES, KICK_REASONS } from "./tables/kick-reasons.js";

/** Close codes of the gateway that have a word of their own here. */
const BLOCKED = 4002;
const REPLACED = 4003;
const ACCOUNT_BLOCKED = 422;
const SAME_PLATFORM = 3;

/**
 * @param {{reason: number, notifyExt?: string}} kick
 * @returns {ChatroomError}
 */
export function kickedOut({ reason, notifyExt }) {
  return new ChatroomError("kicked", KICK_MESSAGES[reason], {
    reason: KICK_REASONS[reason] ?? "unknown",
    ...(notifyExt ? { custom: notifyExt } : undefined),
  });
}

/**
 * @param {{why: string, code: number, error?: Error}} state
 * @returns {ChatroomError}
 */
export function whyEnded({ why, code, error }) {
  if (error instanceof Refused)
    return new ChatroomError(error.code, error.message, { callFunc: "login" });
  if (code === REPLACED) return kickedOut({ reason: SAME_PLATFORM });
  if (code === BLOCKED) return new ChatroomError(ACCOUNT_BLOCKED, why);
  return new ChatroomError(code, why);
}
