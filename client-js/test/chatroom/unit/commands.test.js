import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../../src/chatroom/commands/command.js";
import * as history from "../../../src/chatroom/commands/history.js";
import * as members from "../../../src/chatroom/commands/members.js";
import * as queue from "../../../src/chatroom/commands/queue.js";
import * as room from "../../../src/chatroom/commands/room.js";

for (const [command, given, named] of /** @type {[any, object, RegExp][]} */ ([
  [members.getChatroomMembers, {}, /guest is missing/],
  [members.getChatroomMembers, { guest: 1 }, /guest must be of type boolean/],
  [members.getChatroomMembersInfo, { accounts: [] }, /accounts is missing/],
  [members.kickChatroomMember, {}, /account is missing/],
  [members.markChatroomManager, { account: "a" }, /isAdd is missing/],
  [members.markChatroomIdentity, { account: "a", isAdd: true, identity: "x" }, /identity must be/],
  [members.updateMyChatroomMemberInfo, { member: { nick: "a" } }, /needNotify is missing/],
  [room.updateChatroom, { needNotify: true }, /chatroom is missing/],
  [queue.queueOffer, { elementKey: "a" }, /elementValue is missing/],
  [queue.queueChange, { elementMap: { a: "1" }, needNotify: true }, /notifyExt is missing/],
  [history.getHistoryMsgs, { msgTypes: ["txt"] }, /msgTypes must be one of/],
  [history.getHistoryMsgs, { timetag: "1" }, /timetag must be of type number/],
  [history.recallMsg, { msg: { idClient: "m", from: "a" } }, /time is missing/],
])) {
  test(`${command.name} ${JSON.stringify(given)} is refused: ${named.source}`, () => {
    const message = new RegExp(`^${command.name}.*${named.source}`);
    assert.throws(() => check(command, given), { code: "Param_Error", message });
  });
}

test("levels are not promised", () => {
  const mark = { account: "a", isAdd: true, level: 5 };
  assert.throws(() => check(members.markChatroomCommonMember, mark), { code: "Not_Support" });
});

/** A history in which several messages share a millisecond. */
const SAID = [11, 12, 12, 12, 12, 13].map((sendtime, at) => ({
  sendtime,
  msgid: `m${at}`,
  type: 0,
  body: "",
  from: "a",
}));

/** @type {import("../../../src/chatroom/commands/command.js").AskRoom} */
const gateway = async (_op, members = {}) => {
  const { timetag, reverse, limit } = /** @type {Record<string, number>} */ (members);
  const inOrder = reverse === 1 ? SAID : SAID.toReversed();
  const from = timetag || (reverse === 1 ? 0 : 99);
  const isFrom = (/** @type {number} */ time) => (reverse === 1 ? time >= from : time <= from);
  const msgs = inOrder.filter(({ sendtime }) => isFrom(sendtime)).slice(0, limit);
  return { op: "reply", id: 1, code: 200, msgs };
};

for (const reverse of [false, true]) {
  test(`pages ${reverse ? "forwards" : "backwards"} never end within a millisecond`, async () => {
    const page = { chatroomId: "1", account: "a" };
    /** @type {string[][]} */
    const pages = [];
    for (let timetag = 0; pages.length < 9; ) {
      const { msgs } = await history.getHistoryMsgs.run(
        gateway,
        { timetag, limit: 2, reverse },
        page,
      );
      if (msgs.length === 0) break;
      pages.push(msgs.map((/** @type {any} */ { idClient }) => idClient));
      timetag = msgs.at(-1).time;
    }
    const forwards = [["m0", "m1", "m2", "m3", "m4"], ["m5"]];
    const backwards = [["m5", "m4", "m3", "m2", "m1"], ["m0"]];
    assert.deepEqual(pages, reverse ? forwards : backwards);
  });
}
