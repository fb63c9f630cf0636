import assert from "node:assert/strict";
import { test } from "node:test";
import { enter } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";
import { Interposer, messageFrame } from "../helpers/interposer.js";

test("what one says, both see once", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  await alice.says("good morning");
  await bob.sees("good morning");
  await bob.says("morning!");
  await alice.sees("morning!");
  assert.equal(await alice.message("good morning").count(), 1);
  await alice.message("good morning").getByText("Sent").waitFor();
  alice.assertContent();
  bob.assertContent();
});

test("text stays text, whatever it looks like", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  const text = '<img src=x onerror="document.title=1"><b>bold</b> &amp; 你好 👋';
  await alice.says(text);
  await bob.sees(text);
  assert.equal(await bob.page.locator(".message img, .message b").count(), 0);
  bob.assertContent();
});

test("the Enter of an input method sends nothing, Shift and Enter breaks the line", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const box = alice.page.getByLabel("Message", { exact: true });
  await box.fill("first");
  await box.dispatchEvent("keydown", { key: "Enter", isComposing: true });
  await alice.page.keyboard.press("Shift+Enter");
  await alice.page.keyboard.type("second");
  assert.equal(await box.inputValue(), "first\nsecond");
  await alice.page.keyboard.press("Enter");
  await alice.sees("first second");
  assert.equal(await box.inputValue(), "");
  assert.equal(await alice.page.locator(".message").count(), 1);
});

test("text over the limit is counted and held back, text at the limit goes", async (t) => {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const box = alice.page.getByLabel("Message", { exact: true });
  await box.fill("x".repeat(4_099));
  await alice.page.getByText("Too long by 3").waitFor();
  await alice.page.keyboard.press("Enter");
  assert.equal(await alice.page.locator(".message").count(), 0);
  await box.fill("x".repeat(4_096));
  await alice.page.keyboard.press("Enter");
  await alice.message("x".repeat(4_096)).getByText("Sent").waitFor();
});

test("a message that arrives twice is shown once", async (t) => {
  const gateway = await Gateway.start(t);
  const between = new Interposer();
  const alice = await enter(t, gateway, "Alice", { before: (page) => between.standBefore(page) });
  const frame = messageFrame({ attach: "once" });
  between.says(frame);
  between.says(frame);
  between.says(messageFrame({ attach: "after" }));
  await alice.sees("after");
  assert.equal(await alice.message("once").count(), 1);
});

test("frames the gateway had to drop leave a visible gap in their place", async (t) => {
  const gateway = await Gateway.start(t);
  const between = new Interposer();
  const alice = await enter(t, gateway, "Alice", { before: (page) => between.standBefore(page) });
  between.says(messageFrame({ attach: "before" }));
  between.says({ op: "lost", lane: "normal", count: 12 });
  between.says(messageFrame({ attach: "after" }));
  await alice.sees("after");
  const lines = await alice.page.locator("#messages > :not(.note)").allInnerTexts();
  assert.match(lines[1] ?? "", /12 frames are missing here/);
});

test("a message that was refused says why and can be sent again", async (t) => {
  const gateway = await Gateway.start(t);
  const between = new Interposer();
  const alice = await enter(t, gateway, "Alice", { before: (page) => between.standBefore(page) });
  between.passes = (frame) => {
    const sent = frame.op === "reply" && frame.desc?.msgid_client;
    return sent ? { op: "reply", id: frame.id, code: 13004, desc: "muted" } : frame;
  };
  await alice.says("hello?");
  await alice.message("hello?").getByText("You are muted in this room.").waitFor();
  between.passes = (frame) => frame;
  await alice.page.getByRole("button", { name: "Send again" }).click();
  await alice.message("hello?").getByText("Sent", { exact: true }).waitFor();
  const [first, second] = between.sent.filter(({ op }) => op === "send");
  assert.equal(second.msgId, first.msgId);
  assert.equal(second.resendFlag, 1);
});
