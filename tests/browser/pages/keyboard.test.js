import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, visit } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

test("everything can be done with the keyboard alone", async (t) => {
  const gateway = await Gateway.start(t);
  const bob = await enter(t, gateway, "Bob");
  const alice = await visit(t, gateway);
  const { keyboard } = alice.page;

  await alice.page.waitForFunction(() => document.querySelector("input")?.value === "alice");
  await keyboard.press("Enter");
  await alice.isConnected();
  await alice.seesMembers("alice", "Bob");

  // The cursor is in the message box; before it come what else can be sent, and the owner, who is away, and Bob: for each a box and more.
  await keyboard.type("to everyone");
  await keyboard.press("Enter");
  await bob.sees("to everyone");
  for (let press = 0; press < 5; press += 1) await keyboard.press("Shift+Tab");
  await keyboard.press("Space");
  await alice.page.getByText("to: Bob").waitFor();

  for (let press = 0; press < 3; press += 1) await keyboard.press("Tab");
  for (const stop of ["to-clear", "attach", "text", "send", "urgent"]) {
    await keyboard.press("Tab");
    assert.equal(await alice.page.evaluate(() => document.activeElement?.id), stop);
  }
  await keyboard.press("Space");
  await keyboard.press("Shift+Tab");
  await keyboard.press("Shift+Tab");
  await keyboard.type("only Bob, now");
  await keyboard.press("Enter");
  await bob.message("only Bob, now").getByText("Directed to you").waitFor();
  await bob.message("only Bob, now").getByText("Urgent", { exact: true }).waitFor();

  await keyboard.press("Shift+Tab");
  await keyboard.press("Shift+Tab");
  await keyboard.press("Enter");
  await alice.page.getByText("to: everyone").waitFor();
  assert.equal(await alice.page.evaluate(() => document.activeElement?.id), "text");
});

test("every stop of the Tab key shows where it is", async (t) => {
  const gateway = await Gateway.start(t);
  await enter(t, gateway, "Bob");
  const alice = await enter(t, gateway, "Alice");
  await alice.picks("Bob");
  await alice.page.locator("body").press("Tab");
  const stops = new Set();
  for (let press = 0; press < 40; press += 1) {
    const { name, outlined } = await alice.page.evaluate(() => {
      const focused = /** @type {HTMLElement} */ (document.activeElement);
      const shown = [focused, focused.parentElement, focused.nextElementSibling];
      return {
        name: focused.id || focused.tagName,
        outlined: shown.some((part) => part && getComputedStyle(part).outlineStyle === "solid"),
      };
    });
    if (name !== "BODY") {
      assert.ok(outlined, `${name} has no visible focus`);
      stops.add(name);
    }
    await alice.page.keyboard.press("Tab");
  }
  const tools = ["tools-toggle", "tab-inside", "slow", "cut", "overtake"];
  const rooms = ["me", "new-room", "make-room", "new-room-curl"];
  const writing = ["log", "INPUT", "to-clear", "attach", "text", "send", "urgent", "send-curl"];
  for (const stop of [...tools, ...rooms, ...writing]) {
    assert.ok(stops.has(stop), `${stop} cannot be reached`);
  }
});

test("the focus is never behind what lies over the page of a phone", async (t) => {
  const gateway = await Gateway.start(t);
  await enter(t, gateway, "Bob");
  const { page } = await enter(t, gateway, "Alice", { viewport: { width: 390, height: 844 } });
  await page.locator(".member label", { hasText: "Bob" }).waitFor();
  for (const opener of ["#rooms-open", "#people-open", "#tools-toggle"]) {
    await page.locator(opener).click();
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press("Tab");
      const hidden = await page.evaluate(() => {
        const focused = /** @type {HTMLElement} */ (document.activeElement);
        const { left, top, width, height } = focused.getBoundingClientRect();
        const seen = document.elementFromPoint(left + width / 2, top + height / 2);
        const over = seen?.closest("#rooms, #people.open, #tools");
        return focused !== document.body && over && !over.contains(focused) ? focused.id : "";
      });
      assert.equal(hidden, "", `after ${press + 1} presses behind ${opener}`);
    }
    assert.equal(await page.locator(opener).getAttribute("aria-expanded"), "false");
  }
});
