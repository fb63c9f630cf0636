import assert from "node:assert/strict";
import { test } from "node:test";
import { enter } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

/** Alice owns the room that Bob and Carol are in. @param {import("node:test").TestContext} t */
async function ownedRoom(t) {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  await alice.createsRoom("Tea");
  const bob = await enter(t, gateway, "Bob");
  await bob.goesTo("Tea");
  await alice.seesMembers("Alice", "Bob");
  return { gateway, alice, bob };
}

test("a mute for a time holds, is said on both sides, and can be ended", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await (await alice.menu("Bob")).getByRole("combobox", { name: "How long" }).selectOption("600");
  await alice.page.getByRole("button", { name: "Mute for", exact: true }).click();
  await bob.notices("Alice muted you for 10 min");
  await bob.page.getByText(/You are muted for another/).waitFor();
  await alice.page.locator(".member.hushed", { hasText: "Bob" }).waitFor();
  await bob.says("hello?");
  await bob.message("hello?").getByText("You are muted in this room.").waitFor();
  await alice.hasNotSeen("hello?");
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "End the mute", exact: true })
    .click();
  await bob.notices("Alice unmuted you");
  await bob.page.getByRole("button", { name: "Send again" }).click();
  await alice.sees("hello?");
});

test("a room that is muted lets only its managers speak", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await alice.opens("Room");
  await alice.page.getByRole("button", { name: "Mute the whole room" }).click();
  await bob.page.getByText("The room is muted: only managers may speak").waitFor();
  await bob.says("hello?");
  await bob.message("hello?").getByText("The whole room is muted.").waitFor();
  await alice.says("order!");
  await bob.sees("order!");
  await alice.page.getByRole("button", { name: "Let everybody speak" }).click();
  await bob.page.getByText("Shift + Enter for a new line").waitFor();
  await bob.says("thank you");
  await alice.sees("thank you");
});

test("who is put out is told, and the others see the place empty", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "Put out of the room", exact: true })
    .click();
  await bob.page.getByText("A manager removed you from the room.").waitFor();
  await alice.seesMembers("Alice");
  await bob.seesMembers("Alice");
  await bob.page.getByRole("button", { name: "Join again" }).click();
  await bob.isConnected();
  await alice.seesMembers("Alice", "Bob");
});

test("a manager has the tools of one, and stays listed when away", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await bob.opens("Room");
  await bob.page.getByText("Only the owner and managers may change it.").waitFor();
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "Make a manager", exact: true })
    .click();
  await bob.notices("You are now a manager");
  await bob.page.locator('.member.mine[data-role="manager"]').waitFor();
  await bob.page
    .getByText("Only the owner and managers may change it.")
    .waitFor({ state: "hidden" });
  await bob.page.close();
  await alice.seesMembers("Alice");
  await alice.page.locator(".member.gone", { hasText: "manager · away" }).waitFor();
});

test("a fixed member stays one when away, and a mute for good lasts over a new visit", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "Make a fixed member", exact: true })
    .click();
  await bob.notices("You are now a fixed member");
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "Mute for good", exact: true })
    .click();
  await bob.page.getByText("You are muted in this room", { exact: true }).waitFor();
  await bob.goesTo("Lounge");
  await alice.page.locator(".member.gone.hushed", { hasText: "Bob" }).waitFor();
  await bob.page.getByText("Shift + Enter for a new line").waitFor();
  await bob.goesTo("Tea");
  await bob.page.getByText("You are muted in this room", { exact: true }).waitFor();
  await (await alice.menu("Bob")).getByRole("button", { name: "Unmute", exact: true }).click();
  await bob.says("at last");
  await alice.sees("at last");
});

test("the blocklist keeps somebody out until they are taken off", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "Put on the blocklist", exact: true })
    .click();
  await bob.page.getByText("You are on this room’s blocklist.").waitFor();
  await bob.page.getByRole("button", { name: "Join again" }).click();
  await bob.page
    .getByText("The room cannot be entered: You are on this room’s blocklist.")
    .waitFor();
  await (await alice.menu("Bob"))
    .getByRole("button", { name: "Take off the blocklist", exact: true })
    .click();
  await alice.page.locator(".member", { hasText: "Bob" }).waitFor({ state: "detached" });
  await bob.page.getByRole("button", { name: "Join again" }).click();
  await bob.isConnected();
});

test("an announcement is seen by everybody, and by who comes later", async (t) => {
  const { gateway, alice, bob } = await ownedRoom(t);
  await alice.opens("Room");
  await alice.page.getByLabel("Announcement").fill("Tea is at four");
  await alice.page.getByRole("button", { name: "Announce", exact: true }).click();
  await bob.page.locator("header").getByText("Tea is at four").waitFor();
  const carol = await enter(t, gateway, "Carol");
  await carol.goesTo("Tea");
  await carol.page.locator("header").getByText("Tea is at four").waitFor();
});

test("a message that is recalled is gone for everybody", async (t) => {
  const { alice, bob } = await ownedRoom(t);
  await bob.says("oops");
  await alice.sees("oops");
  await bob.message("oops").hover();
  await bob.message("oops").getByRole("button", { name: "More about this message" }).click();
  await bob.page.getByRole("button", { name: "Recall", exact: true }).click();
  await alice.page.getByText("This message was recalled.").waitFor();
  assert.equal(await alice.page.getByText("oops", { exact: true }).count(), 0);
});

test("a guest is offered no tools that it does not have", async (t) => {
  const { bob } = await ownedRoom(t);
  const lines = await (await bob.menu("Alice")).getByRole("button").allInnerTexts();
  assert.deepEqual(lines, ["Write only to them"]);
});

test("hands are raised, taken in order, and gone with who leaves", async (t) => {
  const { gateway, alice, bob } = await ownedRoom(t);
  const carol = await enter(t, gateway, "Carol");
  await carol.goesTo("Tea");
  for (const visitor of [alice, bob, carol]) await visitor.opens("Queue");
  await alice.page.getByText("Nobody waits.").waitFor();
  await bob.page.getByRole("button", { name: "Raise my hand" }).click();
  await alice.seesQueue("Bob");
  await carol.page.getByRole("button", { name: "Raise my hand" }).click();
  await alice.seesQueue("Bob", "Carol");
  await alice.page.getByRole("button", { name: "Next guest" }).click();
  await carol.seesQueue("Carol");
  await bob.page.getByRole("button", { name: "Raise my hand" }).click();
  await alice.seesQueue("Carol", "Bob");
  await carol.page.close();
  await alice.seesQueue("Bob");
  await bob.page.getByRole("button", { name: "Lower my hand" }).click();
  await alice.seesQueue();
  await bob.page.getByRole("button", { name: "Raise my hand" }).click();
  await alice.seesQueue("Bob");
  await alice.page.getByRole("button", { name: "Clear the queue" }).click();
  await bob.seesQueue();
});
