/** What a member is: the gateway’s words, the names that pages use, and the numbers that set a role. */

/** @type {Readonly<Record<string, string>>} */
export const MEMBER_TYPES = {
  UNSET: "unset",
  LIMITED: "restricted",
  COMMON: "common",
  CREATOR: "owner",
  MANAGER: "manager",
  TEMPORARY: "guest",
  ANONYMOUS: "anonymous",
};

/** `opt` of setMemberRole. @type {Readonly<Record<string, number>>} */
export const IDENTITIES = { manager: 1, common: 2, black: -1, mute: -2 };
