/** What the room says, on its way to the page: each message once, in batches. */

import { keyOf, SeenIds } from "../ids.js";
import { Batches } from "./batches.js";
import { failure } from "./chatroom-error.js";
import { readHistoryMessage, readMessage } from "./message.js";
import { tell } from "./tell.js";

/** @typedef {import("./options.js").FullOptions} FullOptions */
/** @typedef {import("./message.js").ChatroomMessage} ChatroomMessage */

export class Incoming {
  #account;
  #options;
  /** What the page has already: what it got, and what it sent itself. */
  #seen = new SeenIds();
  #batches;

  /**
   * @param {string} account
   * @param {() => FullOptions} options as they are now
   */
  constructor(account, options) {
    this.#account = account;
    this.#options = options;
    this.#batches = new Batches(
      () => ({ interval: options().msgBufferInterval, size: options().msgBufferSize }),
      (messages) => this.#hand(messages),
    );
  }

  /** @param {string} idClient */
  own(idClient) {
    this.#seen.add(keyOf({ from: this.#account.toLowerCase(), id: idClient }));
  }

  /** @param {Record<string, any>} wire */
  take(wire) {
    const message = readMessage(wire, this.#account);
    this.#push(message);
    if (message.attach?.type === "updateChatroomTags") this.#tagged(message.attach);
  }

  /**
   * What was read too slowly is fetched from the history; what happened during an absence a page asks for itself.
   * @param {import("../gap.js").Gap} gap
   */
  async missing(gap) {
    const { count, reason } = gap;
    tell(this.#options().onlost, { count, reason });
    if (reason !== "slow") return;
    try {
      for (const { raw, roomid } of await gap.recover()) {
        this.#push(readHistoryMessage(raw, roomid, this.#account));
      }
    } catch (error) {
      tell(this.#options().onerror, failure(error, "onmsgs"));
    }
  }

  flush() {
    this.#batches.flush();
  }

  /** @param {ChatroomMessage} message */
  #push(message) {
    const { from, idClient: id } = message;
    if (this.#seen.add(keyOf({ from, id }))) this.#batches.push(message);
  }

  /** @param {ChatroomMessage[]} messages */
  #hand(messages) {
    const { onmsg, onmsgs } = this.#options();
    for (const message of messages) tell(onmsg, message);
    tell(onmsgs, messages);
  }

  /** @param {Record<string, any>} attach */
  #tagged({ to = [], tags }) {
    if (!tags || !to.includes(this.#account.toLowerCase())) return;
    tell(this.#options().onTagsUpdate, JSON.parse(tags));
  }
}
