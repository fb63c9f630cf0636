/** A real gateway with one room, and members who come to it with this package. */

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import WebSocket from "ws";
import { Gateway } from "../../../tests/browser/helpers/gateway.js";
import { connect } from "../../src/index.js";

/** @typedef {import("../../src/index.js").ConnectOptions} ConnectOptions */

/** Short, so that tests that lose a connection go on soon. */
const quickly = () => randomInt(20);

export class Hall {
  /** @type {Gateway} */
  gateway;
  roomid = "";
  #t;

  /**
   * @param {import("node:test").TestContext} t
   * @param {{memory?: boolean}} [options]
   */
  static async open(t, options) {
    const hall = new Hall(t, await Gateway.start(t, options));
    await hall.account("owner");
    hall.roomid = await hall.room();
    return hall;
  }

  /** @param {import("node:test").TestContext} t @param {Gateway} gateway */
  constructor(t, gateway) {
    this.#t = t;
    this.gateway = gateway;
  }

  async room() {
    const { chatroom } = await this.call("chatroom/create", { creator: "owner", name: "Hall" });
    return String(chatroom.roomid);
  }

  /** @param {string} accid */
  account(accid) {
    return this.call("user/create", { accid, token: `token of ${accid}` });
  }

  /**
   * One call of the server API, which must succeed.
   * @param {string} action
   * @param {Record<string, string>} parameters
   */
  async call(action, parameters) {
    const answer = await this.gateway.call(action, parameters);
    assert.equal(answer.code, 200, `${action}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /**
   * @param {string} accid its account is there already
   * @param {Partial<ConnectOptions>} [options]
   */
  connect(accid, options) {
    const client = connect({
      url: `${this.gateway.url.replace("http", "ws")}/ws`,
      appKey: "testkey",
      accid,
      token: `token of ${accid}`,
      WebSocket,
      backoff: quickly,
      ...options,
    });
    this.#t.after(() => client.close());
    return client;
  }

  /**
   * Somebody new, in the room.
   * @param {string} accid
   * @param {Partial<ConnectOptions>} [options]
   */
  async enter(accid, options) {
    if (accid !== "owner") await this.account(accid);
    const client = this.connect(accid, options);
    const room = await client.join(this.roomid, { nick: accid });
    return { client, room };
  }
}
