/** Commands about tags and places: whom a session hears, and who is muted by tag. */

import { asText } from "../checks.js";
import { readMember } from "../member.js";
import { command } from "./command.js";

export const updateTags = command({
  name: "updateTags",
  types: { tags: "array", notifyTargetTags: "string", needNotify: "boolean" },
  takes: ["ext"],
  run: async (ask, { tags, notifyTargetTags, needNotify = false, ext }, { chatroomId }) => {
    const change = { tags, notifyTargetTags, needNotify, ext: asText(ext) };
    // This verb alone has the room’s name with a capital letter.
    await ask("updateChatRoomRoleTag", { ...change, roomId: chatroomId });
    return {};
  },
});

export const getChatroomMembersByTag = command({
  name: "getChatroomMembersByTag",
  needs: ["tag"],
  types: { time: "number", limit: "number" },
  run: async (ask, { tag, time = 0, limit = 100 }) => {
    const { desc } = await ask("tagMembersQuery", { tag, endTime: time, limit });
    return { members: desc.data.map(readMember) };
  },
});

export const getChatroomMemberCountByTag = command({
  name: "getChatroomMemberCountByTag",
  needs: ["tag"],
  run: async (ask, { tag }) => {
    const { data } = await ask("tagMembersCount", { tag });
    return { count: data.onlineUserCount };
  },
});

export const updateTagMembersTempMute = command({
  name: "updateTagMembersTempMute",
  needs: ["tag", "duration", "needNotify"],
  types: { duration: "number", needNotify: "boolean", notifyTargetTags: "string" },
  takes: ["custom"],
  run: async (ask, { tag, duration, needNotify, notifyTargetTags, custom }) => {
    const mute = { targetTag: tag, muteDuration: duration, needNotify, notifyTargetTags };
    await ask("tagTemporaryMute", { ...mute, notifyExt: asText(custom) });
    return {};
  },
});

export const updateCoordinate = command({
  name: "updateCoordinate",
  types: { x: "number", y: "number", z: "number", distance: "number" },
  run: async (ask, { x, y, z, distance }) => {
    await ask("updateLocation", { locX: x, locY: y, locZ: z, distance });
    return { coordinateReq: { x, y, z, distance } };
  },
});
