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

  // The cursor is in the message box; Bob's box is the stop before it.
  await keyboard.type("to everyone");
  await keyboard.press("Enter");
  await bob.sees("to everyone");
  await keyboard.press("Shift+Tab");
  await keyboard.press("Space");
  await alice.page.getByText("to: Bob").waitFor();

  // Clear, text, send, urgent.
  for (const stop of ["to-clear", "text", "send", "urgent"]) {
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
  for (let press = 0; press < 8; press += 1) {
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
  for (const stop of ["leave", "log", "INPUT", "to-clear", "text", "send", "urgent"]) {
    assert.ok(stops.has(stop), `${stop} cannot be reached`);
  }
});
