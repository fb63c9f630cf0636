/** Somebody with a page of the hosted SDK: keeps what its callbacks are told, and asks with promises in their place. */

import WebSocket from "ws";
import { PATIENCE_MS, within } from "../../../../tests/browser/helpers/within.js";
import { Chatroom } from "../../../src/chatroom.js";

export class Person {
  /** @type {any[]} */
  connects = [];
  /** @type {any[]} */
  plans = [];
  /** @type {any[]} */
  ends = [];
  /** @type {any[]} */
  errors = [];
  /** As they came in batches. @type {any[][]} */
  batches = [];
  /** @type {string[][]} */
  tags = [];

  /**
   * @param {import("node:test").TestContext} t
   * @param {import("../../helpers/hall.js").Hall} hall
   * @param {string} account made, but for the room’s owner
   * @param {Record<string, any>} [options]
   */
  static async enter(t, hall, account, options) {
    if (account !== "owner") await hall.account(account);
    const person = new Person(t, hall, account, options);
    await person.isConnected();
    return person;
  }

  /**
   * @param {import("node:test").TestContext} t
   * @param {import("../../helpers/hall.js").Hall} hall
   * @param {string} account
   * @param {Record<string, any>} [options]
   */
  constructor(t, hall, account, options) {
    this.chatroom = /** @type {any} */ (
      Chatroom.getInstance({
        appKey: "testkey",
        account,
        token: `token of ${account}`,
        chatroomId: hall.roomid,
        chatroomAddresses: [hall.gateway.host],
        secure: false,
        msgBufferInterval: 20,
        WebSocket,
        onconnect: (obj) => this.connects.push(obj),
        onwillreconnect: (plan) => this.plans.push(plan),
        ondisconnect: (error) => this.ends.push(error),
        onerror: (error) => this.errors.push(error),
        onmsgs: (msgs) => this.batches.push(msgs),
        onTagsUpdate: (tags) => this.tags.push(tags),
        ...options,
      })
    );
    t.after(() => this.asks("destroy"));
  }

  /** @returns {any[]} */
  get msgs() {
    return this.batches.flat();
  }

  /** @param {number} [times] */
  async isConnected(times = 1) {
    await until("the page is told onconnect", () => this.connects.length >= times);
    return this.connects[times - 1];
  }

  /** @returns {Promise<any>} what `ondisconnect` was told */
  ended() {
    return until("the page is told ondisconnect", () => this.ends[0]);
  }

  /**
   * @param {string} method
   * @param {Record<string, any>} [options]
   * @returns {Promise<any>} the callback’s second value
   */
  async asks(method, options = {}) {
    const [error, obj] = await this.calls(method, options);
    if (error) throw error;
    return obj;
  }

  /**
   * @param {string} method
   * @param {Record<string, any>} [options]
   * @returns {Promise<any>} what it failed with
   */
  async fails(method, options = {}) {
    const [error] = await this.calls(method, options);
    if (!error) throw new Error(`${method} did not fail`);
    return error;
  }

  /**
   * @param {string} method
   * @param {Record<string, any>} [options]
   * @returns {Promise<any[]>} all that the callback is told
   */
  calls(method, options = {}) {
    const answer = new Promise((resolve) => {
      this.chatroom[method]({ ...options, done: (/** @type {any[]} */ ...told) => resolve(told) });
    });
    return within(`${method} calls back`, answer);
  }

  /**
   * @param {(message: any) => boolean} is
   * @param {string} [what]
   * @returns {Promise<any>}
   */
  hears(is, what = "a message comes") {
    return until(what, () => this.msgs.find(is));
  }

  /** @param {string} text */
  hearsText(text) {
    return this.hears((message) => message.text === text, `“${text}” comes`);
  }

  /** @param {string} type @returns {Promise<any>} the notification’s `attach` */
  async hearsOf(type) {
    const is = (/** @type {any} */ message) => message.attach?.type === type;
    return (await this.hears(is, `${type} comes`)).attach;
  }
}

/**
 * Looks again and again until there is something.
 * @template T
 * @param {string} what
 * @param {() => T | undefined | false} look
 * @returns {Promise<T>}
 */
export async function until(what, look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
