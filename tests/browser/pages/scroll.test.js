import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, visit } from "../helpers/browser.js";
import { flood } from "../helpers/flood.js";
import { Gateway } from "../helpers/gateway.js";
import { longestTask } from "../helpers/trace.js";

/** @typedef {import("../helpers/visitor.js").Visitor} Visitor */

/** As many as one can have open and still call it a day. */
const MANY = 10_000;
/** What is longer is felt. */
const LONG_TASK_MS = 50;

/** @param {Visitor} visitor */
const isAtEnd = ({ page }) =>
  page.waitForFunction(() => {
    const log = /** @type {HTMLElement} */ (document.querySelector("#log"));
    return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });

/** Where the rows in sight are. @param {Visitor} visitor @returns {Promise<Record<string, number>>} */
const places = ({ page }) =>
  page.locator("#log").evaluate((log) => {
    const { top, bottom } = log.getBoundingClientRect();
    const seen = [...log.querySelectorAll(".message")].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
    return Object.fromEntries(
      seen.map((row) => [
        row.getAttribute("data-msg-id") ?? "",
        Math.round(row.getBoundingClientRect().top),
      ]),
    );
  });

/** A row may begin between two pixels. @param {Record<string, number>} before @param {Record<string, number>} now */
function assertUnmoved(before, now) {
  for (const [id, top] of Object.entries(before)) {
    assert.ok(Math.abs((now[id] ?? Number.NaN) - top) <= 1, `from ${top} to ${now[id]}`);
  }
}

test("who reads further up stays there and is offered the way down", async (t) => {
  const gateway = await Gateway.start(t);
  const bob = await enter(t, gateway, "Bob");
  const alice = await enter(t, gateway, "Alice");
  await flood(await visit(t, gateway), 40);
  await alice.sees("number 40");
  await alice.page.getByRole("log").focus();
  await alice.page.keyboard.press("Home");
  await alice.sees("number 1");
  await alice.page.waitForFunction(() => document.querySelector("#log")?.scrollTop === 0);
  const before = await places(alice);
  await bob.says("news");
  const newer = alice.page.getByRole("button", { name: "Newer messages" });
  await newer.waitFor();
  assertUnmoved(before, await places(alice));
  await newer.click();
  await newer.waitFor({ state: "hidden" });
  await isAtEnd(alice);
  await alice.sees("news");
  await bob.says("more news");
  await alice.sees("more news");
  await isAtEnd(alice);
});

test("what is looked at stays in its place while older messages come in above it", async (t) => {
  const gateway = await Gateway.start(t);
  await flood(await visit(t, gateway), 180);
  const alice = await enter(t, gateway, "Alice");
  await alice.sees("number 180");
  const { page } = alice;
  const count = () => page.locator("#messages > :first-child").getAttribute("aria-setsize");
  // Held back until the reader has come to rest at the top.
  /** @type {(go: void) => void} */
  let go = () => {};
  const waiting = new Promise((resolve) => {
    go = resolve;
  });
  await page.exposeFunction("heldBack", () => waiting);
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) {
      if (!String(text).includes('"history"')) return send.call(this, text);
      /** @type {any} */ (window).heldBack().then(() => send.call(this, text));
    };
  });
  const first = Number(await count());
  await page.getByRole("log").focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(() => document.querySelector("#log")?.scrollTop === 0);
  await page.getByText("Loading what was said before").waitFor();
  const before = await places(alice);
  assert.ok(Object.keys(before).length > 0);
  go();
  await page.waitForFunction(
    (first) =>
      Number(document.querySelector("#messages > *")?.getAttribute("aria-setsize")) > first,
    first,
  );
  assertUnmoved(before, await places(alice));
  // And so on to the very beginning.
  await page.waitForFunction(() => {
    document.querySelector("#log")?.scrollTo(0, 0);
    const texts = [...document.querySelectorAll("#messages .text")];
    return texts.some(({ textContent }) => textContent === "number 1");
  });
});

test("ten thousand messages scroll without a task that one would feel", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  await flood(await visit(t, gateway), MANY);
  await alice.sees(`number ${MANY}`);
  await isAtEnd(alice);
  const { page } = alice;
  const size = await page.locator("#messages > :last-child").getAttribute("aria-setsize");
  assert.ok(Number(size) >= MANY, `only ${size} rows`);
  const { longest, tasks } = await longestTask(page, () => page.evaluate(scrollThroughAll));
  t.diagnostic(`the longest of ${tasks} tasks took ${longest} ms`);
  assert.ok(tasks > 200, `only ${tasks} tasks were seen`);
  assert.ok(longest < LONG_TASK_MS, `a task of ${longest} ms`);
  const rows = await page.locator("#messages > li").count();
  assert.ok(rows < 100, `${rows} rows are in the document`);
});

/** In the page: up through everything, a picture at a time; where a row should be, there is one. */
async function scrollThroughAll() {
  const log = /** @type {HTMLElement} */ (document.querySelector("#log"));
  const picture = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const { left, width, top, height } = log.getBoundingClientRect();
  const step = log.scrollHeight / 200;
  while (log.scrollTop > 0) {
    log.scrollTop = Math.max(0, log.scrollTop - step);
    await picture();
    await picture();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!there?.closest("#messages > li")) throw new Error(`nothing is shown at ${log.scrollTop}`);
  }
}
