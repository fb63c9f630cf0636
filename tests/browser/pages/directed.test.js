import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { enter } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

/** @param {import("node:test").TestContext} t */
async function threePeople(t) {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  const carol = await enter(t, gateway, "Carol");
  await alice.seesMembers("Alice", "Bob", "Carol");
  return { gateway, alice, bob, carol };
}

test("a directed message reaches the one it is for, and nothing of it the other", async (t) => {
  const { alice, bob, carol } = await threePeople(t);
  await alice.says("between us", { to: ["Bob"] });
  await bob.message("between us").getByText("Directed to you").waitFor();
  await alice.message("between us").getByText("Directed to Bob").waitFor();
  await alice.says("for everyone");
  await carol.sees("for everyone");
  await carol.hasNotSeen("between us");
  assert.equal(await bob.message("for everyone").getByText("Directed").count(), 0);
});

test("the sender sees what became of it for each recipient", async (t) => {
  const { alice, bob, carol } = await threePeople(t);
  await alice.picks("Bob", "Carol");
  await alice.page.getByText("to: Bob, Carol").waitFor();
  await carol.page.close();
  await alice.seesMembers("Alice", "Bob");
  await alice.page.getByText("to: Bob, Carol (left)").waitFor();
  await alice.says("are you both there?");
  await bob.sees("are you both there?");
  await alice.message("are you both there?").getByText("not in the room").waitFor();
  const outcomes = await alice.outcomes("are you both there?");
  assert.deepEqual(outcomes, { bob: "queued", carol: "not_in_room" });
});

test("clearing the recipients writes to everyone again", async (t) => {
  const { alice, carol } = await threePeople(t);
  await alice.picks("Bob");
  await alice.page.getByRole("button", { name: /Clear/ }).click();
  await alice.page.getByText("to: everyone").waitFor();
  assert.equal(await alice.page.getByRole("checkbox", { name: "Bob" }).isChecked(), false);
  await alice.says("all of you");
  await carol.sees("all of you");
});

test("an urgent message is marked in words and told at once to a screen reader", async (t) => {
  const { alice, bob } = await threePeople(t);
  await alice.says("the door is open", { urgent: true });
  await bob.message("the door is open").getByText("Urgent", { exact: true }).waitFor();
  await bob.page.getByRole("alert").getByText("Urgent from Alice: the door is open").waitFor();
  await alice.says("no hurry");
  await bob.page.locator("#polite", { hasText: "Alice: no hurry" }).waitFor({ state: "attached" });
  const polite = await bob.page.locator("#polite").textContent();
  assert.ok(!polite?.includes("the door is open"), "it is not said a second time");
  const urgent = alice.page.getByRole("switch", { name: "Urgent" });
  assert.equal(await urgent.isChecked(), false, "urgency belongs to one message");
});

test("a signed call of the server API reaches one tab only, directed and urgent", async (t) => {
  const { gateway, alice, bob, carol } = await threePeople(t);
  const answer = await gateway.call("chatroom/sendMsgToSomeone", {
    roomid: "1",
    msgId: randomUUID(),
    fromAccid: "demo",
    toAccids: '["alice"]',
    msgType: "0",
    attach: "hello",
    highPriority: "true",
    outcomes: "true",
  });
  assert.equal(answer.code, 200);
  assert.deepEqual(answer.outcomes, { alice: "queued" });
  await alice.message("hello").getByText("Directed to you").waitFor();
  await alice.message("hello").getByText("Urgent", { exact: true }).waitFor();
  await alice.says("I was asked");
  for (const other of [bob, carol]) {
    await other.sees("I was asked");
    await other.hasNotSeen("hello");
  }
});
