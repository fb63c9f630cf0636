/** Where a gateway is, as applications write it, made the address of its socket. */

import { Invalid } from "./errors.js";

/** Where a gateway has its socket. */
export const PATH = "/ws";

/** Scheme, host, path and query. Not `URL`: that of React Native cannot take addresses apart. */
const ADDRESS = /^(?:ws|http)(s?):\/\/([^\s/?#]+)(\/[^\s?#]*)?(\?[^\s#]*)?$/i;

/**
 * @param {string} url `ws(s)://` or `http(s)://`; without a path it is the gateway's own
 * @returns {string}
 */
export function socketAddress(url) {
  const [, secure = "", host, path = "/", query = ""] = ADDRESS.exec(url) ?? [];
  if (!host) {
    throw new Invalid(`${url} is no address of a gateway`, "Give a whole one: wss://HOST/ws.");
  }
  return `ws${secure.toLowerCase()}://${host}${path === "/" ? PATH : path}${query}`;
}
