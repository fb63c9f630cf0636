import assert from "node:assert/strict";
import { test } from "node:test";
import { enter } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

test("one click shows an urgent message overtake, and then all is fast again", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const { page } = alice;
  await page.getByRole("button", { name: "Watch an urgent message overtake" }).click();
  // While it runs the queue is seen: the normal lane is not empty.
  await page.locator(".this-tab .lane-normal:not(.empty-lane)").waitFor();
  await page.getByText(/Sent last, the urgent one arrived as number/).waitFor({ timeout: 20_000 });
  const places = await page
    .locator("#race li")
    .evaluateAll((rows) => rows.map((row) => row.classList.contains("race-urgent")));
  assert.equal(places.length, 33);
  // What was with the socket already goes first; it is little.
  assert.ok(places.indexOf(true) < 8, `it arrived as number ${places.indexOf(true) + 1}`);
  await page.getByRole("button", { name: "Make this tab slow" }).waitFor();
  await page.locator(".this-tab .lane-normal.empty-lane").waitFor();
  const shown = await page.locator(".message .text").allInnerTexts();
  assert.ok(!shown.slice(-5).includes("urgent, sent last"), "in the conversation it is further up");
});

test("a slow tab lets its queue grow, nobody waits for it, and at full speed it catches up", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await alice.page.getByRole("button", { name: "Make this tab slow" }).click();
  await alice.page.getByText("2.0 KiB/s").waitFor();
  for (let line = 1; line <= 30; line += 1) await bob.says(`line ${line} ${"x".repeat(400)}`);
  await bob.page.locator('.message[data-state="sent"]', { hasText: "line 30" }).waitFor();
  await bob.page
    .locator(".lanes", { hasText: "Alice" })
    .locator(".lane-normal:not(.empty-lane)")
    .waitFor();
  assert.equal(await alice.page.getByText(/^line 30 /).count(), 0, "she has it already");
  await alice.page.getByRole("button", { name: "Back to full speed" }).click();
  await alice.page.getByText(/^line 30 /).waitFor();
  const texts = await alice.page.locator(".message .text").allInnerTexts();
  const numbers = texts.map((text) => Number(/^line (\d+)/.exec(text)?.[1]));
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
    "in their order",
  );
});

test("a connection that is cut loses nothing when it is resumed", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await bob.says("before");
  await alice.sees("before");
  await alice.page.getByRole("button", { name: "Cut its connection" }).click();
  await alice.page.getByText("Cut off, and staying away.").waitFor();
  for (const text of ["one", "two", "three"]) await bob.says(text);
  await bob.says("only for her", { to: ["Alice"] });
  await bob.message("three").getByText("Sent").waitFor();
  await alice.page.locator(".this-tab.away").waitFor();
  await alice.hasNotSeen("one");
  await alice.page.locator("#banner").getByRole("button", { name: "Resume" }).click();
  await alice.isConnected();
  await alice.sees("only for her");
  const texts = await alice.page.locator(".message .text").allInnerTexts();
  assert.deepEqual(texts, ["before", "one", "two", "three", "only for her"]);
  assert.equal(await alice.page.locator(".gap").count(), 0);
});

test("nobody asks what is inside while nobody looks", async (t) => {
  const gateway = await Gateway.start(t);
  const asked = () => alice.asked.filter((path) => path === "/demo/inside").length;
  const alice = await enter(t, gateway, "Alice");
  await alice.page.locator(".this-tab").waitFor();
  assert.ok(asked() > 0);
  await alice.page.getByRole("button", { name: "What happens inside" }).click();
  await alice.page.locator("#tools").waitFor({ state: "hidden" });
  const before = asked();
  // Rooms are asked for on: when that has happened, the time for the other has passed as well.
  const rooms = () => alice.asked.filter((path) => path === "/demo/rooms").length;
  const until = rooms() + 2;
  await alice.page.waitForRequest(() => rooms() >= until);
  assert.ok(asked() <= before + 1, `asked ${asked() - before} times more`);
});

test("what was lost by reading too slowly comes back from the history, in its place", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await bob.says("before");
  await alice.sees("before");
  await alice.page.getByRole("button", { name: "Make this tab slow" }).click();
  await alice.page.getByText("2.0 KiB/s").waitFor();
  // More than its lane holds: the oldest are dropped.
  await bob.page.evaluate(async () => {
    const path = "/client/index.js";
    /** @type {typeof import("../../../client-js/src/index.js")} */
    const { connect } = await import(path);
    const answer = await fetch("/demo/enter", { method: "POST", body: '{"name":"Bob"}' });
    const { appKey, accid, token, roomid } = await answer.json();
    const client = connect({ url: `ws://${location.host}/ws`, appKey, accid, token });
    const room = await client.join(roomid);
    for (let n = 1; n <= 100; n += 1) await room.send(`lot ${n} ${"y".repeat(3_900)}`);
    await client.close();
  });
  await bob.says("after");
  await alice.page.getByRole("button", { name: "Back to full speed" }).click();
  await alice.sees("after");
  await alice.readsThrough(".gap");
  const gap = alice.page.locator(".gap");
  await gap.getByText(/frames are missing here/).waitFor();
  await gap.getByRole("button", { name: "Load from the history" }).click();
  await gap.getByText(/messages from the history/).waitFor();
  const texts = await alice.readsThrough();
  const numbers = texts.flatMap((text) => /^lot (\d+) /.exec(text)?.[1] ?? []);
  assert.equal(numbers.length, 100, "all are there, once");
});
