import assert from "node:assert/strict";
import { test } from "node:test";
import { enter } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

/** @typedef {import("../helpers/visitor.js").Visitor} Visitor */

/** @param {Visitor} visitor @param {string} name @param {number} count */
async function seesRoom({ page }, name, count) {
  const row = page.locator(".room-line", { hasText: name });
  await row.locator(".online").getByText(String(count), { exact: true }).waitFor();
}

test("the rooms are listed with how many are in each, and moving moves the counts", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await seesRoom(alice, "Demo room", 2);
  await seesRoom(alice, "Lounge", 0);
  await bob.goesTo("Lounge");
  await seesRoom(alice, "Demo room", 1);
  await seesRoom(alice, "Lounge", 1);
  await alice.seesMembers("Alice");
  const current = bob.page.locator('.room-line[aria-current="true"]');
  assert.match(await current.innerText(), /Lounge/);
  await bob.page.getByRole("heading", { name: "Lounge" }).waitFor();
});

test("what is said in a room stays there, and is there again after coming back", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await alice.says("here");
  await bob.sees("here");
  await bob.goesTo("Lounge");
  await alice.says("while Bob is away");
  await alice.message("while Bob is away").getByText("Sent").waitFor();
  await bob.page.getByText("Nothing has been said yet.").waitFor();
  await bob.hasNotSeen("while Bob is away");
  await bob.goesTo("Demo room");
  await bob.sees("here");
  await bob.sees("while Bob is away");
  assert.equal(await bob.message("here").count(), 1);
  bob.assertContent();
});

test("who creates a room owns it and finds it in the list", async (t) => {
  const gateway = await Gateway.start(t);
  const bob = await enter(t, gateway, "Bob");
  const alice = await enter(t, gateway, "Alice");
  await alice.createsRoom("Tea");
  await alice.page.locator('.member.mine[data-role="owner"]').waitFor();
  await alice.page.locator(".room-line", { hasText: "Tea" }).getByText("yours").waitFor();
  await seesRoom(bob, "Tea", 1);
  await bob.goesTo("Tea");
  await alice.seesMembers("Alice", "Bob");
  await bob.page.locator('.member[data-role="owner"]', { hasText: "Alice" }).waitFor();
  await bob.page.locator('.member.mine[data-role="guest"]').waitFor();
});

test("a room without a name is not made, and what the gateway refuses is said", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice", {
    before: (page) =>
      page.route("**/demo/rooms", (route) =>
        route.request().method() === "POST"
          ? route.fulfill({ status: 400, json: { code: 419, desc: "there are 50 rooms already" } })
          : route.continue(),
      ),
  });
  await alice.page.getByRole("button", { name: "Create" }).click();
  assert.equal(await alice.page.evaluate(() => document.activeElement?.id), "new-room");
  await alice.page.getByLabel("New room").fill("One more");
  await alice.page.keyboard.press("Enter");
  await alice.page.getByText("there are 50 rooms already").waitFor();
});
