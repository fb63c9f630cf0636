/** The rows between messages: what happened in the room, and where something is missing. */

import { one, setText, stamp } from "../base/dom.js";
import { words } from "../language/language.js";
import { notificationText } from "./notification.js";

/**
 * @typedef {import("./entry.js").NoteEntry} NoteEntry
 * @typedef {import("./entry.js").GapEntry} GapEntry
 */

/** @param {NoteEntry} entry */
export function noteRow({ notification, me }) {
  const row = stamp("note");
  row.textContent = notificationText(notification, me);
  return row;
}

/**
 * @param {GapEntry} entry
 * @param {(entry: GapEntry) => void} recover
 */
export function gapRow(entry, recover) {
  const row = stamp("gap");
  one("button", HTMLButtonElement, row).addEventListener("click", () => recover(entry));
  fillGap(row, entry);
  return row;
}

/** @param {HTMLElement} row @param {GapEntry} entry */
export function fillGap(row, { gap, state, found }) {
  const missing = gap.reason === "away" ? words.gap.away : words.gap.lost(gap.count ?? 0);
  const text = {
    open: missing,
    loading: words.gap.loading,
    filled: found ? words.gap.found(found) : words.gap.nothing,
    failed: words.gap.failed,
  }[state];
  row.dataset.state = state;
  setText(one(".gap-text", HTMLElement, row), text);
  const button = one("button", HTMLButtonElement, row);
  // It keeps its space, so that the lines below stay where they are.
  button.classList.toggle("gone", state === "filled" || state === "loading");
}
