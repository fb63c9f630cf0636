/** The front door: `connect` gives a client that connects, stays connected and carries on after a loss by itself. */

import { socketAddress } from "./address.js";
import { Client } from "./client.js";
import { NotSupported } from "./errors.js";

export { backoffMs } from "./backoff.js";
export { Client } from "./client.js";
export {
  Closed,
  Invalid,
  NotSupported,
  QueueFull,
  Refused,
  RoomgateError,
  TimedOut,
  Unanswered,
} from "./errors.js";
export { Gap } from "./gap.js";
export { Room } from "./room.js";

/**
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./notification.js").Notification} Notification
 * @typedef {import("./session.js").State} State
 * @typedef {import("./seat.js").RoomState} RoomState
 * @typedef {import("./seat.js").Kick} Kick
 * @typedef {import("./content.js").Content} Content
 * @typedef {import("./send.js").SendOptions} SendOptions
 * @typedef {import("./seat.js").JoinMembers} JoinMembers
 * @typedef {import("./protocol.js").Member} Member
 * @typedef {import("./protocol.js").Chatroom} Chatroom
 * @typedef {import("./protocol.js").Outcome} Outcome
 * @typedef {import("./protocol.js").Reply} Reply
 *
 * @typedef {object} ConnectOptions
 * @property {string | (() => string)} url the gateway's socket: wss://HOST/ws, which wss://HOST means too. A function is asked before each attempt
 * @property {string} appKey
 * @property {string} [accid]
 * @property {string} [token]
 * @property {0 | 1 | 2} [authType] 0: the account's token, 1: a dynamic one
 * @property {string} [loginExt] for the application server's login callback
 * @property {string} [clientType] "Web" unless given
 * @property {string} [deviceId] a later login with the same one replaces this
 * @property {boolean} [anonymous] with nick, in place of accid and token, where the gateway allows it
 * @property {string} [nick]
 * @property {import("./connection.js").SocketClass} [WebSocket] where the platform has none: that of the `ws` package
 * @property {AbortSignal} [signal] closes the client
 * @property {number} [queueLimit] how many requests may wait for a connection: 100 unless given
 * @property {number} [timeout] ms after which what was asked and not answered rejects with TimedOut; it waits as long as it takes unless given
 * @property {(reason: import("./errors.js").Refused) => Promise<string> | string} [renewToken] asked for a fresh token when a login is refused with 302
 * @property {(attempt: number) => number | undefined} [backoff] ms to wait before the next attempt; undefined: stay away
 */

/**
 * @param {ConnectOptions} options
 * @returns {Client} at once
 */
export function connect({
  url,
  WebSocket = globalThis.WebSocket,
  signal,
  queueLimit,
  timeout,
  renewToken,
  backoff,
  ...login
}) {
  if (typeof WebSocket !== "function") {
    throw new NotSupported(
      "there is no WebSocket here",
      'Hand one in: import WebSocket from "ws" and connect({ WebSocket, … }).',
    );
  }
  // A function is asked again before each attempt; a mistake in a text would never mend itself.
  const address = typeof url === "function" ? url : socketAddress(url);
  const options = { url: address, WebSocket, queueLimit, timeout, renewToken, backoff };
  return new Client({ ...options, login: { clientType: "Web", ...login } }, signal);
}
