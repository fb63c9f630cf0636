/** Where the gateway is to be found: addresses as pages have them, used one after the other, over and over. */

import { PATH } from "../address.js";
import { wrongParameter } from "./chatroom-error.js";

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

/** Scheme, host, path and query. Not `URL`: that of React Native cannot take addresses apart. */
const ADDRESS = /^(?:(wss?):\/\/)?(?!\w+:\/\/)([^\s/?#]+)(\/[^\s?#]*)?(\?[^\s#]*)?$/i;

/**
 * @param {string} address
 * @param {boolean} secure
 * @returns {string}
 */
export function readAddress(address, secure) {
  const [, scheme = secure ? "wss" : "ws", host, path = "/", query = ""] =
    ADDRESS.exec(address) ?? [];
  if (!host) {
    const what = `${address} is neither host:port nor ws(s)://…`;
    throw wrongParameter("getInstance", `chatroomAddresses: ${what}`);
  }
  return `${scheme.toLowerCase()}://${host}${path === "/" ? PATH : path}${query}`;
}
