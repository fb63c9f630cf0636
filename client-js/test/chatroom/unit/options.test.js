import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { readAddress } from "../../../src/chatroom/addresses.js";
import { readOptions } from "../../../src/chatroom/options.js";
import SDK, { Chatroom } from "../../../src/chatroom.js";

const GIVEN = {
  appKey: "k",
  account: "ann",
  token: "t",
  chatroomId: "1",
  chatroomAddresses: ["a.example:443"],
};

for (const name of Object.keys(GIVEN)) {
  test(`without ${name} there is an error that names it`, () => {
    for (const value of [undefined, null, "", []]) {
      const given = /** @type {any} */ ({ ...GIVEN, [name]: value });
      assert.throws(() => SDK.Chatroom.getInstance(given), {
        name: "ChatroomError",
        code: "Param_Error",
        message: new RegExp(`${name} (is missing|must be)`),
      });
    }
  });
}

test("a number as chatroomId is refused", () => {
  const given = /** @type {any} */ ({ ...GIVEN, chatroomId: 1 });
  assert.throws(() => Chatroom.getInstance(given), /param roomId unexpected.*chatroomId/);
});

for (const [name, value] of Object.entries({
  chatroomAddresses: "a.example",
  onmsgs: "no function",
  needReconnect: 1,
  reconnectionAttempts: "3",
  msgBufferInterval: Number.NaN,
  secure: "yes",
  customClientType: 0,
  customTag: "x".repeat(33),
})) {
  test(`a wrong ${name} is refused, and named`, () => {
    assert.throws(() => readOptions({ ...GIVEN, [name]: value }), {
      code: "Param_Error",
      message: new RegExp(name),
    });
  });
}

test("what is left out is as in the SDK", () => {
  const { needReconnect, reconnectionAttempts, msgBufferInterval, msgBufferSize, secure } =
    readOptions({ ...GIVEN, msgBufferSize: undefined });
  assert.deepEqual(
    { needReconnect, reconnectionAttempts, msgBufferInterval, msgBufferSize, secure },
    {
      needReconnect: true,
      reconnectionAttempts: Number.POSITIVE_INFINITY,
      msgBufferInterval: 300,
      msgBufferSize: 500,
      secure: true,
    },
  );
});

test("anonymous ones need a nick, and get an account and a blank picture", () => {
  const { account: _, token: __, ...given } = GIVEN;
  const anonymous = { ...given, isAnonymous: true };
  assert.throws(() => readOptions(anonymous), /chatroomNick is missing/);
  const options = readOptions({ ...anonymous, chatroomNick: "N" });
  assert.match(options.account, /^nimanon_[0-9a-f-]{36}$/);
  assert.deepEqual([options.chatroomAvatar, options.token], [" ", ""]);
});

test("what has no effect is told once on the console", (t) => {
  const warn = mock.method(console, "warn", () => {});
  t.after(() => warn.mock.restore());
  readOptions({ ...GIVEN, debug: true, nosScene: "x" });
  readOptions({ ...GIVEN, debug: true });
  assert.deepEqual(
    warn.mock.calls.map(({ arguments: [text] }) => text),
    ["roomgate: getInstance makes no use of debug, nosScene"],
  );
});

test("addresses become those of the socket", () => {
  assert.equal(readAddress("a.example:443", true), "wss://a.example:443/ws");
  assert.equal(readAddress("[::1]:8080", false), "ws://[::1]:8080/ws");
  assert.equal(readAddress("a.example:8080", false), "ws://a.example:8080/ws");
  assert.equal(readAddress("ws://a.example/chat?x=1", true), "ws://a.example/chat?x=1");
  assert.equal(readAddress("WSS://a.example:8443/", false), "wss://a.example:8443/ws");
  for (const wrong of ["http://a.example", "a b:1", "", "ws://", "ws:///ws"]) {
    assert.throws(() => readAddress(wrong, true), /chatroomAddresses/);
  }
});
