/** A web server of somebody else: the page for the hosted SDK, and the package’s source beside it. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const PAGE = new URL("./site/", import.meta.url);
const SOURCE = new URL("../../../src/", import.meta.url);

/**
 * @param {import("node:test").TestContext} t
 * @returns {Promise<string>} its origin
 */
export async function serveSite(t) {
  const server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://site");
    try {
      const body = await readFile(fileOf(pathname));
      const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
      response.setHeader("Content-Type", `${type}; charset=utf-8`).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}

/** @param {string} pathname */
function fileOf(pathname) {
  if (pathname === "/") return new URL("index.html", PAGE);
  const [, inSource] = /^\/client\/(.+)$/.exec(pathname) ?? [];
  return inSource ? new URL(inSource, SOURCE) : new URL(`.${pathname}`, PAGE);
}
