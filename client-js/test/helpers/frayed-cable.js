/** A cable to the gateway that breaks by itself: each connection after so many bytes, wherever that is, both ends reset at once. */

import { once } from "node:events";
import { connect, createServer } from "node:net";

/** A handshake and a login are about so long: every eighth connection does not get further. */
const EARLY_BYTES = 1_200;
const ANY_BYTES = 80_000;

export class FrayedCable {
  /** How often it broke so far. */
  cuts = 0;
  #cutsMax;
  #roll;
  #server;
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set();

  /**
   * @param {import("node:test").TestContext} t
   * @param {string} url the gateway's
   * @param {{cuts: number, roll: (below: number) => number}} options breaks so often, then holds
   */
  static async to(t, url, options) {
    const cable = new FrayedCable(url, options);
    cable.#server.listen(0, "127.0.0.1");
    await once(cable.#server, "listening");
    t.after(() => {
      cable.#server.close();
      for (const socket of cable.#sockets) socket.destroy();
    });
    return cable;
  }

  /** @param {string} url @param {{cuts: number, roll: (below: number) => number}} options */
  constructor(url, { cuts, roll }) {
    this.#cutsMax = cuts;
    this.#roll = roll;
    const { hostname, port } = new URL(url);
    this.#server = createServer((near) => this.#join(near, connect(Number(port), hostname)));
  }

  /** Where members connect to. */
  get url() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    return `ws://127.0.0.1:${port}/ws`;
  }

  /** @param {import("node:net").Socket} near @param {import("node:net").Socket} far */
  #join(near, far) {
    let bytesLeft = this.#roll(this.#roll(8) === 0 ? EARLY_BYTES : ANY_BYTES);
    const pass = (/** @type {typeof near} */ from, /** @type {typeof near} */ to) => {
      this.#sockets.add(from);
      // Broken on purpose: the errors of both ends are no news.
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on("drain", () => to.resume());
      from.on("data", (chunk) => {
        const breaks = this.cuts < this.#cutsMax && chunk.length >= bytesLeft;
        if (!to.write(breaks ? chunk.subarray(0, bytesLeft) : chunk)) from.pause();
        bytesLeft -= chunk.length;
        if (!breaks) return;
        this.cuts += 1;
        near.resetAndDestroy();
        far.resetAndDestroy();
      });
    };
    pass(near, far);
    pass(far, near);
  }
}
