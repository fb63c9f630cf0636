import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { compose } from "../../../src/chatroom/outgoing.js";

const ANN = { chatroomId: "12", account: "ann", nick: "Ann", avatar: "", custom: "" };

/** @param {string} type @param {Record<string, any>} given */
const request = (type, given) => compose("send", type, given, ANN).request;

test("a text is its own content", () => {
  const { request, message } = compose("sendText", "text", { text: "hi" }, ANN);
  assert.match(message.idClient, /^[0-9a-f-]{36}$/);
  assert.deepEqual(defined(request), {
    roomid: "12",
    msgId: message.idClient,
    msgType: 0,
    attach: "hi",
  });
});

const defined = (/** @type {object} */ object) => JSON.parse(JSON.stringify(object));

test("everything that may be said of a message arrives under the wire’s names", () => {
  const given = {
    text: "hi",
    custom: { a: 1 },
    resend: true,
    idClient: "m1",
    skipHistory: true,
    highPriority: true,
    subType: 3,
    toAccids: ["bob"],
    notifyTargetTags: '{"tag":"a"}',
    routeConfig: { routeEnabled: true, routeEnvironment: "dev" },
    antiSpamUsingYidun: false,
    antiSpamContent: { type: 1, data: "x" },
    antiSpamBusinessId: "b",
    yidunAntiCheating: { token: "t" },
    yidunAntiSpamExt: "{}",
    loc_x: 1,
    locY: 2,
    locZ: 3,
  };
  assert.deepEqual(defined(request("text", given)), {
    roomid: "12",
    msgId: "m1",
    msgType: 0,
    attach: "hi",
    ext: '{"a":1}',
    resendFlag: 1,
    skipHistory: 1,
    highPriority: true,
    subType: 3,
    toAccids: ["bob"],
    notifyTargetTags: '{"tag":"a"}',
    env: "dev",
    useYidun: 0,
    antispam: true,
    antispamCustom: '{"type":1,"data":"x"}',
    bid: "b",
    yidunAntiCheating: '{"token":"t"}',
    yidunAntiSpamExt: "{}",
    locX: 1,
    locY: 2,
    locZ: 3,
  });
});

test("what says nothing is left out", () => {
  const { msgId: _, ...rest } = defined(
    request("text", {
      text: "hi",
      resend: false,
      skipHistory: false,
      toAccids: [],
      antiSpamUsingYidun: true,
    }),
  );
  assert.deepEqual(rest, { roomid: "12", msgType: 0, attach: "hi" });
});

for (const [type, given, named] of /** @type {[string, object, RegExp][]} */ ([
  ["text", {}, /text is missing/],
  ["tip", { tip: "" }, /tip is missing/],
  ["custom", {}, /content is missing/],
  ["geo", { geo: { lng: 1, title: "x" } }, /lat is missing/],
  ["geo", { geo: { lng: "1", lat: 2 } }, /lng must be of type number/],
  ["image", { file: { url: "u", ext: "e", size: 0, md5: "m", w: 1 } }, /file\.h is missing/],
  ["video", { file: { url: "u", ext: "e", size: 1, md5: "m" } }, /file\.dur is missing/],
  ["file", { file: { url: "u", ext: "e", size: 1 } }, /file\.md5 is missing/],
  ["notification", { text: "x" }, /type must be one of/],
  ["text", { text: "x", resend: true }, /idClient is missing/],
  ["text", { text: "x", toAccids: "bob" }, /toAccids must be of type array/],
])) {
  test(`${type} ${JSON.stringify(given)} is refused: ${named.source}`, () => {
    assert.throws(() => request(type, given), { code: "Param_Error", message: named });
  });
}

test("what roomgate cannot do is not promised", () => {
  for (const more of [{ clientAntiSpam: true }, { routeConfig: { routeEnabled: false } }]) {
    assert.throws(() => request("text", { text: "x", ...more }), { code: "Not_Support" });
  }
});

test("what has no effect is named on the console", (t) => {
  const warn = mock.method(console, "warn", () => {});
  t.after(() => warn.mock.restore());
  request("text", { text: "x", pushContent: "y" });
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /pushContent$/);
});
