import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAccessible } from "../helpers/axe.js";
import { enter, visit } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";
import { png, wav } from "../helpers/media.js";

/** @typedef {import("../helpers/visitor.js").Visitor} Visitor */

const OUT = fileURLToPath(new URL("../out/", import.meta.url));
const DESKTOP = { width: 1_440, height: 900 };
const TABLET = { width: 900, height: 760 };
const PHONE = { width: 390, height: 844 };

/** Each size, theme and language at least twice, in company of different others. */
const LOOKS = /** @type {const} */ ([
  { name: "desktop-light-en", colorScheme: "light", viewport: DESKTOP, locale: "en-GB" },
  { name: "desktop-dark-zh", colorScheme: "dark", viewport: DESKTOP, locale: "zh-CN" },
  { name: "tablet-dark-en", colorScheme: "dark", viewport: TABLET, locale: "en-US" },
  { name: "phone-light-zh", colorScheme: "light", viewport: PHONE, locale: "zh-CN" },
  { name: "phone-dark-en", colorScheme: "dark", viewport: PHONE, locale: "en-US" },
]);

for (const { name, ...look } of LOOKS) {
  test(`axe finds nothing and nothing sticks out: ${name}`, async (t) => {
    await mkdir(OUT, { recursive: true });
    const gateway = await Gateway.start(t);
    const alice = await visit(t, gateway, look);
    const { page } = alice;
    /** @param {string} state */
    const inspect = async (state) => {
      await assertAccessible(page, state);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= look.viewport.width, `the page is ${wide} px wide ${state}`);
      await page.screenshot({ path: `${OUT}${name} ${state}.png` });
    };
    await page.waitForFunction(() => document.querySelector("input")?.value);
    await inspect("before entering");
    await page.locator("#name").fill("Alice");
    await page.keyboard.press("Enter");
    await alice.isConnectedInAnyWords();
    await page.locator("#empty").waitFor();
    await inspect("in an empty room");
    await makeRoom(alice);
    const bob = await enter(t, gateway, "Bob");
    const carol = await enter(t, gateway, "Carol");
    await bob.goesTo("Tea house");
    await carol.goesTo("Tea house");
    await alice.seesMembers("Alice", "Bob", "Carol");
    await talk(alice, bob);
    await inspect("in the room");
    for (const input of await page.locator("#members input").all()) await input.check();
    await page.locator("#urgent").check();
    await inspect("with recipients picked");
    await page.locator("#urgent").uncheck();
    await openPanels(alice, bob, inspect);
    await openMenus(alice, inspect);
    await bob.page.close();
    await gateway.stop();
    await page.locator('#status[data-kind="waiting"]').waitFor();
    await inspect("disconnected");
  });
}

/** @param {Visitor} alice */
async function makeRoom({ page }) {
  const drawer = page.locator("#rooms-open");
  if (await drawer.isVisible()) await drawer.click();
  await page.locator("#new-room").fill("Tea house");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Tea house" }).waitFor();
}

/** Something of everything. @param {Visitor} alice @param {Visitor} bob */
async function talk(alice, bob) {
  await bob.says("good morning");
  await bob.says("The notes are where they always are, and the rest can wait until after lunch.");
  await bob.attaches("Image", { name: "tea.png", mimeType: "image/png", buffer: png(240, 90) });
  await alice.page.getByRole("img", { name: "tea.png" }).waitFor();
  await bob.attaches("Audio", { name: "hum.wav", mimeType: "audio/wav", buffer: wav(500) });
  await alice.page.locator("audio").waitFor();
  await bob.attaches("File", { name: "a.pdf", mimeType: "application/pdf", buffer: png(9, 9) });
  await alice.page.getByRole("link", { name: /a\.pdf/ }).waitFor();
  await bob.chooses("Location");
  await bob.page.getByLabel("Name", { exact: true }).fill("West Lake, Hangzhou");
  await bob.page.keyboard.press("Enter");
  await alice.page.locator(".place").waitFor();
  await bob.chooses("Custom message");
  await bob.page.locator("#custom-dialog").getByRole("button", { name: "Send" }).click();
  await alice.page.locator(".custom").waitFor();
  await bob.says("can you have a look?", { to: ["Alice"] });
  await bob.says("the door is open", { urgent: true });
  await alice.sees("the door is open");
  const { page } = alice;
  await page.locator(".member", { hasText: "Bob" }).locator("input").check();
  await page.locator("#text").fill("on my way");
  await page.keyboard.press("Enter");
  await page.locator('[data-outcome="queued"]').waitFor();
  await page.locator("#to-clear").click();
}

/** @param {Visitor} alice @param {Visitor} bob @param {(state: string) => Promise<void>} inspect */
async function openPanels({ page }, bob, inspect) {
  if (await page.locator("#tools").isHidden()) await page.locator("#tools-toggle").click();
  await page.locator("#overtake").click();
  await page.waitForFunction(() => document.querySelectorAll("#race li").length === 33);
  await page.locator('#overtake[aria-disabled="false"]').waitFor();
  await page.locator("#race li").first().waitFor();
  await inspect("inside");
  if (await bob.page.locator("#tools").isVisible()) await bob.opens("Queue");
  await bob.page.getByRole("button", { name: "Raise my hand" }).click();
  await page.locator("#tab-queue").click();
  await page.locator("#queue-list .nick").waitFor();
  await inspect("with the queue");
  await page.locator("#tab-server").click();
  await page.locator("#server-run").click();
  await page.waitForFunction(() => document.querySelector("#server-took")?.textContent);
  await inspect("with the server");
  await page.locator("#tab-room").click();
  await page.locator("#mute-room").click();
  await page.locator('#mute-room[aria-pressed="true"]').waitFor();
  await inspect("with the room muted");
  await page.locator("#mute-room").click();
  await page.locator('#mute-room[aria-pressed="false"]').waitFor();
}

/** @param {Visitor} alice @param {(state: string) => Promise<void>} inspect */
async function openMenus({ page }, inspect) {
  const close = page.locator("#tools-close");
  if ((page.viewportSize()?.width ?? 0) < 1_200) await close.click();
  await page.locator("#me").click();
  await page.locator("#account").waitFor();
  await inspect("with the account");
  await page.keyboard.press("Escape");
  if (await page.locator("#people-open").isVisible()) {
    await page.locator("#people-open").click();
    await inspect("with the members");
  }
  await page.locator(".member .more").first().click();
  await page.locator("#menu").waitFor();
  await inspect("with a member's menu");
  await page.keyboard.press("Escape");
  if (await page.locator("#people-close").isVisible()) await page.locator("#people-close").click();
  await page.locator("#attach").click();
  await inspect("with all that can be sent");
  await page.locator("#menu button").nth(4).click();
  await page.locator("#place-dialog").waitFor();
  await inspect("with a place to send");
  await page.keyboard.press("Escape");
  if (await page.locator("#rooms-open").isVisible()) {
    await page.locator("#rooms-open").click();
    await inspect("with the rooms");
    await page.locator("#rooms-close").click();
  }
}

test("the theme is the system's until another is chosen, and the choice is remembered", async (t) => {
  const gateway = await Gateway.start(t);
  const { page } = await visit(t, gateway, { colorScheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.getByRole("button", { name: "Light" }).click();
  assert.equal(await ground(), light);
  await page.reload();
  await page.getByRole("button", { name: "Light", pressed: true }).waitFor();
  assert.equal(await ground(), light);
  await page.getByRole("button", { name: "System" }).click();
  assert.equal(await ground(), dark);
});

test("the language is the reader's until another is chosen, at once and for the next time", async (t) => {
  const gateway = await Gateway.start(t);
  const { page } = await visit(t, gateway, { locale: "zh-CN" });
  const lang = () => page.evaluate(() => document.documentElement.lang);
  await page.getByLabel("你的名字").fill("小明");
  assert.equal(await lang(), "zh-CN");
  await page.getByRole("button", { name: "进入", exact: true }).click();
  await page.locator("#status").getByText("已连接").waitFor();
  await page.locator(".note").getByText("你 进入了房间").waitFor();
  await page.getByRole("button", { name: /你是/ }).click();
  await page.getByRole("button", { name: "English" }).click();
  await page.locator("#status").getByText("Connected").waitFor();
  await page.locator(".note").getByText("You came in").waitFor();
  await page.getByText("Nothing has been said yet.").waitFor();
  assert.equal(await lang(), "en");
  // No word of the other language is left but its own name and the reader's.
  const left = await page.locator("body").innerText();
  assert.deepEqual(left.replaceAll(/中文|小明|小/g, "").match(/[\u4e00-\u9fff]+/g), null);
  await page.reload();
  await page.getByLabel("Your name").waitFor();
});

test("at phone size everything needed is in sight, also above a keyboard", async (t) => {
  const gateway = await Gateway.start(t);
  await enter(t, gateway, "Bob");
  const { page } = await enter(t, gateway, "Alice", { viewport: PHONE, hasTouch: true });
  const parts = ["#status", "#log", "#to-line", "#text", "#send", ".switch", "#attach", "#me"];
  for (const height of [PHONE.height, 420]) {
    await page.setViewportSize({ width: PHONE.width, height });
    for (const part of parts) {
      const box = await page.locator(part).boundingBox();
      assert.ok(box, `${part} is not shown`);
      assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width, `${part} sticks out sideways`);
      assert.ok(box.y >= 0 && box.y + box.height <= height, `${part} sticks out below ${height}`);
    }
    const log = await page.locator("#log").boundingBox();
    assert.ok((log?.height ?? 0) > 100, `only ${log?.height} px of messages are seen`);
  }
  await page.locator(".member label", { hasText: "Bob" }).tap();
  await page.getByText("to: Bob").waitFor();
});

test("the page is as high as what is seen where a keyboard lies over it", async (t) => {
  const gateway = await Gateway.start(t);
  const { page } = await enter(t, gateway, "Alice", { viewport: PHONE, hasTouch: true });
  // What such a browser does: the window stays, what is seen of it gets smaller.
  await page.evaluate(() => {
    const viewport = /** @type {VisualViewport} */ (window.visualViewport);
    Object.defineProperty(viewport, "height", { value: 500, configurable: true });
    viewport.dispatchEvent(new Event("resize"));
  });
  const box = await page.locator("#send").boundingBox();
  assert.ok(box && box.y + box.height <= 500, "the button is above the keyboard");
});

test("the newest message stays in sight when the window gets smaller", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice", { viewport: PHONE });
  for (let line = 1; line <= 15; line += 1) await alice.says(`line ${line}`);
  await alice.sees("line 15");
  await alice.page.setViewportSize({ width: PHONE.width, height: 480 });
  await alice.page.waitForFunction(() => {
    const log = /** @type {HTMLElement} */ (document.querySelector("#log"));
    return log.clientHeight < 400 && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });
});

test("who wants no motion gets none", async (t) => {
  const gateway = await Gateway.start(t);
  const { page } = await enter(t, gateway, "Alice", { reducedMotion: "reduce" });
  await page.locator(".this-tab .bar-fill").first().waitFor({ state: "attached" });
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return transitionDuration !== "0s" || animationName !== "none";
      }).length,
  );
  assert.equal(moving, 0);
});

test("nothing jumps while people come, talk and go", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice", {
    before: (page) =>
      page.addInitScript(() => {
        const w = /** @type {any} */ (window);
        w.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) w.shifted += /** @type {any} */ (entry).value;
        }).observe({ type: "layout-shift", buffered: true });
      }),
  });
  const bob = await enter(t, gateway, "Bob");
  for (let line = 1; line <= 20; line += 1) await bob.says(`line ${line}`);
  await alice.sees("line 20");
  await bob.attaches("Image", { name: "tea.png", mimeType: "image/png", buffer: png(240, 90) });
  await alice.page.getByRole("img", { name: "tea.png" }).waitFor();
  await alice.says("to you", { to: ["Bob"] });
  await alice.page.locator('[data-outcome="queued"]').waitFor();
  await bob.page.close();
  await alice.seesMembers("Alice");
  const shifted = await alice.page.evaluate(() => /** @type {any} */ (window).shifted);
  assert.ok(shifted < 0.02, `the layout shifted by ${shifted}`);
});

test("on the narrowest phone, with the longest name, nothing is cut off", async (t) => {
  const gateway = await Gateway.start(t);
  const viewport = { width: 320, height: 568 };
  const { page } = await enter(t, gateway, "W".repeat(32), { viewport });
  /** @param {string} root */
  const cut = (root) =>
    page.evaluate(
      (root) =>
        [...document.querySelectorAll(`${root} *`)]
          .filter((part) => !part.closest("#members, .only-read"))
          .filter((part) => part.getBoundingClientRect().right > innerWidth)
          .map((part) => part.id || part.className),
      root,
    );
  assert.deepEqual(await cut("#composer"), []);
  await page.locator("#tools-toggle").click();
  await page.locator(".this-tab").waitFor();
  for (const tab of ["inside", "queue", "server", "room"]) {
    await page.locator(`#tab-${tab}`).click();
    if (tab === "queue") await page.locator("#hand").click();
    if (tab === "queue") await page.locator("#queue-list .nick").waitFor();
    assert.deepEqual(await cut("#tools"), [], tab);
  }
  await page.locator("#tools-close").click();
});

test("in a low window the words for an empty room lie over no line", async (t) => {
  const gateway = await Gateway.start(t);
  const { page } = await enter(t, gateway, "Alice");
  await page.locator("#empty").waitFor();
  await page.setViewportSize({ width: 320, height: 310 });
  await page.locator("#empty").waitFor({ state: "hidden" });
  const log = await page.locator("#log").boundingBox();
  assert.ok((log?.height ?? 0) > 90, `only ${log?.height} px of messages are seen`);
});
