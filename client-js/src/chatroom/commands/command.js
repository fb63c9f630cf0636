/**
 * What a method of the chat room asks of the gateway. A command checks what it was given before anything is asked, and answers with
 * what the callback gets besides its own options.
 *
 * @typedef {import("../../protocol.js").Reply} Reply
 * @typedef {Record<string, any>} Given
 * @typedef {(op: string, members?: Record<string, unknown>) => Promise<Reply>} AskRoom a verb of the gateway, in this room
 * @typedef {{chatroomId: string, account: string}} Page whose it is
 *
 * @typedef {object} Command
 * @property {string} name the method’s
 * @property {string[]} [needs]
 * @property {Record<string, string>} [types]
 * @property {string[]} [takes] what else it may be given
 * @property {(given: Given) => void} [check] what more there is to check
 * @property {(ask: AskRoom, given: Given, page: Page) => Promise<Given>} run
 */

import { mustBe, mustHave, tellUnused } from "../checks.js";

/** @param {Command} command @param {Given} given */
export function check({ name, needs = [], types = {}, takes = [], check: more }, given) {
  mustHave(name, given, ...needs);
  mustBe(name, given, types);
  more?.(given);
  tellUnused(name, given, ["done", ...needs, ...Object.keys(types), ...takes]);
}

/** @param {Command} command a command as it is, with its types looked at */
export const command = (command) => Object.freeze(command);
