/** Errors as pages know them: a `code` that is the gateway’s number or one of the words below, and a `message`. */

import { Refused, RoomgateError } from "../errors.js";

/** @type {Readonly<Record<string, string>>} */
export const MESSAGES = {
  Connect_Failed: "no connection could be made",
  Error_Internet_Disconnected: "the connection was lost",
  Error_Connection_is_not_Established: "there is no connection",
  Error_Connection_Socket_State_not_Match: "not connected",
  Error_Timeout: "no answer came in time",
  Error_Unknown: "something went wrong",
  Param_Error: "a parameter is wrong",
  No_File_Selected: "no file was chosen",
  Wrong_File_Type: "the file is of another type",
  Not_Support: "roomgate does not support it",
  Operation_Canceled: "it was cancelled",
  allAttemptsFailed: "the connection was lost and is not made again",
  kicked: "put out of the chat room",
  logout: "done logout",
};

export class ChatroomError extends Error {
  /**
   * @param {number | string} code
   * @param {string} [message]
   * @param {Record<string, unknown>} [more] members that pages look at: `reason`, `callFunc`, `hint`, …
   */
  constructor(code, message = MESSAGES[code] ?? `code ${code}`, more = {}) {
    super(message);
    this.name = "ChatroomError";
    this.code = code;
    Object.assign(this, more);
  }
}

/** @param {string} where @param {string} what @returns {ChatroomError} */
export function wrongParameter(where, what) {
  return new ChatroomError("Param_Error", `${where}: ${what}`, { callFunc: where });
}

/** @param {string} where @param {string} instead @returns {ChatroomError} */
export function notSupported(where, instead) {
  const message = `${where} is not supported by roomgate: ${instead}`;
  return new ChatroomError("Not_Support", message, { callFunc: where, hint: instead });
}

/**
 * What a call failed with, in the words of pages.
 * @param {unknown} error
 * @param {string} callFunc
 * @returns {ChatroomError}
 */
export function failure(error, callFunc) {
  if (error instanceof ChatroomError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const cause = { callFunc, cause: error };
  if (error instanceof Refused) return new ChatroomError(error.code, message, cause);
  if (
    error instanceof RoomgateError &&
    ["unanswered", "closed", "queue_full"].includes(String(error.code))
  ) {
    return new ChatroomError("Error_Internet_Disconnected", message, cause);
  }
  return new ChatroomError("Error_Unknown", message, cause);
}
