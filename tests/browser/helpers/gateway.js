/** A gateway of our own: started on loopback, spoken to as an application server would, ended by its process id. */

import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { within } from "./within.js";

export const APP_SECRET = "testsecret";
const APP_KEY = "testkey";
const LISTENING = /^roomgate listening on (http:\/\/\S+) \(internal http:\/\/\S+\)/m;

const target = (/** @type {string} */ profile) =>
  fileURLToPath(new URL(`../../../target/${profile}/roomgate`, import.meta.url));

function binary() {
  const found = process.env.ROOMGATE_BIN ?? [target("release"), target("debug")].find(existsSync);
  if (!found) throw new Error("no gateway to test: build one, or name it in ROOMGATE_BIN");
  // The gateway runs in a folder of its own, where a relative path would mean another file.
  return resolve(found);
}

/** Where `roomgate` is on the path and knows key and secret, as on the machine of an application server. */
export const signingEnvironment = () => ({
  ...process.env,
  PATH: `${dirname(binary())}:${process.env.PATH}`,
  ROOMGATE_APP_KEY: APP_KEY,
  ROOMGATE_APP_SECRET: APP_SECRET,
});

export class Gateway {
  url = "";
  #folder = "";
  #memory;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /**
   * @param {import("node:test").TestContext} t ends the gateway with the test
   * @param {{memory?: boolean}} [options] without memory it keeps its data over a restart
   */
  static async start(t, { memory = true } = {}) {
    const gateway = new Gateway(memory);
    gateway.#folder = await mkdtemp(join(tmpdir(), "roomgate-browser-"));
    t.after(async () => {
      await gateway.stop();
      await rm(gateway.#folder, { recursive: true });
    });
    await gateway.#spawn("127.0.0.1:0");
    return gateway;
  }

  /** @param {boolean} memory */
  constructor(memory) {
    this.#memory = memory;
  }

  get host() {
    return new URL(this.url).host;
  }

  /** Starts again on the same port and with the same data. */
  async startAgain() {
    await this.#spawn(this.host);
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
   */
  async call(action, parameters) {
    const nonce = randomUUID();
    const curTime = String(Math.floor(Date.now() / 1_000));
    const response = await fetch(`${this.url}/nimserver/${action}.action`, {
      method: "POST",
      headers: {
        AppKey: APP_KEY,
        Nonce: nonce,
        CurTime: curTime,
        CheckSum: createHash("sha1").update(`${APP_SECRET}${nonce}${curTime}`).digest("hex"),
      },
      body: new URLSearchParams(parameters),
    });
    return response.json();
  }

  /** @param {string} listen */
  async #spawn(listen) {
    const args = ["--listen", listen, "--internal-listen", "127.0.0.1:0"];
    args.push("--app-key", APP_KEY, "--app-secret", APP_SECRET);
    if (this.#memory) args.unshift("--memory");
    const child = spawn(binary(), args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
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
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const address = LISTENING.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${said}`)));
  });
}
