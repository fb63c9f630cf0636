import assert from "node:assert/strict";
import { test } from "node:test";
import { enter } from "../helpers/browser.js";
import { Cable } from "../helpers/cable.js";
import { Gateway } from "../helpers/gateway.js";
import { Interposer, messageFrame } from "../helpers/interposer.js";
import { until } from "../helpers/within.js";

/** @param {import("node:test").TestContext} t */
async function interposed(t) {
  const gateway = await Gateway.start(t);
  const between = new Interposer();
  const alice = await enter(t, gateway, "Alice", { before: (page) => between.standBefore(page) });
  return { gateway, between, alice };
}

test("when the gateway restarts the page says so and comes back by itself", async (t) => {
  const gateway = await Gateway.start(t, { memory: false });
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await alice.says("before");
  await bob.sees("before");
  await alice.page.getByLabel("Message", { exact: true }).fill("half a thought");

  await gateway.stop();
  await alice.page.locator("#status").getByText("Reconnecting").waitFor();
  await alice.page.getByText("Trying again in").waitFor();
  await alice.page.getByText("Your text stays here").waitFor();

  await gateway.startAgain();
  // The drain's wait, then back-off of a few seconds.
  for (const visitor of [alice, bob]) {
    await visitor.page
      .locator("#status")
      .getByText("Connected", { exact: true })
      .waitFor({ timeout: 40_000 });
  }
  await alice.page.keyboard.press("Enter");
  await bob.sees("half a thought");
  await alice.page.locator(".gap", { hasText: "You were away" }).waitFor();
  await alice.sees("before");
});

test("after a broken connection nothing is missing, or the page says that something is", async (t) => {
  const gateway = await Gateway.start(t);
  const cable = await Cable.to(t, gateway);
  const alice = await enter(t, cable, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await bob.says("one");
  await alice.sees("one");

  cable.pull();
  await alice.page.locator("#status").getByText("Reconnecting").waitFor();
  await bob.says("two");
  await bob.message("two").getByText("Sent").waitFor();
  cable.mend();
  await alice.isConnected();
  await alice.says("three");
  await bob.sees("three");
  await bob.seesMembers("Bob", "Alice");

  const texts = await alice.page.locator(".message .text").allTextContents();
  const told = (await alice.page.locator(".gap").count()) === 1;
  assert.deepEqual(texts, told ? ["one", "three"] : ["one", "two", "three"]);
});

test("a resumed session carries on where it was, and counts from its first login", async (t) => {
  const { between, alice } = await interposed(t);
  await alice.notices("You came in");
  between.says(messageFrame({ attach: "before" }));
  await alice.sees("before");
  const received = between.passed;

  between.passes = (frame) => {
    if (frame.op !== "reply" || frame.session === undefined) return frame;
    // The gateway would do this for a session it still has: say so, then the frames that are missing.
    queueMicrotask(() => between.says(messageFrame({ attach: "missed" })));
    return { ...frame, resumed: true };
  };
  await between.closes(4102);
  await alice.sees("missed");
  await alice.isConnected();

  const [first, second] = between.sent.filter(({ op }) => op === "login");
  assert.equal(first.resume, undefined);
  assert.equal(second.resume.received, received);
  assert.equal(between.sent.filter(({ op }) => op === "join").length, 1, "it is in the room still");
  assert.equal(await alice.page.locator(".gap").count(), 0);
});

test("the wait that a draining gateway asks for is kept", async (t) => {
  const { between, alice } = await interposed(t);
  between.says({ op: "drain", reconnectAfter: 3_000 });
  await between.closes(1012);
  await alice.page.getByText("The gateway is restarting. Trying again in 3 s.").waitFor();
  await alice.isConnected();
  assert.equal(between.connections, 2);
});

test("a session that was replaced does not come back by itself, but by hand", async (t) => {
  const { between, alice } = await interposed(t);
  await alice.page.clock.install();
  await between.closes(4003);
  await alice.page.getByText("This login was replaced by another one.").waitFor();
  await alice.page.locator("#status").getByText("Disconnected").waitFor();
  await alice.page.clock.runFor(120_000);
  assert.equal(between.connections, 1);
  await alice.page.getByRole("button", { name: "Enter again" }).click();
  await alice.enter("Alice");
  assert.equal(between.connections, 2);
});

test("who is put out of the room is told, and can ask to come in again", async (t) => {
  const { between, alice } = await interposed(t);
  between.says({ op: "kicked", roomid: "1", reason: 2 });
  await alice.page.getByText("A manager removed you from the room.").waitFor();
  await alice.page.locator("#status").getByText("Not in the room").waitFor();
  await alice.page.getByRole("button", { name: "Join again" }).press("Enter");
  await alice.isConnected();
  assert.equal(await alice.page.evaluate(() => document.activeElement?.id), "text");
});

test("who was put out of the room does not slip back in with a new connection", async (t) => {
  const { between, alice } = await interposed(t);
  between.says({ op: "kicked", roomid: "1", reason: 2 });
  await alice.page.getByText("A manager removed you from the room.").waitFor();
  await between.closes(4102);
  await until("the page is connected again", () => between.connections === 2);
  await alice.page.getByText("A manager removed you from the room.").waitFor();
  assert.equal(between.sent.filter(({ op }) => op === "join").length, 1);
});

test("a manager's kick through the server API shows as one", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  const { code } = await gateway.call("chatroom/kickMember", {
    roomid: "1",
    accid: "demo",
    targetAccid: "alice",
  });
  assert.equal(code, 200);
  await alice.page.getByText("A manager removed you from the room.").waitFor();
  await bob.seesMembers("Bob");
});

test("a gateway that answers no heartbeat is given up after ten seconds", async (t) => {
  const gateway = await Gateway.start(t);
  const between = new Interposer();
  const alice = await enter(t, gateway, "Alice", {
    before: async (page) => {
      await page.clock.install();
      await between.standBefore(page);
    },
  });
  const pings = () => between.sent.filter(({ op }) => op === "ping").length;
  between.passes = (frame) => (frame.op === "reply" ? null : frame);
  // From here on its time passes by hand alone, however slow this machine is.
  await alice.page.clock.pauseAt((await alice.page.evaluate(() => Date.now())) + 1_000);
  for (let seconds = 0; pings() === 0 && seconds < 30; seconds += 1) {
    await alice.page.clock.runFor(1_000);
  }
  assert.equal(pings(), 1, "the page asks for a sign of life");
  await alice.page.clock.runFor(5_000);
  assert.equal(await alice.page.locator("#status").textContent(), "Connected");
  between.passes = (frame) => frame;
  await alice.page.clock.runFor(5_000);
  await alice.page.clock.resume();
  await until("the page connects anew", () => between.connections === 2);
  await alice.isConnected();
});
