import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { kick, queuePoll, serverCall } from "../../../web-demo/curl/actions.js";
import { curlText } from "../../../web-demo/curl/curl.js";

const ORIGIN = "http://127.0.0.1:8080";

/**
 * Runs the line in a shell where `roomgate` and `curl` only say what they were given.
 * @param {import("node:test").TestContext} t
 * @param {string} line
 * @returns {Promise<string[]>} the arguments of curl
 */
async function run(t, line) {
  const folder = await mkdtemp(join(tmpdir(), "roomgate-curl-"));
  t.after(() => rm(folder, { recursive: true }));
  const programs = {
    roomgate: "#!/bin/sh\nprintf \"%s\" \"-H 'AppKey: k' -H 'CheckSum: s'\"\n",
    curl: '#!/bin/sh\nprintf "%s\\0" "$@"\n',
  };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { env });
  return stdout.split("\0").slice(0, -1);
}

/** @param {string[]} given @returns {Record<string, string>} the parameters as the gateway would read them */
function parameters(given) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [at, argument] of given.entries()) {
    const isRaw = given[at - 1] === "--data-urlencode";
    if (!isRaw && given[at - 1] !== "-d") continue;
    const [name = "", ...value] = argument.split("=");
    found[name] = isRaw ? value.join("=") : decodeURIComponent(value.join("="));
  }
  return found;
}

test("a plain call is a plain line, without a signature", () => {
  const text = curlText({ action: "chatroom/get", params: { roomid: "7" } }, ORIGIN);
  assert.equal(
    text,
    'eval "curl -sS $(roomgate sign --curl) http://127.0.0.1:8080/nimserver/chatroom/get.action --data-urlencode roomid=7"',
  );
});

test("whatever is in a parameter comes through a shell unharmed", async (t) => {
  const params = {
    roomid: "7",
    attach: `it's "so" $HOME \`id\` \\ back! 100% & ; | > * ~ # 你好 👋`,
    two: "one line\nand another\ttab",
    wow: "hello!!",
    at: "@/etc/passwd",
    empty: "",
    toAccids: ["bob", "o'neil"],
    highPriority: true,
    ext: { a: "b c", d: 'e"f' },
  };
  const call = { action: "chatroom/sendMsg", params: { ...params, left: undefined } };
  const given = await run(t, curlText(call, ORIGIN));
  assert.deepEqual(given.slice(0, 6), [
    "-sS",
    "-H",
    "AppKey: k",
    "-H",
    "CheckSum: s",
    "http://127.0.0.1:8080/nimserver/chatroom/sendMsg.action",
  ]);
  assert.deepEqual(parameters(given), {
    ...params,
    toAccids: '["bob","o\'neil"]',
    highPriority: "true",
    ext: '{"a":"b c","d":"e\\"f"}',
  });
});

test("what a shell replaces even inside quotes is not left in the line", () => {
  const text = curlText({ action: "a/b", params: { attach: "wow!\nnext" } }, ORIGIN);
  assert.ok(!/[!\n]/.test(text), text);
});

test("REST is told who acts, where it has to be told", () => {
  assert.deepEqual(serverCall(kick("bob"), "7", "ann"), {
    action: "chatroom/kickMember",
    params: { roomid: "7", accid: "ann", targetAccid: "bob" },
  });
  assert.deepEqual(serverCall(queuePoll(), "7", "ann").params, { roomid: "7" });
});
