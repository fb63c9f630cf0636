/**
 * The chat room as pages of the hosted web SDK know it: `Chatroom.getInstance(options)`, methods with callbacks. What a method asks of the
 * gateway is not known here.
 *
 * @typedef {import("./options.js").ChatroomOptions} ChatroomOptions
 * @typedef {import("./options.js").FullOptions} FullOptions
 * @typedef {import("./message.js").ChatroomMessage} ChatroomMessage
 * @typedef {import("./commands/command.js").Command} Command
 * @typedef {Record<string, any>} Given with `done(error, obj, content)`
 */

import { Calls } from "./calls.js";
import { ChatroomError, notSupported } from "./chatroom-error.js";
import { mustHave } from "./checks.js";
import { check } from "./commands/command.js";
import { Incoming } from "./incoming.js";
import { find, forget, keep, nameOf } from "./instances.js";
import { Link } from "./link.js";
import { Methods } from "./methods.js";
import { check as checkOptions, present, readOptions } from "./options.js";
import { Sender } from "./sender.js";
import { UNSUPPORTED } from "./tables/unsupported.js";
import { tell } from "./tell.js";

export class Chatroom extends Methods {
  /** @type {FullOptions} */
  options;
  #link;
  #calls;
  #incoming;
  #sender;
  #isDestroyed = false;
  /** What we are in the room; null before the first time. @type {import("./member.js").ChatroomMember | null} */
  #member = null;

  /**
   * The one for this account in this room. Asked again it takes the new options, and connects where it was not connected.
   * @param {ChatroomOptions} given
   * @returns {Chatroom}
   */
  static getInstance(given) {
    const options = readOptions(given);
    const name = nameOf(options);
    const known = find(name);
    known?.setOptions(given);
    const chatroom = known ?? new Chatroom(options);
    if (!known) keep(name, chatroom);
    chatroom.connect();
    return chatroom;
  }

  /** @param {ChatroomOptions} given better asked of `getInstance` */
  constructor(given) {
    super();
    this.options = readOptions(given);
    this.#incoming = new Incoming(this.account, () => this.options);
    this.#link = this.#newLink();
    const ask = this.#link.request.bind(this.#link);
    this.#calls = new Calls(ask, () => this.#link.isConnected);
    const keepFile = () => this.options.uploadFile;
    this.#sender = new Sender(this.#calls, this.#incoming, () => this.#author(), keepFile);
  }

  get account() {
    return this.options.account;
  }

  get name() {
    return nameOf(this.options);
  }

  isConnected() {
    return this.#link.isConnected;
  }

  /** @param {Partial<ChatroomOptions>} given what is to be different; account and room stay */
  setOptions(given) {
    checkOptions(given);
    const { account, chatroomId } = this.options;
    this.options = { ...this.options, ...present(given), account, chatroomId };
    this.#link.setOptions(this.options);
  }

  connect() {
    if (this.#isDestroyed) throw notSupported("connect after destroy", "ask getInstance again");
    this.#link.connect();
  }

  /** @param {Given} [given] */
  disconnect(given) {
    void this.#leave("done disconnect", given);
  }

  /** @param {Given} [given] */
  logout(given) {
    void this.#leave("done logout", given);
  }

  /** @param {Given} [given] */
  destroy(given) {
    forget(this.name, this);
    this.#isDestroyed = true;
    void this.#leave("done disconnect", given);
  }

  /** @param {Given} given */
  sendText(given = {}) {
    return this.#sender.send("sendText", "text", given);
  }

  /** @param {Given} given */
  sendTipMsg(given = {}) {
    return this.#sender.send("sendTipMsg", "tip", given);
  }

  /** @param {Given} given */
  sendCustomMsg(given = {}) {
    return this.#sender.send("sendCustomMsg", "custom", given);
  }

  /** @param {Given} given */
  sendGeo(given = {}) {
    return this.#sender.send("sendGeo", "geo", given);
  }

  /** @param {Given} given a ready `file`, or one that is kept with `uploadFile` first */
  sendFile(given = {}) {
    return this.#sender.sendFile(given);
  }

  /** Keeps a file, for a message to come. @param {Given} given */
  previewFile(given = {}) {
    this.#sender.previewFile(given);
  }

  /** @param {Given} given with `msg`, one that failed */
  resendMsg(given = {}) {
    mustHave("resendMsg", given, "msg");
    const { type, ...message } = given.msg;
    return this.#sender.send("resendMsg", type, { ...message, ...given, resend: true });
  }

  /** @override @param {Given} given */
  updateMyChatroomMemberInfo(given = {}) {
    const done = (/** @type {unknown} */ error, /** @type {unknown[]} */ ...more) => {
      if (!error) this.#looks(given.member);
      tell(given.done, error, ...more);
    };
    super.updateMyChatroomMemberInfo({ ...given, done });
  }

  /**
   * @protected @override
   * @param {Command} command
   * @param {Given} [given]
   */
  run(command, given = {}) {
    check(command, given);
    const { done, ...obj } = given;
    const { account, chatroomId } = this.options;
    this.#calls.run(
      command.name,
      (ask) => command.run(ask, obj, { account, chatroomId }),
      (error, content) => tell(done, error, { ...obj, ...content }, content),
    );
  }

  #newLink() {
    return new Link(this.options, {
      connected: (entered) => this.#connected(entered),
      message: (message) => this.#incoming.take(message),
      gap: (gap) => void this.#incoming.missing(gap),
      waiting: (plan) => this.#lost(plan),
      ended: (error) => this.#ended(error),
      failed: (error) => tell(this.options.onerror, error),
    });
  }

  /** Who a message is from. */
  #author() {
    const { chatroomId, account, chatroomNick, chatroomAvatar, chatroomCustom } = this.options;
    return {
      chatroomId,
      account: account.toLowerCase(),
      nick: chatroomNick ?? this.#member?.nick ?? "",
      avatar: chatroomAvatar ?? this.#member?.avatar ?? "",
      custom: chatroomCustom ?? this.#member?.custom ?? "",
    };
  }

  /** @param {Given} member how we look from now on, also where we come again */
  #looks({ nick, avatar, avator = avatar, custom }) {
    const looks = { chatroomNick: nick, chatroomAvatar: avator, chatroomCustom: custom };
    this.setOptions(present(looks));
  }

  /** @param {import("./link.js").Entered} entered */
  #connected(entered) {
    this.#member = entered.member;
    tell(this.options.onconnect, entered);
  }

  /** @param {{retryCount: number, duration: number}} plan */
  #lost(plan) {
    this.#calls.failAll(new ChatroomError("Error_Internet_Disconnected"));
    tell(this.options.onwillreconnect, plan);
  }

  /** @param {ChatroomError} error */
  #ended(error) {
    this.#calls.failAll(error);
    this.#incoming.flush();
    tell(this.options.ondisconnect, error);
  }

  /** @param {string} message @param {Given} [given] */
  async #leave(message, { done } = {}) {
    await (this.#link.isAlive ? this.#link.end(new ChatroomError("logout", message)) : undefined);
    tell(done, null, {});
  }
}

for (const [name, instead] of Object.entries(UNSUPPORTED)) {
  Object.defineProperty(Chatroom.prototype, name, {
    configurable: true,
    value() {
      throw notSupported(name, instead);
    },
  });
}
