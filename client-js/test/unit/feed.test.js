import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../../src/feed.js";
import { readMessage } from "../../src/message.js";
import { wireMessage } from "../helpers/fake-gateway.js";

test("nothing is kept for a reader whose signal was aborted", async () => {
  let kept = 0;
  const feed = new Feed(
    () => {},
    () => {},
  );
  const abort = new AbortController();
  const reader = feed.read({ signal: abort.signal });
  const waiting = reader.next();
  abort.abort(new Error("enough"));
  await assert.rejects(waiting, { message: "enough" });
  const message = readMessage(wireMessage({}));
  // Whoever keeps a message asks which lane it is of.
  Object.defineProperty(message, "high", {
    get() {
      kept += 1;
      return false;
    },
  });
  feed.push(message);
  assert.equal(kept, 0);
  await assert.rejects(reader.next(), { message: "enough" });
});
