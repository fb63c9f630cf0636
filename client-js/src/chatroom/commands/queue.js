/** Commands about the room’s queue. */

import { ChatroomError } from "../chatroom-error.js";
import { mustHave } from "../checks.js";
import { command } from "./command.js";

/** @typedef {{elementKey: string, elementValue: string}} Element */

/** What a gateway answers where a queue has no place left. */
const FULL = 419;

/** @param {import("./command.js").Reply} reply @returns {Element[]} */
const readList = ({ desc }) =>
  desc.list.flatMap((/** @type {Record<string, string>} */ one) =>
    Object.entries(one).map(([elementKey, elementValue]) => ({ elementKey, elementValue })),
  );

/** @param {import("./command.js").AskRoom} ask @param {Record<string, any>} element for somebody else */
async function offerFor(ask, { elementKey, elementValue, transient, elementAccount }) {
  const element = { key: elementKey, value: elementValue, transient, accid: elementAccount };
  const { desc } = await ask("queueBatchOffer", { elements: [element] });
  if (desc.failedKeys.length > 0) throw new ChatroomError(FULL, "the queue is full");
  return {};
}

export const queueOffer = command({
  name: "queueOffer",
  needs: ["elementKey", "elementValue"],
  types: { elementKey: "string", elementValue: "string" },
  takes: ["transient", "elementAccount"],
  run: async (ask, given) => {
    const transient = Boolean(given.transient);
    if (given.elementAccount) return offerFor(ask, { ...given, transient });
    await ask("queueOffer", { key: given.elementKey, value: given.elementValue, transient });
    return { transient };
  },
});

export const queuePoll = command({
  name: "queuePoll",
  takes: ["elementKey"],
  run: async (ask, { elementKey }) => {
    const { desc } = await ask("queuePoll", { key: elementKey });
    return { elementKey: desc.key, elementValue: desc.value };
  },
});

export const queueList = command({
  name: "queueList",
  run: async (ask) => ({ queueList: readList(await ask("queueList")) }),
});

/** There is no such verb: it is the first of the list. */
export const peak = command({
  name: "peak",
  run: async (ask) => {
    const [first] = readList(await ask("queueList"));
    if (!first) throw new ChatroomError(404, "the queue is empty");
    return first;
  },
});

export const queueDrop = command({
  name: "queueDrop",
  run: async (ask) => {
    await ask("queueDrop");
    return {};
  },
});

export const queueChange = command({
  name: "queueChange",
  needs: ["elementMap"],
  types: { elementMap: "object", needNotify: "boolean", notifyExt: "string" },
  check: (given) => {
    if (given.needNotify) mustHave("queueChange", given, "notifyExt");
  },
  run: async (ask, { elementMap, needNotify = false, notifyExt }) => {
    const change = { elements: elementMap, needNotify, notifyExt };
    const { desc } = await ask("queueBatchUpdateElements", change);
    return { elementKeyArray: desc.noExistElementKey };
  },
});
