import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { enter } from "../helpers/browser.js";
import { APP_SECRET, Gateway } from "../helpers/gateway.js";

/** What is served from where. @type {[URL, string][]} */
const FOLDERS = [
  [new URL("../../../web-demo/", import.meta.url), ""],
  [new URL("../../../client-js/src/", import.meta.url), "/client"],
];

test("the secret is in nothing that is served, and the policy is on everything that is a page", async (t) => {
  const gateway = await Gateway.start(t);
  const paths = ["/", "/demo/suggest", "/demo/rooms", "/no-such-page"];
  for (const [folder, at] of FOLDERS) {
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = relative(fileURLToPath(folder), join(file.parentPath, file.name));
      if (file.isFile()) paths.push(`${at}/${path}`);
    }
  }
  assert.ok(paths.length > 50);
  for (const path of paths) {
    const response = await fetch(gateway.url + path);
    const served = `${JSON.stringify([...response.headers])}${await response.text()}`;
    assert.ok(!served.includes(APP_SECRET), path);
    if (!path.startsWith("/demo/") && path !== "/no-such-page") {
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
    }
  }
});

test("the secret comes over no socket and in no answer to entering", async (t) => {
  const gateway = await Gateway.start(t);
  /** @type {Promise<string>[]} */
  const answers = [];
  const take = (/** @type {import("playwright-core").Response} */ response) =>
    void answers.push(response.text());
  const alice = await enter(t, gateway, "Alice", { before: (page) => page.on("response", take) });
  await alice.says("hello");
  await alice.message("hello").getByText("Sent").waitFor();
  // The page goes on asking how full its rooms are; what comes as it closes nobody waits for.
  alice.page.off("response", take);
  const served = [...(await Promise.all(answers)), ...alice.heard];
  assert.ok(served.length > 10);
  for (const text of served) assert.ok(!text.includes(APP_SECRET));
});

test("the page fetches nothing from anywhere else", async (t) => {
  const gateway = await Gateway.start(t);
  /** @type {string[]} */
  const hosts = [];
  const alice = await enter(t, gateway, "Alice", {
    before: (page) => page.on("request", (request) => hosts.push(new URL(request.url()).host)),
  });
  assert.deepEqual([...new Set(hosts)], [gateway.host]);
  alice.assertContent();
});
