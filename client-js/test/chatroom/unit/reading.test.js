import assert from "node:assert/strict";
import { test } from "node:test";
import { readMember } from "../../../src/chatroom/member.js";
import { readHistoryMessage, readMessage } from "../../../src/chatroom/message.js";
import { readNotification } from "../../../src/chatroom/notification.js";
import { readRoom } from "../../../src/chatroom/room.js";

const WIRE = {
  time: "1651894983250",
  fromAvator: "http://a/p.png",
  msgid_client: "m1",
  fromClientType: "iOS",
  attach: "hi",
  roomId: "12",
  fromAccount: "ann",
  fromNick: "Ann",
  type: "0",
  ext: "",
};

/** @param {object} more */
const read = (more) => readMessage({ ...WIRE, ...more }, "ANN");

test("a message is read whole", () => {
  assert.deepEqual(read({}), {
    chatroomId: "12",
    idClient: "m1",
    from: "ann",
    fromNick: "Ann",
    fromAvatar: "http://a/p.png",
    fromClientType: "iOS",
    type: "text",
    flow: "out",
    text: "hi",
    time: 1651894983250,
    resend: false,
    status: "success",
  });
});

test("what is only there where it is given", () => {
  const more = { ext: "e", subType: 3, callbackExt: "c", resendFlag: 1, highPriorityFlag: 1 };
  const { custom, subType, callbackExt, resend, highPriority } = read(more);
  assert.deepEqual(
    { custom, subType, callbackExt, resend, highPriority },
    { custom: "e", subType: 3, callbackExt: "c", resend: true, highPriority: true },
  );
});

test("content that cannot be read does no harm", () => {
  assert.deepEqual(read({ type: "1", attach: "{" }).file, {});
  assert.deepEqual(read({ type: "4", attach: "null" }).geo, {});
  assert.deepEqual(read({ type: "5", attach: "?" }).attach, {});
  assert.equal(read({ type: "77", attach: "new" }).type, "unknown");
});

test("a message of the history reads like one that was delivered", () => {
  const listed = {
    from: "ann",
    msgid: "m1",
    sendtime: 1651894983250,
    type: 0,
    fromclienttype: 2,
    body: "hi",
    fromNick: "Ann",
    fromAvator: "http://a/p.png",
  };
  assert.deepEqual(readHistoryMessage(listed, "12", "ann"), read({}));
});

/** @param {number} id @param {object} data */
const notice = (id, data) => readNotification(JSON.stringify({ id, data }));

test("a notification has its name, and its members theirs", () => {
  const who = { operator: "o", opeNick: "O", target: ["a"], tarNick: ["A"], ext: "x" };
  assert.deepEqual(notice(314, { ...who, muteDuration: 60 }), {
    type: "addTempMute",
    from: "o",
    fromNick: "O",
    to: ["a"],
    toNick: ["A"],
    custom: "x",
    duration: 60,
  });
});

test("only who enters has a state of muting", () => {
  assert.deepEqual(notice(301, { muted: 1, tempMuted: 1, muteTtl: 9 }), {
    type: "memberEnter",
    gaged: true,
    tempMuted: true,
    tempMuteDuration: 9,
  });
  assert.deepEqual(notice(301, {}), {
    type: "memberEnter",
    gaged: false,
    tempMuted: false,
    tempMuteDuration: 0,
  });
  assert.deepEqual(notice(302, {}), { type: "memberExit" });
});

for (const [change, read] of /** @type {[object, object][]} */ ([
  [
    { _e: "OFFER", key: "k", content: "v" },
    { type: "OFFER", elementKey: "k", elementValue: "v" },
  ],
  [
    { _e: "POLL", key: "k", content: "v" },
    { type: "POLL", elementKey: "k", elementValue: "v" },
  ],
  [{ _e: "DROP" }, { type: "DROP" }],
  [
    { _e: "PARTCLEAR", kvObject: { k: "v" } },
    { type: "PARTCLEAR", elementKv: { k: "v" } },
  ],
  [
    { _e: "BATCH_OFFER", kvObject: { k: "v" } },
    { type: "BATCH_OFFER", elementKv: { k: "v" } },
  ],
])) {
  test(`a change of the queue: ${JSON.stringify(change)}`, () => {
    const { queueChange } = notice(317, { queueChange: JSON.stringify(change) });
    assert.deepEqual(queueChange, read);
  });
}

test("a notification that is newer than this has no type", () => {
  assert.deepEqual(notice(999, { operator: "o" }), { type: undefined, from: "o" });
});

const MEMBER = {
  roomid: 12,
  accid: "ann",
  nick: null,
  avator: null,
  ext: null,
  type: "COMMON",
  level: 0,
  onlineStat: true,
  enterTime: 5,
};

test("a common member is read whole", () => {
  assert.deepEqual(readMember({ ...MEMBER, muted: true, tempMuted: true, tempMuteTtl: 7 }), {
    chatroomId: "12",
    account: "ann",
    nick: "",
    avatar: "",
    custom: "",
    type: "common",
    level: 0,
    online: true,
    enterTime: 5,
    updateTime: 5,
    valid: true,
    blacked: false,
    gaged: true,
    tempMuted: true,
    tempMuteDuration: 7,
  });
});

test("who is away has no enterTime, a guest is not valid, others have no level", () => {
  const away = readMember({ ...MEMBER, onlineStat: false });
  assert.deepEqual(["enterTime" in away, away.updateTime], [false, 5]);
  const guest = readMember({ ...MEMBER, type: "TEMPORARY" });
  assert.deepEqual(["valid" in guest, "level" in guest, guest.type], [false, false, "guest"]);
});

test("a chat room is read whole", () => {
  const room = { roomid: 12, valid: true, muted: true, announcement: null, broadcasturl: null };
  const more = {
    name: "Den",
    ext: "x",
    creator: "o",
    queuelevel: 1,
    onlineusercount: 3,
    ionotify: true,
  };
  assert.deepEqual(readRoom({ ...room, ...more }), {
    id: "12",
    name: "Den",
    announcement: "",
    broadcastUrl: "",
    custom: "x",
    creator: "o",
    queuelevel: 1,
    onlineMemberNum: 3,
    mute: true,
  });
});
