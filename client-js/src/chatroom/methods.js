/**
 * Methods of the chat room that are one command each. How a command is run is not known here.
 *
 * @typedef {import("./commands/command.js").Command} Command
 * @typedef {Record<string, any>} Given with `done(error, obj, content)`
 */

import * as history from "./commands/history.js";
import * as members from "./commands/members.js";
import * as queue from "./commands/queue.js";
import * as room from "./commands/room.js";
import * as tags from "./commands/tags.js";

export class Methods {
  /**
   * @protected
   * @param {Command} command
   * @param {Given} [given]
   */
  run(command, given) {
    throw new Error(`nobody runs ${command.name} of ${given}`);
  }

  /** @param {Given} [given] */
  getChatroom(given) {
    this.run(room.getChatroom, given);
  }

  /** @param {Given} given */
  updateChatroom(given) {
    this.run(room.updateChatroom, given);
  }

  /** @param {Given} [given] */
  closeChatroom(given) {
    this.run(room.closeChatroom, given);
  }

  /** @param {Given} [given] */
  getHistoryMsgs(given) {
    this.run(history.getHistoryMsgs, given);
  }

  /** @param {Given} given */
  recallMsg(given) {
    this.run(history.recallMsg, given);
  }

  /** @param {Given} given */
  getChatroomMembers(given) {
    this.run(members.getChatroomMembers, given);
  }

  /** @param {Given} given */
  getChatroomMembersInfo(given) {
    this.run(members.getChatroomMembersInfo, given);
  }

  /** @param {Given} given */
  markChatroomManager(given) {
    this.run(members.markChatroomManager, given);
  }

  /** @param {Given} given */
  markChatroomCommonMember(given) {
    this.run(members.markChatroomCommonMember, given);
  }

  /** @param {Given} given */
  markChatroomBlacklist(given) {
    this.run(members.markChatroomBlacklist, given);
  }

  /** @param {Given} given */
  markChatroomGaglist(given) {
    this.run(members.markChatroomGaglist, given);
  }

  /** @param {Given} given */
  markChatroomIdentity(given) {
    this.run(members.markChatroomIdentity, given);
  }

  /** @param {Given} given */
  kickChatroomMember(given) {
    this.run(members.kickChatroomMember, given);
  }

  /** @param {Given} given */
  updateChatroomMemberTempMute(given) {
    this.run(members.updateChatroomMemberTempMute, given);
  }

  /** @param {Given} given */
  updateMyChatroomMemberInfo(given) {
    this.run(members.updateMyChatroomMemberInfo, given);
  }

  /** @param {Given} given */
  queueOffer(given) {
    this.run(queue.queueOffer, given);
  }

  /** @param {Given} [given] */
  queuePoll(given) {
    this.run(queue.queuePoll, given);
  }

  /** @param {Given} [given] */
  queueList(given) {
    this.run(queue.queueList, given);
  }

  /** @param {Given} [given] */
  peak(given) {
    this.run(queue.peak, given);
  }

  /** @param {Given} [given] */
  queueDrop(given) {
    this.run(queue.queueDrop, given);
  }

  /** @param {Given} given */
  queueChange(given) {
    this.run(queue.queueChange, given);
  }

  /** @param {Given} given */
  updateTags(given) {
    this.run(tags.updateTags, given);
  }

  /** @param {Given} given */
  getChatroomMembersByTag(given) {
    this.run(tags.getChatroomMembersByTag, given);
  }

  /** @param {Given} given */
  getChatroomMemberCountByTag(given) {
    this.run(tags.getChatroomMemberCountByTag, given);
  }

  /** @param {Given} given */
  updateTagMembersTempMute(given) {
    this.run(tags.updateTagMembersTempMute, given);
  }

  /** @param {Given} given */
  updateCoordinate(given) {
    this.run(tags.updateCoordinate, given);
  }
}
