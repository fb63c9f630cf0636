/** Where the gateway is to be found: addresses as pages have them, used one after the other, over and over. */

import { wrongParameter } from "./chatroom-error.js";

/** Where a gateway has its socket. */
const PATH = "/ws";

export class Addresses {
  #urls;
  #next = 0;

  /**
   * @param {string[]} addresses `host:port`, or `ws(s)://host[:port][/path]`
   * @param {boolean} secure of those that do not say it themselves
   */
  constructor(addresses, secure) {
    this.#urls = addresses.map((address) => readAddress(address, secure));
  }

  /** The one whose turn it is. */
  next() {
    const url = this.#urls[this.#next % this.#urls.length] ?? "";
    this.#next += 1;
    return url;
  }
}

/**
 * @param {string} address
 * @param {boolean} secure
 * @returns {string}
 */
export function readAddress(address, secure) {
  const spelled = /^[a-z]+:\/\//i.test(address) ? address : `${secure ? "wss" : "ws"}://${address}`;
  const url = URL.canParse(spelled) ? new URL(spelled) : undefined;
  if (!url?.host || !["ws:", "wss:"].includes(url.protocol)) {
    throw wrongParameter(
      "getInstance",
      `chatroomAddresses: ${address} is neither host:port nor ws(s)://…`,
    );
  }
  if (url.pathname === "/") url.pathname = PATH;
  return url.href;
}
