/** Commands about members: who is there, what they are, and what becomes of them. */

import { notSupported } from "../chatroom-error.js";
import { asText, mustBe, mustBeOneOf } from "../checks.js";
import { readMember } from "../member.js";
import { IDENTITIES } from "../tables/member-types.js";
import { command } from "./command.js";

/** @typedef {import("./command.js").AskRoom} AskRoom */
/** @typedef {import("./command.js").Given} Given */

/** @param {import("./command.js").Reply} reply */
const readMembers = ({ desc }) => ({ members: desc.data.map(readMember) });

export const getChatroomMembers = command({
  name: "getChatroomMembers",
  needs: ["guest"],
  types: { guest: "boolean", onlyOnline: "boolean", time: "number", limit: "number" },
  run: async (ask, { guest, onlyOnline, time = 0, limit = 100 }) => {
    const fixed = onlyOnline ? 2 : 0;
    return readMembers(
      await ask("membersByPage", { type: guest ? 1 : fixed, endtime: time, limit }),
    );
  },
});

export const getChatroomMembersInfo = command({
  name: "getChatroomMembersInfo",
  needs: ["accounts"],
  types: { accounts: "array" },
  run: async (ask, { accounts }) => readMembers(await ask("queryMembers", { accids: accounts })),
});

/** @param {Given} given */
function checkRole({ level = 0 }) {
  mustBe("markChatroomMember", { level }, { level: "number" });
  if (level === 0) return;
  throw notSupported(
    "markChatroomMember level",
    "members have no levels: keep it in the member’s custom",
  );
}

/** @param {AskRoom} ask @param {number} opt @param {Given} given */
async function setRole(ask, opt, { account, isAdd, custom }) {
  const target = { target: account, opt, optvalue: isAdd, notifyExt: asText(custom) };
  const { desc } = await ask("setMemberRole", target);
  const { members } = readMembers(await ask("queryMembers", { accids: [desc.accid] }));
  // Who is neither in the room nor fixed any more is not found, but the answer says what it is.
  return { member: members[0] ?? readMember(desc) };
}

/** @param {string} name @param {string} identity */
const mark = (name, identity) =>
  command({
    name,
    needs: ["account", "isAdd"],
    types: { isAdd: "boolean" },
    takes: ["level", "custom"],
    check: checkRole,
    run: (ask, given) => setRole(ask, IDENTITIES[identity] ?? 0, given),
  });

export const markChatroomManager = mark("markChatroomManager", "manager");
export const markChatroomCommonMember = mark("markChatroomCommonMember", "common");
export const markChatroomBlacklist = mark("markChatroomBlacklist", "black");
export const markChatroomGaglist = mark("markChatroomGaglist", "mute");

export const markChatroomIdentity = command({
  name: "markChatroomIdentity",
  needs: ["account", "isAdd", "identity"],
  types: { isAdd: "boolean" },
  takes: ["level", "custom"],
  check: (given) => {
    mustBeOneOf("markChatroomIdentity", "identity", given.identity, Object.keys(IDENTITIES));
    checkRole(given);
  },
  run: (ask, given) => setRole(ask, IDENTITIES[given.identity] ?? 0, given),
});

export const kickChatroomMember = command({
  name: "kickChatroomMember",
  needs: ["account"],
  takes: ["custom"],
  run: async (ask, { account, custom }) => {
    await ask("kickMember", { targetAccid: account, notifyExt: asText(custom) });
    return {};
  },
});

export const updateChatroomMemberTempMute = command({
  name: "updateChatroomMemberTempMute",
  needs: ["account", "duration", "needNotify"],
  types: { duration: "number", needNotify: "boolean" },
  takes: ["custom"],
  run: async (ask, { account, duration, needNotify, custom }) => {
    const mute = { target: account, muteDuration: duration, needNotify, notifyExt: asText(custom) };
    await ask("temporaryMute", mute);
    return {};
  },
});

export const updateMyChatroomMemberInfo = command({
  name: "updateMyChatroomMemberInfo",
  needs: ["member", "needNotify"],
  types: { member: "object", needNotify: "boolean", needSave: "boolean" },
  takes: ["custom", "antiSpamBusinessId"],
  run: async (ask, { member, needNotify, needSave = false, custom, antiSpamBusinessId }) => {
    const { nick, avatar, avator = avatar, custom: ext } = member;
    const looks = { nick, avator, ext: asText(ext), bid: asText(antiSpamBusinessId) };
    await ask("updateMyRoomRole", {
      ...looks,
      save: needSave,
      needNotify,
      notifyExt: asText(custom),
    });
    return {};
  },
});
