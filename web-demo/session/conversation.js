/** One room as one sees it: what is said, who is there, where one writes. Passes on what happens to whoever shows it. */

import { errorText } from "../base/errors.js";
import { durationText } from "../base/format.js";
import { toast } from "../base/toast.js";
import { Attach } from "../composer/attach.js";
import { Composer } from "../composer/composer.js";
import { onLanguage, words } from "../language/language.js";
import { History } from "../messages/history.js";
import { openMessageMenu } from "../messages/message-menu.js";
import { Messages } from "../messages/messages.js";
import {
  isQueueChange,
  RECALLED,
  ROOM_CHANGED,
  ROOM_MUTED,
  ROOM_UNMUTED,
} from "../messages/notification.js";
import { Outbox, sendCall } from "../messages/outbox.js";
import { isManager } from "../people/member.js";
import { MemberMenu } from "../people/member-menu.js";
import { People } from "../people/people.js";
import { isMuted, PeopleList } from "../people/people-list.js";
import { RoomInfo } from "./room-info.js";

/**
 * @typedef {import("../client/index.js").Room} Room
 * @typedef {import("../client/index.js").Message} Message
 * @typedef {import("../curl/actions.js").Action} Action
 * @typedef {import("./door.js").Pass} Pass
 * @typedef {{people: () => void, room: () => void, queue: () => void}} Ears
 */

export class Conversation {
  people = new People(() => this.#peopleChanged());
  info = new RoomInfo(() => this.#roomChanged());
  #ears;
  #stayed = () => /** @type {Room | null} */ (null);
  #messages = new Messages((entry, anchor) => openMessageMenu(entry, anchor, this.#scene));
  #history = new History(this.#messages);
  #outbox = new Outbox(this.#messages, () => this.#stayed());
  #composer = new Composer({
    send: (body, how) => this.#outbox.send(body, how),
    file: (file, how) => this.#outbox.sendFile(file, how),
    clear: () => this.#list.unpickAll(),
    call: (body, how) => sendCall(body, how, { roomid: this.roomid, me: this.people.me }),
  });
  #menu = new MemberMenu(
    (action) => this.act(action),
    () => this.roomid,
  );
  #list = new PeopleList(this.people, {
    pick: () => this.#picked(),
    menu: (accid, anchor) => this.#openMenu(accid, anchor),
  });
  /** When our own mute ends, the words for it change. @type {ReturnType<typeof setTimeout> | undefined} */
  #muteTimer;

  /** @param {Ears} ears */
  constructor(ears) {
    this.#ears = ears;
    new Attach({
      file: (file) => this.#composer.submitFile(file),
      body: (body) => this.#composer.submit(body),
      takeText: () => this.#composer.take(),
    });
    onLanguage(() => this.#hush());
  }

  get roomid() {
    return this.#stayed()?.roomid ?? "";
  }

  get picked() {
    return this.#list.picked.map(({ accid }) => accid);
  }

  /** @param {Pass} pass @param {Record<string, string>} headers @param {() => Room | null} room */
  open(pass, headers, room) {
    this.#stayed = room;
    this.#outbox.open(pass, headers);
    this.clear(pass.accid);
    this.#composer.reset();
  }

  /** Another room, or none. @param {string} me */
  clear(me) {
    this.#history.of(null);
    this.#messages.clear(me);
    this.people.clear(me);
    this.#list.unpickAll();
    this.info.take(null);
  }

  /** @param {Room} room */
  async entered(room) {
    this.info.take(room.info);
    this.#history.of(room);
    await Promise.all([this.people.load(room), this.#history.load()]);
  }

  /** The room is the same, but what is known of it may be old. @param {Room} room */
  refresh(room) {
    this.people.load(room);
    this.info.ask(room);
    this.#ears.queue();
  }

  /** @param {Message} message */
  message(message) {
    this.#messages.receive(message);
  }

  /** @param {import("../client/index.js").Notification} notification */
  notification(notification) {
    this.#messages.receive(notification.message);
    const room = this.#stayed();
    if (!room) return;
    this.people.hear(notification);
    const { id, data } = notification;
    if (id === RECALLED) this.#messages.recall(String(data.msgId));
    else if (id === ROOM_CHANGED || id === ROOM_MUTED || id === ROOM_UNMUTED) this.info.ask(room);
    else if (isQueueChange(notification)) this.#ears.queue();
  }

  /** @param {import("../client/index.js").Gap} gap */
  gap(gap) {
    this.#messages.gap(gap);
  }

  /** @param {import("./stay.js").State} state */
  setState({ kind }) {
    this.#composer.setConnected(kind === "online");
    if (kind === "out") this.people.leaveMyself();
  }

  focus() {
    this.#composer.focus();
  }

  /** @param {Action} action */
  async act({ op, members }) {
    try {
      await this.#stayed()?.request(op, members);
    } catch (error) {
      toast(errorText(error), "failed");
    }
  }

  get #scene() {
    return {
      roomid: this.roomid,
      myself: this.people.myself,
      act: (/** @type {Action} */ action) => this.act(action),
    };
  }

  /** @param {string} accid @param {HTMLElement} anchor */
  #openMenu(accid, anchor) {
    const member = this.people.get(accid);
    if (!member) return;
    const only = { label: words.menu.writeOnly, act: () => this.#list.pickOnly(accid) };
    const more = accid === this.people.me ? [] : [only];
    this.#menu.open(member, this.people.myself, anchor, more);
  }

  #picked() {
    this.#composer.address(this.#list.picked, (accid) => this.people.get(accid)?.here === true);
    this.#ears.people();
  }

  #peopleChanged() {
    this.#list.show();
    this.#hush();
    this.#ears.people();
  }

  #roomChanged() {
    this.#hush();
    this.#ears.room();
  }

  /** Says beside the text box why what is written there would be refused. */
  #hush() {
    clearTimeout(this.#muteTimer);
    const { myself } = this.people;
    const leftMs = (myself?.mutedUntil ?? 0) - Date.now();
    if (myself && isMuted(myself)) {
      const { composer } = words;
      const text = myself.muted ? composer.muted : composer.mutedFor(durationText(leftMs / 1_000));
      this.#composer.hush(text);
      if (leftMs > 0)
        this.#muteTimer = setTimeout(() => this.#peopleChanged(), Math.min(leftMs, 1_000));
    } else {
      const all = this.info.now?.muted && !(myself && isManager(myself));
      this.#composer.hush(all ? words.composer.roomMuted : "");
    }
  }
}
