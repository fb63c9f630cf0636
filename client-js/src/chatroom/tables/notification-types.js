/** Notifications: ids of the wire and the names that pages find in `attach.type`. */

import { flipped } from "./flipped.js";

/** @type {Readonly<Record<number, string>>} */
export const NOTIFICATION_TYPES = {
  301: "memberEnter",
  302: "memberExit",
  303: "blackMember",
  304: "unblackMember",
  305: "gagMember",
  306: "ungagMember",
  307: "addManager",
  308: "removeManager",
  309: "addCommon",
  310: "removeCommon",
  311: "closeChatroom",
  312: "updateChatroom",
  313: "kickMember",
  314: "addTempMute",
  315: "removeTempMute",
  316: "updateMemberInfo",
  317: "updateQueue",
  318: "muteRoom",
  319: "unmuteRoom",
  320: "batchUpdateQueue",
  321: "addTempMuteTag",
  322: "removeTempMuteTag",
  323: "deleteChatroomMsg",
  324: "batchQueueOffer",
  325: "updateChatroomTags",
};

/** @type {Readonly<Record<string, number>>} */
export const NOTIFICATION_IDS = flipped(NOTIFICATION_TYPES);
