/**
 * What an application server might ask for, filled in for this room and these people.
 *
 * @typedef {{roomid: string, me: string, picked: string[]}} Scene
 */

import { freshId } from "../client/ids.js";
import { words } from "../language/language.js";

/** @type {Record<string, (scene: Scene) => Record<string, unknown>>} */
export const EXAMPLES = {
  "chatroom/sendMsgToSomeone": ({ roomid, me, picked }) => ({
    roomid,
    msgId: freshId(),
    fromAccid: "demo",
    toAccids: picked.length ? picked : [me],
    msgType: 0,
    attach: words.server.directedText,
    highPriority: true,
    outcomes: true,
  }),
  "chatroom/sendMsg": ({ roomid }) => ({
    roomid,
    msgId: freshId(),
    fromAccid: "demo",
    msgType: 0,
    attach: words.server.text,
    highPriority: false,
  }),
  "chatroom/get": ({ roomid }) => ({ roomid, needOnlineUserCount: true }),
  "chatroom/membersByPage": ({ roomid }) => ({ roomid, type: 1, endtime: 0, limit: 100 }),
  "chatroom/queryMembers": ({ roomid, me, picked }) => ({ roomid, accids: [me, ...picked] }),
  "chatroom/temporaryMute": ({ roomid, me, picked }) => ({
    roomid,
    operator: me,
    target: picked[0] ?? "",
    muteDuration: 60,
  }),
  "chatroom/muteRoom": ({ roomid, me }) => ({ roomid, operator: me, mute: true }),
  "chatroom/setMemberRole": ({ roomid, me, picked }) => ({
    roomid,
    operator: me,
    target: picked[0] ?? "",
    opt: 1,
    optvalue: true,
  }),
  "chatroom/kickMember": ({ roomid, me, picked }) => ({
    roomid,
    accid: me,
    targetAccid: picked[0] ?? "",
  }),
  "chatroom/update": ({ roomid }) => ({ roomid, announcement: words.server.announcement }),
  "chatroom/queueOffer": ({ roomid, me }) => ({ roomid, key: me, value: "{}", operator: me }),
  "chatroom/queueList": ({ roomid }) => ({ roomid }),
  "chatroom/queuePoll": ({ roomid }) => ({ roomid }),
  "chatroom/queueDrop": ({ roomid }) => ({ roomid }),
  "history/queryChatroomMsg": ({ roomid, me }) => ({
    roomid,
    accid: me,
    timetag: Date.now(),
    limit: 20,
  }),
};

/** Sent once more it is another message. @param {Record<string, unknown>} params */
export function anew(params) {
  return "msgId" in params ? { ...params, msgId: freshId() } : params;
}
