/** A gateway of our own with one room: started on loopback, spoken to as an application server would, ended by its process id. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { within } from "./within.js";

export const APP_KEY = "testkey";
const APP_SECRET = "testsecret";
const LISTENING = /^roomgate listening on (http:\/\/\S+) \(internal http:\/\/\S+\)/m;

const target = (/** @type {string} */ profile) =>
  fileURLToPath(new URL(`../../../../target/${profile}/roomgate`, import.meta.url));

function binary() {
  const found = process.env.ROOMGATE_BIN ?? [target("release"), target("debug")].find(existsSync);
  if (!found) throw new Error("no gateway to test: build one, or name it in ROOMGATE_BIN");
  return resolve(found);
}

export class Gateway {
  url = "";
  /** The room whose creator is `owner`. */
  roomid = "";
  /** @type {Set<string>} */
  #accounts = new Set();
  #options;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /**
   * @param {import("node:test").TestContext} t ends the gateway with the test
   * @param {string[]} [options]
   */
  static async start(t, options = []) {
    const gateway = new Gateway(options);
    t.after(() => gateway.stop());
    await gateway.#spawn();
    await gateway.account("owner");
    const { chatroom } = await gateway.call("chatroom/create", { creator: "owner", name: "Den" });
    gateway.roomid = String(chatroom.roomid);
    return gateway;
  }

  /** @param {string[]} options */
  constructor(options) {
    this.#options = options;
  }

  get host() {
    return new URL(this.url).host;
  }

  /** Makes an account with the token `accid-token`, once. @param {string} accid */
  async account(accid) {
    const isNew = !this.#accounts.has(accid);
    this.#accounts.add(accid);
    if (!isNew) return;
    await this.call("user/create", { accid, name: `${accid} N`, token: `${accid}-token` });
  }

  async stop() {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await within("the gateway ends after SIGTERM", exited, 15_000);
  }

  /**
   * One signed call of the server API.
   * @param {string} action for example chatroom/sendMsgToSomeone
   * @param {Record<string, string>} parameters
   * @returns {Promise<any>}
   */
  async call(action, parameters) {
    const nonce = randomUUID();
    const curTime = String(Math.floor(Date.now() / 1_000));
    const checkSum = createHash("sha1").update(`${APP_SECRET}${nonce}${curTime}`).digest("hex");
    const response = await fetch(`${this.url}/nimserver/${action}.action`, {
      method: "POST",
      headers: { AppKey: APP_KEY, Nonce: nonce, CurTime: curTime, CheckSum: checkSum },
      body: new URLSearchParams(parameters),
    });
    const answer = await response.json();
    assert.equal(answer.code, 200, `${action}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async #spawn() {
    const args = ["--memory", "--listen", "127.0.0.1:0", "--internal-listen", "127.0.0.1:0"];
    args.push("--app-key", APP_KEY, "--app-secret", APP_SECRET, ...this.#options);
    const child = spawn(binary(), args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.url = await within("the gateway says where it listens", listening(child), 15_000);
  }
}

/**
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child
 * @returns {Promise<string>}
 */
function listening(child) {
  let said = "";
  return new Promise((resolve, reject) => {
    const hear = (/** @type {Buffer} */ chunk) => {
      said += chunk;
      const address = LISTENING.exec(said)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${said}`)));
  });
}
