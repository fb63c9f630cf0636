import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, visit } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";

test("the door suggests a name, and entering with it takes one key", async (t) => {
  const gateway = await Gateway.start(t);
  const visitor = await visit(t, gateway);
  await visitor.page.waitForFunction(() => document.querySelector("input")?.value === "alice");
  await visitor.page.keyboard.press("Enter");
  await visitor.isConnected();
  await visitor.seesMembers("alice");
  assert.equal(await visitor.page.title(), "alice · roomgate");
  visitor.assertContent();
});

test("two people see each other in the member list", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await alice.seesMembers("Alice", "Bob");
  await bob.seesMembers("Bob", "Alice");
  await alice.notices("Bob came in");
});

test("a tab that is closed leaves the member list", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await alice.seesMembers("Alice", "Bob");
  await bob.page.close();
  await alice.seesMembers("Alice");
  await alice.notices("Bob left");
});

test("leaving leads back to the door, and the room hears of it", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await bob.leaves();
  await bob.page.getByLabel("Your name").waitFor();
  await alice.seesMembers("Alice");
  await bob.enter("Bob");
  await alice.seesMembers("Alice", "Bob");
});

test("two tabs with one name are one member, who stays until both are gone", async (t) => {
  const gateway = await Gateway.start(t);
  const bob = await enter(t, gateway, "Bob");
  const first = await enter(t, gateway, "Alice");
  const second = await enter(t, gateway, "Alice");
  await bob.seesMembers("Bob", "Alice");
  await first.page.close();
  await bob.says("still here?");
  await second.sees("still here?");
  await bob.seesMembers("Bob", "Alice");
  await second.page.close();
  await bob.seesMembers("Bob");
});

test("an empty name is answered on the spot", async (t) => {
  const gateway = await Gateway.start(t);
  const visitor = await visit(t, gateway);
  await visitor.page.getByLabel("Your name").fill("  ");
  await visitor.page.getByRole("button", { name: "Enter" }).click();
  await visitor.page.getByText("Type a name first.").waitFor();
});

test("a name the gateway refuses is answered in its words", async (t) => {
  const gateway = await Gateway.start(t);
  const visitor = await visit(t, gateway, {
    before: (page) =>
      page.route("**/demo/enter", (route) =>
        route.fulfill({ status: 400, json: { code: 414, desc: "that name is taken" } }),
      ),
  });
  await visitor.page.getByLabel("Your name").fill("Alice");
  await visitor.page.getByRole("button", { name: "Enter" }).click();
  await visitor.page.getByText("that name is taken").waitFor();
});

test("a tab that is loaded again offers its name, another tab a free one", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice Long");
  await alice.page.reload();
  const name = alice.page.getByLabel("Your name");
  await alice.page.waitForFunction(() => document.querySelector("input")?.value === "Alice Long");
  const other = await alice.page.context().newPage();
  await other.goto(gateway.url);
  await other.waitForFunction(() => document.querySelector("input")?.value);
  assert.notEqual(await other.getByLabel("Your name").inputValue(), await name.inputValue());
});

test("in a room of more than a page of members each is listed", async (t) => {
  const gateway = await Gateway.start(t);
  const host = await enter(t, gateway, "Host");
  const guests = 105;
  await host.page.evaluate(async (guests) => {
    const client = "./client/index.js";
    const { connect } = await import(client);
    const w = /** @type {any} */ (window);
    w.guests = [];
    for (let guest = 1; guest <= guests; guest += 1) {
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ name: `Guest ${guest}` });
      const entered = await fetch("./demo/enter", { method: "POST", headers, body });
      const { roomid, nick, ...pass } = await entered.json();
      const url = location.href.replace("http", "ws").replace(/\/?$/, "/ws");
      w.guests.push(connect({ url, ...pass }));
      await w.guests.at(-1).join(roomid, { nick });
    }
  }, guests);
  const alice = await enter(t, gateway, "Alice");
  await alice.page.waitForFunction(
    (here) => document.querySelector("#member-count")?.textContent === String(here),
    guests + 2,
  );
  const listed = await alice.page.locator("#members .member:not(.gone) .nick").allTextContents();
  assert.deepEqual(listed.slice(0, 4), ["Alice", "Guest 1", "Guest 2", "Guest 3"]);
  assert.equal(listed.length, guests + 2);
});
