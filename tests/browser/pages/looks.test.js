import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAccessible } from "../helpers/axe.js";
import { enter, visit } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

const OUT = fileURLToPath(new URL("../out/", import.meta.url));
const DESKTOP = { width: 1_180, height: 760 };
const PHONE = { width: 360, height: 700 };

/** @type {{name: string, colorScheme: "light" | "dark", viewport: {width: number, height: number}}[]} */
const LOOKS = [
  { name: "desktop-light", colorScheme: "light", viewport: DESKTOP },
  { name: "desktop-dark", colorScheme: "dark", viewport: DESKTOP },
  { name: "phone-light", colorScheme: "light", viewport: PHONE },
  { name: "phone-dark", colorScheme: "dark", viewport: PHONE },
];

for (const { name, ...look } of LOOKS) {
  test(`axe finds nothing and nothing sticks out: ${name}`, async (t) => {
    await mkdir(OUT, { recursive: true });
    const gateway = await Gateway.start(t);
    const bob = await enter(t, gateway, "Bob");
    await enter(t, gateway, "Carol");
    const alice = await visit(t, gateway, look);
    /** @param {string} state */
    const inspect = async (state) => {
      await assertAccessible(alice.page, state);
      const wide = await alice.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= look.viewport.width, `the page is ${wide} px wide ${state}`);
      await alice.page.screenshot({ path: `${OUT}${name} ${state}.png` });
    };

    await alice.page.waitForFunction(() => document.querySelector("input")?.value);
    await inspect("before entering");
    await alice.enter("Alice");
    await alice.seesMembers("Alice", "Bob", "Carol");
    await alice.says("good morning");
    await bob.says("The notes are where they always are, and the rest can wait until after lunch.");
    await bob.says("can you have a look?", { to: ["Alice"] });
    await bob.says("the door is open", { urgent: true });
    await alice.says("on my way", { to: ["Bob"], urgent: true });
    await alice.page.locator('[data-outcome="queued"]').waitFor();
    await alice.sees("the door is open");
    await inspect("in the room");
    await alice.picks("Bob", "Carol");
    await inspect("with recipients picked");
    await gateway.stop();
    await alice.page.getByRole("button", { name: "Try now" }).waitFor();
    await inspect("disconnected");
    alice.assertContent();
  });
}

test("the two themes differ", async (t) => {
  const gateway = await Gateway.start(t);
  const backgrounds = [];
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const { page } = await visit(t, gateway, { colorScheme });
    backgrounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  }
  assert.notEqual(backgrounds[0], backgrounds[1]);
});

test("at phone size everything needed is in sight", async (t) => {
  const gateway = await Gateway.start(t);
  await enter(t, gateway, "Bob");
  const { page } = await enter(t, gateway, "Alice", { viewport: PHONE, hasTouch: true });
  for (const part of ["#status", "#log", "#to-line", "#text", "#send", ".switch"]) {
    const box = await page.locator(part).boundingBox();
    assert.ok(box, `${part} is not shown`);
    assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width, `${part} sticks out sideways`);
    assert.ok(box.y >= 0 && box.y + box.height <= PHONE.height, `${part} sticks out below`);
  }
  await page.locator(".member label", { hasText: "Bob" }).tap();
  await page.getByText("to: Bob").waitFor();
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
  await alice.says("to you", { to: ["Bob"] });
  await alice.page.locator('[data-outcome="queued"]').waitFor();
  await bob.page.close();
  await alice.seesMembers("Alice");
  const shifted = await alice.page.evaluate(() => /** @type {any} */ (window).shifted);
  assert.ok(shifted < 0.02, `the layout shifted by ${shifted}`);
});
