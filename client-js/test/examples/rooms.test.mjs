// Tests against a gateway of their own. They need roomgate on the path, and `npm install ws` in Node.js before 22.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { connect } from "roomgate";
import WebSocket from "ws";

const [appKey, secret] = ["testkey", "testsecret"];
let child, url, internal;

before(async () => {
  const options = ["--memory", "--demo=false", "--test-clock", "--test-chaos"];
  options.push("--listen=127.0.0.1:0", "--internal-listen=127.0.0.1:0");
  options.push(`--app-key=${appKey}`, `--app-secret=${secret}`);
  const stdio = ["ignore", "pipe", "inherit"];
  child = spawn("roomgate", options, { stdio });
  await once(child, "spawn");
  // The one line means that it is ready. Without it standard error says what is wrong.
  const [line] = await once(createInterface(child.stdout), "line", {
    signal: AbortSignal.timeout(10_000),
  });
  [, url, internal] = /^roomgate listening on (\S+) \(internal (\S+)\)$/.exec(line);
});

after(async () => {
  child.kill("SIGKILL"); // it keeps nothing, so there is nothing to say goodbye to
  await once(child, "exit");
});

/** What your application server does: one signed call. */
async function call(action, parameters) {
  const [nonce, curTime] = [randomUUID(), String(Math.floor(Date.now() / 1000))];
  const checkSum = createHash("sha1")
    .update(secret + nonce + curTime)
    .digest("hex");
  const headers = { AppKey: appKey, Nonce: nonce, CurTime: curTime, CheckSum: checkSum };
  const body = new URLSearchParams(parameters);
  const response = await fetch(`${url}/nimserver/${action}.action`, {
    method: "POST",
    headers,
    body,
  });
  const answer = await response.json();
  assert.equal(answer.code, 200, JSON.stringify(answer));
  return answer;
}

/** What only a test does. */
async function change(path) {
  const response = await fetch(`${internal}/test/${path}`, { method: "POST" });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

/** A room with somebody in it. Names are new each time, since the tests share the gateway. */
async function enter(t) {
  const [host, accid] = [`host-${randomUUID().slice(0, 8)}`, `ann-${randomUUID().slice(0, 8)}`];
  await call("user/create", { accid: host });
  const { chatroom } = await call("chatroom/create", { creator: host, name: "lobby" });
  const { token } = (await call("user/create", { accid })).info;
  const address = `${url.replace("http", "ws")}/ws`;
  const client = connect({ url: address, appKey, accid, token, WebSocket, backoff: () => 0 });
  t.after(() => client.close());
  return { host, accid, client, room: await client.join(String(chatroom.roomid)) };
}

test("a mute ends after an hour", async (t) => {
  const { host, accid, room } = await enter(t);
  const mute = { operator: host, target: accid, muteDuration: "3600" };
  await call("chatroom/temporaryMute", { roomid: room.roomid, ...mute });
  await assert.rejects(room.send("hm"), { code: 13004 });
  await change("clock/advance?by=1h");
  await room.send("at last");
});

test("whoever loses the connection misses nothing", async (t) => {
  const { host, accid, client, room } = await enter(t);
  const messages = room.messages();
  assert.deepEqual(await change(`members/${accid}/freeze`), { sessions: 1 });
  const message = { fromAccid: host, msgId: randomUUID(), msgType: "0", attach: "meanwhile" };
  await call("chatroom/sendMsg", { roomid: room.roomid, ...message });
  await change(`members/${accid}/cut`);
  assert.equal((await messages.next()).value.text, "meanwhile");
  assert.deepEqual(client.state, { kind: "online", resumed: true });
});
