/** Commands about what was said: the room’s history, and taking something back. */

import { asText, mustBe, mustBeOneOf, mustHave } from "../checks.js";
import { readHistoryMessage } from "../message.js";
import { MESSAGE_TYPE_NUMBERS } from "../tables/message-types.js";
import { command } from "./command.js";

/** @typedef {import("./command.js").AskRoom} AskRoom */
/** @typedef {import("./command.js").Given} Given */

/** The most that one question may ask for. */
const PAGE_MAX = 100;
const [OLDEST_FIRST, NEWEST_FIRST] = [1, 2];

/** @param {Given} given @returns {string[]} */
const typesOf = ({ msgTypes = [] }) => (Array.isArray(msgTypes) ? msgTypes : [msgTypes]);

/**
 * The gateway takes the given moment in, a page wants what is beyond it. So that nothing said in the same millisecond
 * falls between two pages, a full page has all of its last one, and may be longer than the limit.
 * @param {AskRoom} ask
 * @param {Given} given
 * @returns {Promise<any[]>}
 */
async function listBeyond(ask, given) {
  const { timetag = 0, limit = PAGE_MAX, reverse = false } = given;
  const type = typesOf(given)
    .map((name) => MESSAGE_TYPE_NUMBERS[name])
    .join(",");
  const step = reverse ? 1 : -1;
  const members = { reverse: reverse ? OLDEST_FIRST : NEWEST_FIRST, type };
  const from = timetag > 0 ? timetag + step : 0;
  const { msgs = [] } = await ask("history", { ...members, timetag: from, limit });
  const last = msgs.at(-1);
  if (!last || msgs.length < limit) return msgs;
  const { msgs: same = [] } = await ask("history", {
    ...members,
    timetag: last.sendtime,
    limit: PAGE_MAX,
  });
  const known = new Set(msgs.map(({ msgid }) => msgid));
  const more = same.filter(
    ({ msgid, sendtime }) => sendtime === last.sendtime && !known.has(msgid),
  );
  return [...msgs, ...more];
}

export const getHistoryMsgs = command({
  name: "getHistoryMsgs",
  types: { timetag: "number", limit: "number", reverse: "boolean" },
  takes: ["msgTypes"],
  check: (given) => {
    for (const name of typesOf(given)) {
      mustBeOneOf("getHistoryMsgs", "msgTypes", name, Object.keys(MESSAGE_TYPE_NUMBERS));
    }
  },
  run: async (ask, given, { chatroomId, account }) => {
    const listed = await listBeyond(ask, given);
    return { msgs: listed.map((one) => readHistoryMessage(one, chatroomId, account)) };
  },
});

export const recallMsg = command({
  name: "recallMsg",
  needs: ["msg"],
  types: { msg: "object" },
  takes: ["custom"],
  check: ({ msg }) => {
    mustHave("recallMsg msg", msg, "idClient", "from", "time");
    mustBe("recallMsg msg", msg, { time: "number" });
  },
  run: async (ask, { msg, custom }) => {
    const message = { msgId: msg.idClient, fromAcc: msg.from, msgTimetag: msg.time };
    await ask("recall", { ...message, notifyExt: asText(custom) });
    return {};
  },
});
