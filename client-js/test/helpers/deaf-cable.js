/** A cable whose far end never hears that the near end is gone: the gateway goes on believing in the connection. */

import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * @param {import("node:test").TestContext} t
 * @param {string} url the gateway's
 * @returns {Promise<string>} where members connect to
 */
export async function deafCable(t, url) {
  const { hostname, port } = new URL(url);
  /** @type {import("node:net").Socket[]} */
  const sockets = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => {});
    near.on("data", (chunk) => {
      // A close frame is such a word too.
      if (!isClose(chunk)) far.write(chunk);
    });
    far.pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `ws://127.0.0.1:${address.port}/ws`;
}

/** RFC 6455 section 5.2: the last fragment of opcode 8. @param {Buffer} chunk */
const isClose = (chunk) => chunk[0] === 0x88;
