/**
 * The chat room of the hosted web SDK, against roomgate: a page written for it changes this import.
 *
 * @typedef {import("./chatroom/options.js").ChatroomOptions} ChatroomOptions
 * @typedef {import("./chatroom/message.js").ChatroomMessage} ChatroomMessage
 * @typedef {import("./chatroom/member.js").ChatroomMember} ChatroomMember
 * @typedef {import("./chatroom/room.js").ChatroomInfo} ChatroomInfo
 */

import { Chatroom } from "./chatroom/instance.js";

export { ChatroomError } from "./chatroom/chatroom-error.js";
export { Chatroom };

/** For pages that say `SDK.Chatroom`. */
export default { Chatroom };
