/** Commands about the room itself: its data, its closing. */

import { asText } from "../checks.js";
import { readRoom, writeRoom } from "../room.js";
import { KICK_REASONS } from "../tables/kick-reasons.js";
import { command } from "./command.js";

export const getChatroom = command({
  name: "getChatroom",
  run: async (ask) => {
    const { chatroom } = await ask("get", { needOnlineUserCount: true });
    return { chatroom: readRoom(chatroom ?? {}) };
  },
});

export const updateChatroom = command({
  name: "updateChatroom",
  needs: ["chatroom", "needNotify"],
  types: { chatroom: "object", needNotify: "boolean" },
  takes: ["custom", "antiSpamBusinessId"],
  run: async (ask, { chatroom, needNotify, custom, antiSpamBusinessId }) => {
    const bid = asText(antiSpamBusinessId);
    const change = { ...writeRoom(chatroom), needNotify, notifyExt: asText(custom), bid };
    const reply = await ask("update", change);
    return { chatroom: readRoom(reply.chatroom ?? {}) };
  },
});

/** @param {any} error */
const isClosed = ({ code, reason }) => code === "kicked" && reason === KICK_REASONS[1];

export const closeChatroom = command({
  name: "closeChatroom",
  run: async (ask) => {
    try {
      await ask("toggleCloseStat", { valid: false });
    } catch (error) {
      // Everybody is put out, who closed it too, and that comes before the answer.
      if (!isClosed(error)) throw error;
    }
    return {};
  },
});
