/** What can be done with a member: each line says it on the socket, and has the same over REST beside it. */

import { openMenu } from "../base/menu.js";
import { kick, muteFor, serverCall, setRole } from "../curl/actions.js";
import { words } from "../language/language.js";
import { isManager, mayActOn } from "./member.js";

/**
 * @typedef {import("./member.js").Member} Member
 * @typedef {import("../base/menu.js").Line} Line
 * @typedef {import("../curl/actions.js").Action} Action
 */

/** Seconds. */
const MUTES = [60, 600, 3_600, 86_400];

const MANAGER = 1;
const FIXED = 2;
const BLOCK = -1;
const MUTE = -2;

export class MemberMenu {
  #act;
  #roomid;

  /**
   * @param {(action: Action) => void} act
   * @param {() => string} roomid
   */
  constructor(act, roomid) {
    this.#act = act;
    this.#roomid = roomid;
  }

  /**
   * @param {Member} target
   * @param {Member | undefined} me
   * @param {HTMLElement} anchor
   * @param {Line[]} more
   */
  open(target, me, anchor, more) {
    const line = (/** @type {string} */ label, /** @type {Action} */ action, danger = false) =>
      /** @type {Line} */ ({
        label,
        danger,
        act: () => this.#act(action),
        call: () => serverCall(action, this.#roomid(), me?.accid ?? ""),
      });
    const lines = mayActOn(me, target) ? this.#managing(target, me, line) : [];
    openMenu(anchor, target.nick, [...more, ...lines]);
  }

  /**
   * @param {Member} target
   * @param {Member | undefined} me
   * @param {(label: string, action: Action, danger?: boolean) => Line} line
   */
  #managing({ accid, role, here, muted, mutedUntil, blocked }, me, line) {
    const { menu } = words;
    const set = (/** @type {number} */ opt, /** @type {boolean} */ on) => setRole(accid, opt, on);
    const lines = [this.#mute(accid, me?.accid ?? "")];
    if (mutedUntil > Date.now()) lines.push(line(menu.unmuteNow, muteFor(accid, 0)));
    lines.push(line(muted ? menu.unmute : menu.mute, set(MUTE, !muted)));
    if (me?.role === "owner") {
      const manager = isManager({ role });
      lines.push(line(manager ? menu.noManager : menu.manager, set(MANAGER, !manager)));
    }
    if (role !== "manager")
      lines.push(line(role === "fixed" ? menu.notFixed : menu.fixed, set(FIXED, role !== "fixed")));
    if (here) lines.push(line(menu.kick, kick(accid), true));
    lines.push(line(blocked ? menu.unblock : menu.block, set(BLOCK, !blocked), !blocked));
    return lines;
  }

  /** @param {string} target @param {string} me @returns {Line} */
  #mute(target, me) {
    return {
      label: words.menu.muteFor,
      choicesLabel: words.menu.duration,
      choices: MUTES.map((seconds) => ({
        value: String(seconds),
        label: words.menu.durations[seconds] ?? "",
      })),
      act: (seconds) => this.#act(muteFor(target, Number(seconds))),
      call: (seconds) => serverCall(muteFor(target, Number(seconds)), this.#roomid(), me),
    };
  }
}
