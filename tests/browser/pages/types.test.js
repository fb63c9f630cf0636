import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { enter, visit } from "../helpers/browser.js";
import { Gateway } from "../helpers/gateway.js";
import { png, wav } from "../helpers/media.js";

/** @param {import("node:test").TestContext} t */
async function twoPeople(t) {
  const gateway = await Gateway.start(t);
  const alice = await enter(t, gateway, "Alice");
  const bob = await enter(t, gateway, "Bob");
  return { gateway, alice, bob };
}

test("an image is uploaded, sent and seen by the other, in its own proportions", async (t) => {
  const { alice, bob } = await twoPeople(t);
  await alice.attaches("Image", { name: "tea.png", mimeType: "image/png", buffer: png(80, 40) });
  const seen = bob.page.getByRole("img", { name: "tea.png" });
  await seen.waitFor();
  await bob.page.waitForFunction(() => {
    const image = /** @type {HTMLImageElement | null} */ (document.querySelector(".message img"));
    return image?.complete && image.naturalWidth === 80;
  });
  assert.deepEqual(
    await seen.evaluate((image) => [image.getAttribute("width"), image.getAttribute("height")]),
    ["80", "40"],
  );
  await alice.page.locator('.message[data-state="sent"] img').waitFor();
  alice.assertContent();
  bob.assertContent();
});

test("an image can be for some only", async (t) => {
  const { gateway, alice, bob } = await twoPeople(t);
  const carol = await enter(t, gateway, "Carol");
  await alice.picks("Bob");
  await alice.attaches("Image", { name: "secret.png", mimeType: "image/png", buffer: png(8, 8) });
  await bob.page.getByRole("img", { name: "secret.png" }).waitFor();
  await bob.page.getByText("Directed to you").waitFor();
  await alice.page.getByRole("button", { name: /Clear/ }).click();
  await alice.says("for all");
  await carol.sees("for all");
  assert.ok(!carol.heard.some((frame) => frame.includes("secret.png")));
});

test("a sound can be heard, and what cannot be played is a file", async (t) => {
  const { alice, bob } = await twoPeople(t);
  await alice.attaches("Audio", { name: "hum.wav", mimeType: "audio/wav", buffer: wav(500) });
  const player = bob.page.locator('audio[aria-label="hum.wav"]');
  await player.waitFor();
  const src = await player.evaluate((audio) => /** @type {HTMLAudioElement} */ (audio).src);
  assert.equal((await bob.page.request.get(src)).status(), 200);
  const sent = bob.heard.find((frame) => frame.includes("hum.wav")) ?? "";
  assert.equal(JSON.parse(JSON.parse(sent).message.attach).dur, 500);
  const broken = { name: "broken.mp4", mimeType: "video/mp4", buffer: Buffer.from("no film") };
  await alice.attaches("Video", broken);
  await bob.page.getByRole("link", { name: /broken\.mp4/ }).waitFor();
});

test("a file is offered for download, whatever it is called", async (t) => {
  const { alice, bob } = await twoPeople(t);
  const name = "<b>报告</b> 100%.pdf";
  await alice.attaches("File", { name, mimeType: "application/pdf", buffer: Buffer.alloc(3_000) });
  const link = bob.page.getByRole("link", { name });
  await link.getByText("2.9 KiB").waitFor();
  const answer = await bob.page.request.get((await link.getAttribute("href")) ?? "");
  assert.equal(answer.status(), 200);
  assert.equal((await answer.body()).length, 3_000);
  assert.match(answer.headers()["content-disposition"] ?? "", /attachment/);
});

test("an upload shows how far it is, can be ended, and can be tried again when it failed", async (t) => {
  const { alice, bob } = await twoPeople(t);
  /** @type {(route: import("playwright-core").Route) => void} */
  let held = () => {};
  const waits = new Promise(
    (/** @type {(route: import("playwright-core").Route) => void} */ resolve) => {
      held = resolve;
    },
  );
  await alice.page.route("**/demo/files?*", (route) => held(route), { times: 1 });
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
  await alice.attaches("File", notes);
  await waits;
  await alice.page.getByRole("progressbar", { name: "Upload" }).waitFor();
  await alice.page.locator(".upload").getByRole("button", { name: "Cancel" }).click();
  await alice.page.locator(".message").waitFor({ state: "detached" });

  const full = { status: 413, json: { code: 414, desc: "the file is larger than 10 MiB" } };
  await alice.page.route("**/demo/files?*", (route) => route.fulfill(full), { times: 1 });
  await alice.attaches("File", notes);
  await alice.page.getByText("the file is larger than 10 MiB").waitFor();
  assert.equal(await bob.page.locator(".message").count(), 0);
  await alice.page.getByRole("button", { name: "Send again" }).click();
  await bob.page.getByRole("link", { name: /notes\.txt/ }).waitFor();
});

test("a place, a tip and something of one's own arrive as what they are", async (t) => {
  const { alice, bob } = await twoPeople(t);
  await alice.chooses("Location");
  const place = alice.page.getByRole("dialog", { name: "Send a location" });
  await place.getByLabel("Name").fill("West Lake");
  await place.getByRole("button", { name: "Send" }).click();
  await bob.page.getByText("30.2420° N, 120.1500° E").waitFor();

  await alice.page.getByLabel("Message", { exact: true }).fill("Tea is at four");
  await alice.chooses("This text as a tip");
  await bob.page.locator(".message .tip", { hasText: "Tea is at four" }).waitFor();
  await alice.chooses("This text as a tip");
  await alice.page.getByText("Write the text of the tip first.").waitFor();

  await alice.chooses("Custom message");
  const custom = alice.page.getByRole("dialog", { name: "Send a custom message" });
  await custom.getByRole("textbox").fill("not json");
  await custom.getByRole("button", { name: "Send" }).click();
  assert.ok(await custom.isVisible(), "it is not sent");
  await custom.getByRole("textbox").fill('{"kind":"dice","value":6}');
  await custom.getByRole("button", { name: "Send" }).click();
  await bob.page.locator(".custom pre", { hasText: '"value": 6' }).waitFor();
  const types = bob.heard.flatMap((frame) => JSON.parse(frame).message?.type ?? []);
  assert.deepEqual(
    types.filter((type) => type !== "5"),
    ["4", "10", "100"],
  );
});

test("a file that is too large is said so in the reader's words", async (t) => {
  const gateway = await Gateway.start(t);
  const { page } = await visit(t, gateway, { locale: "zh-CN" });
  await page.locator("#name").fill("小明");
  await page.keyboard.press("Enter");
  await page.locator('#status[data-kind="online"]').waitFor();
  const buffer = Buffer.alloc(11 * 1024 * 1024);
  const mimeType = "application/octet-stream";
  await page.locator("#file").setInputFiles({ name: "large.bin", mimeType, buffer });
  await page.locator(".failure").getByText("文件太大：最多 10 MiB。").waitFor();
});
