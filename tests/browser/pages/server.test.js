import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { enter } from "../helpers/browser.js";
import { Gateway, signingEnvironment } from "../helpers/gateway.js";

/** @param {import("node:test").TestContext} t */
async function threePeople(t) {
  const gateway = await Gateway.start(t);
  const context = { permissions: ["clipboard-read", "clipboard-write"] };
  const alice = await enter(t, gateway, "Alice", context);
  const bob = await enter(t, gateway, "Bob");
  const carol = await enter(t, gateway, "Carol");
  await alice.seesMembers("Alice", "Bob", "Carol");
  return { gateway, alice, bob, carol };
}

/** @param {import("../helpers/visitor.js").Visitor} visitor @returns {Promise<string>} */
const copied = ({ page }) => page.evaluate(() => navigator.clipboard.readText());

/** As somebody would who pastes it into a terminal. @param {string} line @returns {Promise<any>} */
async function paste(line) {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { env: signingEnvironment() });
  return JSON.parse(stdout);
}

test("the server panel sends to whom is picked, urgently, and shows request and answer", async (t) => {
  const { alice, bob, carol } = await threePeople(t);
  await alice.opens("Server");
  await alice.picks("Bob");
  await alice.page.getByRole("button", { name: "Run" }).click();
  await bob.message("Only you can read this").getByText("Directed to you").waitFor();
  await bob.message("Only you can read this").getByText("Urgent", { exact: true }).waitFor();
  const answer = alice.page.locator("#server-answer");
  await answer.getByText('"bob": "queued"').waitFor();
  const request = await alice.page.locator("#server-request").innerText();
  assert.match(request, /nimserver\/chatroom\/sendMsgToSomeone\.action/);
  assert.ok(!/checksum/i.test(request), "no signature");
  await alice.page.getByRole("button", { name: /Clear/ }).click();
  await alice.says("for all");
  await carol.sees("for all");
  await carol.hasNotSeen("Only you can read this");
});

test("parameters that cannot be read are said so and not sent; a refusal is shown as it came", async (t) => {
  const { alice } = await threePeople(t);
  await alice.opens("Server");
  await alice.page.getByLabel("Parameters").fill("{ nonsense");
  await alice.page.getByText(/These are no JSON parameters/).waitFor();
  await alice.page.getByRole("button", { name: "Run" }).click();
  assert.ok(!alice.asked.includes("/demo/server"));
  await alice.page.getByLabel("Action").selectOption("chatroom/kickMember");
  await alice.page
    .getByLabel("Parameters")
    .fill('{"roomid":1,"accid":"alice","targetAccid":"bob"}');
  await alice.page.getByRole("button", { name: "Run" }).click();
  await alice.page.locator("#server-answer").getByText('"code": 403').waitFor();
});

test("a message copied as curl does the same when it is pasted into a terminal", async (t) => {
  const { alice, bob, carol } = await threePeople(t);
  await alice.picks("Bob");
  await alice.page.getByLabel("Message", { exact: true }).fill(`it's "quoted" & 你好!`);
  await alice.page.locator("#send-curl").click();
  await alice.page.getByText("Copied: paste it into a terminal.").waitFor();
  const line = await copied(alice);
  assert.ok(!/checksum/i.test(line));
  const answer = await paste(line);
  assert.equal(answer.code, 200);
  assert.deepEqual(answer.outcomes, { bob: "queued" });
  await bob.sees(`it's "quoted" & 你好!`);
  await alice.page.getByRole("button", { name: /Clear/ }).click();
  await alice.page.keyboard.press("Enter");
  await carol.sees(`it's "quoted" & 你好!`);
});

test("what a manager does, and making a room, are copied as curl as well", async (t) => {
  const { alice, bob } = await threePeople(t);
  await alice.createsRoom("Tea");
  await bob.goesTo("Tea");
  await alice.seesMembers("Alice", "Bob");
  const menu = await alice.menu("Bob");
  await menu.getByRole("button", { name: "Copy as curl: Put out of the room" }).click();
  await alice.page.getByText("Copied: paste it into a terminal.").waitFor();
  assert.equal((await paste(await copied(alice))).code, 200);
  await bob.page.getByText("A manager removed you from the room.").waitFor();
  await alice.page.keyboard.press("Escape");
  await alice.page.getByLabel("New room").fill("Coffee");
  await alice.page.locator("#new-room-curl").click();
  await alice.page.waitForFunction(async () =>
    (await navigator.clipboard.readText()).includes("chatroom/create"),
  );
  assert.equal((await paste(await copied(alice))).chatroom.name, "Coffee");
  await alice.page.locator(".room-line", { hasText: "Coffee" }).waitFor();
});

test("without a clipboard the line is shown, to be copied by hand", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice", {
    before: (page) =>
      page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined })),
  });
  await alice.page.locator("#send-curl").click();
  const dialog = alice.page.getByRole("dialog", { name: "Copy this into a terminal" });
  assert.match(await dialog.getByRole("textbox").inputValue(), /^eval "curl -sS/);
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "hidden" });
});
