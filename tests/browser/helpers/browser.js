/** One headless Chromium for a test file; each visitor gets a window of its own. */

import { after } from "node:test";
import { chromium } from "playwright-core";
import { Visitor } from "./visitor.js";

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let launching;

after(async () => {
  await (await launching)?.close();
});

function browser() {
  launching ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return launching;
}

/**
 * Somebody opens the page.
 * @param {import("node:test").TestContext} t
 * @param {{url: string}} where a gateway, or a cable to one
 * @param {import("playwright-core").BrowserContextOptions & {before?: (page: import("playwright-core").Page) => unknown}} [options]
 */
export async function visit(t, { url }, { before, ...options } = {}) {
  const context = await (await browser()).newContext({ reducedMotion: "reduce", ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const visitor = new Visitor(page);
  await before?.(page);
  await page.goto(url);
  return visitor;
}

/**
 * Somebody opens the page and enters.
 * @param {import("node:test").TestContext} t
 * @param {{url: string}} where
 * @param {string} name
 * @param {Parameters<typeof visit>[2]} [options]
 */
export async function enter(t, where, name, options) {
  const visitor = await visit(t, where, options);
  await visitor.enter(name);
  return visitor;
}
