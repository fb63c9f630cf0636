import assert from "node:assert/strict";
import { test } from "node:test";
import { socketAddress } from "../../src/address.js";
import { connect } from "../../src/index.js";
import { FakeGateway } from "../helpers/fake-gateway.js";

for (const [given = "", meant] of [
  ["wss://gateway.test/ws", "wss://gateway.test/ws"],
  ["wss://gateway.test", "wss://gateway.test/ws"],
  ["wss://gateway.test/", "wss://gateway.test/ws"],
  ["ws://127.0.0.1:8080?a=1", "ws://127.0.0.1:8080/ws?a=1"],
  ["https://gateway.test/chat/ws", "wss://gateway.test/chat/ws"],
  ["HTTP://[::1]:80", "ws://[::1]:80/ws"],
]) {
  test(`${given} means ${meant}`, () => assert.equal(socketAddress(given), meant));
}

for (const url of ["", "gateway.test", "gateway.test:8080/ws", "ftp://gateway.test", "wss://"]) {
  test(`“${url}” is no address, and connecting to it says so at once`, () => {
    const { WebSocket } = new FakeGateway();
    const connecting = () => connect({ url, appKey: "key", accid: "a", token: "t", WebSocket });
    assert.throws(connecting, { code: "invalid" });
  });
}
