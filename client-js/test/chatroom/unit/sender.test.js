import assert from "node:assert/strict";
import { test } from "node:test";
import { Calls } from "../../../src/chatroom/calls.js";
import { Incoming } from "../../../src/chatroom/incoming.js";
import { Sender } from "../../../src/chatroom/sender.js";

const ANN = { chatroomId: "12", account: "ann", nick: "Ann", avatar: "", custom: "" };
const SIZES = { w: 1, h: 2 };

/**
 * A page that sends to a gateway that takes everything.
 * @param {any} keep
 */
function page(keep) {
  /** @type {any[]} */
  const sent = [];
  /** @type {import("../../../src/chatroom/calls.js").Ask} */
  const ask = async (_op, request) => {
    sent.push(request);
    const { msgId, msgType, attach, roomid } = request;
    const desc = { msgid_client: msgId, type: String(msgType), attach, roomId: roomid, time: "5" };
    return { op: "reply", id: 1, code: 200, desc: { ...desc, fromAccount: "ann" } };
  };
  const options = /** @type {any} */ ({ msgBufferInterval: 0, msgBufferSize: 1 });
  const incoming = new Incoming("ann", () => options);
  const calls = new Calls(ask, () => true);
  return {
    sender: new Sender(
      calls,
      incoming,
      () => ANN,
      () => keep,
    ),
    sent,
  };
}

/**
 * @param {Sender} sender
 * @param {Record<string, any>} given
 * @returns {Promise<[string, any][]>} what the page was told, in order
 */
async function told(sender, given) {
  /** @type {[string, any][]} */
  const told = [];
  const names = ["beginupload", "beforesend", "uploaddone", "done"];
  await new Promise((resolve) => {
    const tell =
      (/** @type {string} */ name) =>
      (/** @type {any[]} */ ...values) => {
        told.push([name, values]);
        if (name === "done") resolve(undefined);
      };
    const callbacks = Object.fromEntries(names.map((name) => [name, tell(name)]));
    told.push(["returned", sender.sendFile({ ...given, ...callbacks })]);
  });
  return told;
}

const blob = new File(["abc"], "cat.png", { type: "image/png" });

test("a file is kept first, then sent as the message that the page has already", async () => {
  const { sender, sent } = page(async () => ({ url: "/cat", md5: "m", ...SIZES }));
  const events = await told(sender, { type: "image", blob, custom: "c" });
  assert.deepEqual(
    events.map(([name]) => name),
    ["returned", "beginupload", "uploaddone", "beforesend", "done"],
  );
  const [[, pending], , [, [, kept]], [, [before]], [, [error, msg]]] = /** @type {any} */ (events);
  const file = { name: "cat.png", size: 3, ext: "png", url: "/cat", md5: "m", ...SIZES };
  assert.deepEqual(kept, file);
  assert.deepEqual([pending.status, pending.file], ["sending", undefined]);
  assert.deepEqual([before.idClient, before.file], [pending.idClient, file]);
  assert.equal(error, null);
  assert.deepEqual([msg.idClient, msg.file, msg.status], [pending.idClient, file, "success"]);
  assert.deepEqual(
    [sent[0].msgId, sent[0].ext, JSON.parse(sent[0].attach)],
    [pending.idClient, "c", file],
  );
});

test("a file that could not be kept is a message that failed", async () => {
  const { sender, sent } = page(async () => {
    throw new Error("no room");
  });
  const events = await told(sender, { type: "image", blob });
  const [, , [, [uploadError]], [, [error, obj]]] = /** @type {any} */ (events);
  assert.equal(uploadError, error);
  assert.deepEqual([error.code, error.message], ["Error_Unknown", "no room"]);
  assert.equal(obj.msg.status, "fail");
  assert.equal(obj.blob, blob);
  assert.deepEqual(sent, []);
});

test("what the upload leaves out and nobody can tell is named", async () => {
  const { sender, sent } = page(async () => ({ url: "/cat", ...SIZES }));
  const [, [error, msg]] = /** @type {any} */ (
    (await told(sender, { type: "image", blob })).at(-1)
  );
  assert.match(error.message, /file\.md5 is missing/);
  assert.equal(msg.status, "fail");
  assert.deepEqual(sent, []);
});
