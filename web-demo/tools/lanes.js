/** What waits inside the gateway for one session: a bar for each lane, what is kept for coming back, and how it is read. */

import { one, setText, stamp } from "../base/dom.js";
import { byteText } from "../base/format.js";
import { words } from "../language/language.js";

/**
 * @typedef {import("../session/door.js").InsideSession} InsideSession
 * @typedef {import("../session/door.js").Load} Load
 * @typedef {{high: number, normal: number}} Bounds bytes
 */

/** So much of a bar is drawn at the least. */
const LEAST = 0.015;

export function lanesRow() {
  const row = stamp("lanes");
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {InsideSession} session
 * @param {{nick: string, isThisTab: boolean, bounds: Bounds}} about
 */
export function fillLanes(row, session, { nick, isThisTab, bounds }) {
  const { high, normal, retained, away, bytesPerSecond } = session;
  setText(one(".lanes-nick", HTMLElement, row), nick);
  row.classList.toggle("this-tab", isThisTab);
  row.classList.toggle("away", away);
  const marks = [
    isThisTab ? words.inside.thisTab : "",
    away ? words.inside.away : "",
    bytesPerSecond ? words.inside.speed(byteText(bytesPerSecond)) : "",
  ];
  setText(one(".lanes-marks", HTMLElement, row), marks.filter(Boolean).join(" · "));
  fillBar(one(".lane-high", HTMLElement, row), high, bounds.high);
  fillBar(one(".lane-normal", HTMLElement, row), normal, bounds.normal);
  fillBar(one(".lane-kept", HTMLElement, row), retained, bounds.normal);
}

/** @param {HTMLElement} lane @param {Load} load @param {number} bound */
function fillBar(lane, { frames, bytes }, bound) {
  // What is there is seen, however little.
  const part = bytes > 0 && bound > 0 ? Math.min(1, Math.max(LEAST, bytes / bound)) : 0;
  one(".bar-fill", HTMLElement, lane).style.scale = `${part} 1`;
  lane.classList.toggle("empty-lane", frames === 0);
  const text = frames ? words.inside.load(frames, byteText(bytes)) : "0";
  setText(one(".lane-load", HTMLElement, lane), text);
}
