/** Members as pages know them. */

import { fromWire, MEMBER_FIELDS } from "./tables/fields.js";
import { MEMBER_TYPES } from "./tables/member-types.js";

/**
 * @typedef {Record<string, any> & {chatroomId: string, account: string, type: string, online: boolean}} ChatroomMember
 */

/**
 * @param {Record<string, any>} wire
 * @returns {ChatroomMember}
 */
export function readMember(wire) {
  const named = fromWire(MEMBER_FIELDS, wire);
  const type = MEMBER_TYPES[wire.type] ?? String(wire.type);
  const online = Boolean(wire.onlineStat);
  const member = {
    ...named,
    chatroomId: String(wire.roomid),
    account: String(wire.accid),
    type,
    nick: wire.nick ?? "",
    avatar: wire.avator ?? "",
    custom: wire.ext ?? "",
    online,
    blacked: Boolean(wire.blacklisted),
    gaged: Boolean(wire.muted),
    tempMuted: Boolean(wire.tempMuted),
    tempMuteDuration: Number(wire.tempMuteTtl ?? 0),
    // The next page of members begins before it, online or not.
    updateTime: Number(wire.enterTime ?? 0),
    valid: true,
  };
  return tidied(member);
}

/** What a page does not find where it would mean nothing. @param {ChatroomMember} member */
function tidied(member) {
  if (!member.online) delete member.enterTime;
  if (member.type === "guest") delete member.valid;
  if (member.type !== "common") delete member.level;
  return member;
}
