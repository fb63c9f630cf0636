import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ownLink, safeLink } from "../../../web-demo/messages/link.js";

before(() => {
  Object.assign(globalThis, { location: { href: "http://localhost:8080/" } });
});

test("only addresses of the web are followed", () => {
  assert.equal(safeLink("https://example.com/a")?.href, "https://example.com/a");
  for (const text of [
    "javascript:alert(1)",
    "data:text/html,x",
    "blob:x",
    "",
    "http://",
    7,
    null,
  ]) {
    assert.equal(safeLink(text), null, String(text));
  }
});

test("a file of the gateway is our own under whatever name the gateway was reached", () => {
  const own = "./demo/files/1a/cat.png";
  assert.equal(ownLink("/demo/files/1a/cat.png"), own);
  assert.equal(ownLink("http://192.168.0.7:8080/demo/files/1a/cat.png"), own);
  assert.equal(ownLink("https://example.com/cat.png"), undefined);
  assert.equal(ownLink("/demo/files/"), undefined);
});
