import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cwd = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} path */
const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("the package is imported by its name", async () => {
  const { connect, RoomgateError } = await import("roomgate");
  assert.equal(typeof connect, "function");
  assert.equal(typeof RoomgateError, "function");
});

test("the types are made, and an application in TypeScript compiles against them", async () => {
  await run("npm", ["run", "types"], { cwd });
  const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2023"];
  options.push("--module", "nodenext", "--lib", "es2023,dom,dom.asynciterable", "--types", "");
  await run("npx", ["tsc", "--ignoreConfig", ...options, "test/unit/consumer.ts"], { cwd });
});

test("what is published is the source, the types, the words about them and the licenses", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd });
  const [{ files }] = JSON.parse(stdout);
  const paths = files.map((/** @type {{path: string}} */ { path }) => path);
  const sources = await readdir(new URL("../../src", import.meta.url));
  for (const name of sources.filter((name) => name.endsWith(".js"))) {
    assert.ok(paths.includes(`src/${name}`), name);
    assert.ok(paths.includes(`types/${name.replace(/js$/, "d.ts")}`), `types of ${name}`);
  }
  for (const name of ["README.md", "package.json", "LICENSE-MIT", "LICENSE-APACHE"]) {
    assert.ok(paths.includes(name), name);
  }
  assert.ok(!paths.some((/** @type {string} */ path) => path.startsWith("test/")));
});

test("browsers load the source as it is: every import is relative and ends in .js", async () => {
  const names = await readdir(new URL("../../src", import.meta.url), { recursive: true });
  for (const name of names.filter((name) => name.endsWith(".js"))) {
    const source = await read(`src/${name}`);
    for (const [, from] of source.matchAll(/^(?:import|export|\}) .*?from "([^"]+)"/gm)) {
      assert.match(from ?? "", /^\.\.?\/.+\.js$/, `${name} imports ${from}`);
    }
  }
});

test("the package and the gateway have one version and one license", async () => {
  const { version, license } = JSON.parse(await read("package.json"));
  const cargo = await read("../Cargo.toml");
  assert.match(cargo, new RegExp(`^version = "${version}"$`, "m"));
  assert.match(cargo, new RegExp(`^license = "${license}"$`, "m"));
});
