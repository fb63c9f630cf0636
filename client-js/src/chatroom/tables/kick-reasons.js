/** Why somebody was put out: the wire’s reasons, the names that pages use, and the words for them. */

/** @type {Readonly<Record<number, string>>} */
export const KICK_REASONS = {
  1: "chatroomClosed",
  2: "managerKick",
  3: "samePlatformKick",
  4: "silentlyKick",
  5: "blacked",
};

/** @type {Readonly<Record<number, string>>} */
export const KICK_MESSAGES = {
  1: "the chat room was closed",
  2: "put out by the owner or a manager",
  3: "the account logged in somewhere else",
  4: "put out to connect anew",
  5: "put into the blocklist",
};
