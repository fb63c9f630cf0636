/** What can be done with one message: recall it, send it once more from a terminal. */

import { openMenu } from "../base/menu.js";
import { recall, serverCall } from "../curl/actions.js";
import { copyCurl } from "../curl/copy.js";
import { words } from "../language/language.js";
import { isManager } from "../people/member.js";
import { sendCall } from "./outbox.js";

/**
 * @typedef {import("./entry.js").MessageEntry} MessageEntry
 * @typedef {import("../people/member.js").Member} Member
 * @typedef {import("../base/menu.js").Line} Line
 * @typedef {import("../curl/actions.js").Action} Action
 */

/**
 * @param {MessageEntry} entry
 * @param {HTMLElement} anchor
 * @param {{roomid: string, myself: Member | undefined, act: (action: Action) => void}} scene
 */
export function openMessageMenu(entry, anchor, { roomid, myself, act }) {
  const me = myself?.accid ?? "";
  const { body, to, high, id, from, time, own, state, recalled } = entry;
  const how = { to: own ? to : entry.directed && myself ? [myself] : [], urgent: high };
  /** @type {Line[]} */
  const lines = [
    {
      label: words.menu.copyMessage,
      act: () => copyCurl(sendCall(body, how, { roomid, me: from.accid })),
    },
  ];
  const isThere = state === "sent" || state === "received";
  if (isThere && !recalled && (own || (myself && isManager(myself)))) {
    const action = recall({ id, from: from.accid, time });
    lines.push({
      label: words.menu.recall,
      danger: true,
      act: () => act(action),
      call: () => serverCall(action, roomid, me),
    });
  }
  openMenu(anchor, words.menu.message, lines);
}
