import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { Cable } from "../../../../tests/browser/helpers/cable.js";
import { PATIENCE_MS } from "../../../../tests/browser/helpers/within.js";
import { Hall } from "../../helpers/hall.js";
import { serveSite } from "./site.js";

/** The smallest picture there is. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

after(() => browser.close());

/** @param {import("node:test").TestContext} t */
async function open(t) {
  const origin = await serveSite(t);
  // The page is not the gateway’s own.
  process.env.ROOMGATE_SOCKET_ALLOWED_ORIGINS = origin;
  const hall = await Hall.open(t);
  return { hall, origin };
}

/**
 * @param {import("node:test").TestContext} t
 * @param {{hall: Hall, origin: string}} where
 * @param {string} account
 * @param {string} [address]
 */
async function visit(t, { hall, origin }, account, address = hall.gateway.host) {
  await hall.account(account);
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const token = `token of ${account}`;
  const config = { appKey: "testkey", account, token, chatroomId: hall.roomid, address };
  await page.goto(`${origin}/?${new URLSearchParams(config)}`);
  await page.getByText(`in Hall as ${account}`).waitFor();
  return page;
}

/** @param {import("playwright-core").Page} page @param {string} text */
async function say(page, text) {
  await page.getByLabel("Text").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** @param {import("playwright-core").Page} page @param {string} text */
const row = (page, text) => page.locator("#messages li", { hasText: text });

test("two pages written for the hosted SDK talk through roomgate", async (t) => {
  const where = await open(t);
  const ann = await visit(t, where, "ann");
  const bob = await visit(t, where, "bob");
  await row(ann, "bob came in").waitFor();
  await ann.getByText("Members: ann, bob").waitFor();
  await say(ann, "hello");
  await row(bob, "ann: hello").waitFor();
  await ann.locator('[data-flow="out"][data-status="success"]', { hasText: "hello" }).waitFor();
  assert.equal(await row(ann, "hello").count(), 1);
  await bob.evaluate("chatroom.disconnect()");
  await bob.getByText("over: logout").waitFor();
  await row(ann, "bob left").waitFor();
});

test("a page comes back, and has what was said meanwhile", async (t) => {
  const where = await open(t);
  const cable = await Cable.to(t, where.hall.gateway);
  const ann = await visit(t, where, "ann", new URL(cable.url).host);
  const bob = await visit(t, where, "bob");
  await row(ann, "bob came in").waitFor();
  cable.pull();
  await ann.getByText(/away, attempt/).waitFor();
  await say(ann, "is anybody there?");
  const failed = '[data-status="Error_Connection_Socket_State_not_Match"]';
  await ann.locator(failed, { hasText: "is anybody there?" }).waitFor();
  await say(bob, "meanwhile");
  await bob.locator('[data-status="success"]', { hasText: "meanwhile" }).waitFor();
  cable.mend();
  await row(ann, "bob: meanwhile").waitFor();
  await ann.getByText("in Hall as ann").waitFor();
});

test("a page is told that it was put out", async (t) => {
  const where = await open(t);
  const ann = await visit(t, where, "ann");
  const kick = { roomid: where.hall.roomid, accid: "owner", targetAccid: "ann" };
  await where.hall.call("chatroom/kickMember", kick);
  await ann.getByText("put out: managerKick").waitFor();
});

test("a picture is sent through the page’s own upload; without one the page is told", async (t) => {
  const where = await open(t);
  const ann = await visit(t, where, "ann");
  const bob = await visit(t, where, "bob");
  const picture = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(PIXEL, "base64") };
  await ann.getByLabel("Picture").setInputFiles(picture);
  await ann.locator('[data-status="Not_Support"]').waitFor();
  await ann.evaluate(
    "chatroom.setOptions({ uploadFile: async (blob) => ({ url: '/kept/' + blob.name, md5: 'm' }) })",
  );
  await ann.getByLabel("Picture").setInputFiles([]);
  await ann.getByLabel("Picture").setInputFiles(picture);
  await row(bob, "ann: dot.png 1x1").waitFor();
  await ann.locator('[data-status="success"]', { hasText: "a picture" }).waitFor();
});
