import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { en } from "../../../web-demo/language/en.js";
import { preferred } from "../../../web-demo/language/language.js";
import { zh } from "../../../web-demo/language/zh.js";

/** @param {object} dictionary @returns {string[]} every name in it, with what kind of text it has */
function names(dictionary, path = "") {
  return Object.entries(dictionary).flatMap(([name, text]) =>
    typeof text === "object" ? names(text, `${path}${name}.`) : [`${path}${name}: ${typeof text}`],
  );
}

test("both languages have the same texts", () => {
  assert.deepEqual(names(zh).sort(), names(en).sort());
});

test("no text is empty, and none is the same in both but for signs", () => {
  const texts = (/** @type {object} */ part) => new Map(Object.entries(part));
  for (const [group, part] of texts(en)) {
    for (const [name, text] of texts(part)) {
      if (typeof text !== "string") continue;
      const other = texts(texts(zh).get(group)).get(name);
      assert.ok(text && other, `${group}.${name}`);
      if (/[a-z]{2}/i.test(text)) assert.notEqual(text, other, `${group}.${name}`);
    }
  }
});

test("the page has no text of its own: what it shows comes from the dictionaries", async () => {
  const html = await readFile(new URL("../../../web-demo/index.html", import.meta.url), "utf8");
  const body = html.slice(html.indexOf("</noscript>")).replaceAll(/<!--.*?-->/gs, "");
  const texts = body
    .replaceAll(/<textarea[^>]*>[^<]*<\/textarea>/g, "")
    .split(/<[^>]*>/)
    .map((text) => text.trim());
  const known = new Set(["", "roomgate", "curl", "…", "0", "member", "English", "中文"]);
  assert.deepEqual(
    texts.filter((text) => !known.has(text)),
    [],
  );
});

test("every text that the page names is in the dictionaries", async () => {
  const html = await readFile(new URL("../../../web-demo/index.html", import.meta.url), "utf8");
  const paths = [...html.matchAll(/data-words(?:-\w+)?="(\w+)\.(\w+)"/g)];
  assert.ok(paths.length > 50);
  for (const [, group = "", name = ""] of paths) {
    const text = /** @type {Record<string, Record<string, unknown>>} */ (en)[group]?.[name];
    assert.equal(typeof text, "string", `${group}.${name}`);
  }
});

test("the reader's first language that the page speaks is taken", () => {
  assert.equal(preferred(["zh-TW", "en"]), "zh-CN");
  assert.equal(preferred(["de", "zh"]), "zh-CN");
  assert.equal(preferred(["en-GB", "zh"]), "en");
  assert.equal(preferred(["de", "fr"]), "en");
  assert.equal(preferred([]), "en");
});
