/** A cable to the gateway that can be pulled: bytes pass, or the connection breaks without a word. */

import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Cable {
  #server;
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set();
  #whole = true;
  /** Connections so far. */
  count = 0;

  /**
   * @param {import("node:test").TestContext} t
   * @param {import("./gateway.js").Gateway} gateway
   */
  static async to(t, gateway) {
    const cable = new Cable(gateway);
    cable.#server.listen(0, "127.0.0.1");
    await once(cable.#server, "listening");
    t.after(() => {
      cable.#server.close();
      cable.pull();
    });
    return cable;
  }

  /** @param {import("./gateway.js").Gateway} gateway */
  constructor(gateway) {
    this.#server = createServer((near) => {
      this.count += 1;
      if (!this.#whole) return near.destroy();
      const { hostname, port } = new URL(gateway.url);
      const far = connect(Number(port), hostname);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        // A pulled cable makes errors on both ends; the client is what is being looked at.
        socket.on("error", () => {});
        socket.on("close", () => this.#sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
  }

  get host() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    return `127.0.0.1:${port}`;
  }

  pull() {
    this.#whole = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend() {
    this.#whole = true;
  }
}
