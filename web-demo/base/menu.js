/**
 * The page's one menu: opens beside a button, has a line for each thing that can be done, closes on Escape or a click elsewhere.
 *
 * @typedef {import("../curl/actions.js").Call} Call
 * @typedef {{value: string, label: string}} Choice
 * @typedef {object} Line
 * @property {string} label
 * @property {(choice: string) => void} act
 * @property {(choice: string) => Call} [call] the same over REST
 * @property {Choice[]} [choices] something to choose first
 * @property {string} [choicesLabel]
 * @property {boolean} [danger]
 */

import { curlButton } from "../curl/copy.js";
import { make, one } from "./dom.js";

/** A menu stays so far from the edges of the window. */
const MARGIN_PX = 8;
/** A press on the button of an open menu closes it first; the click that follows must not open it again. */
const REOPEN_MS = 250;

const menu = () => one("#menu", HTMLElement);

/** @type {{anchor: HTMLElement | null, atMs: number}} */
let closed = { anchor: null, atMs: 0 };

/**
 * @param {HTMLElement} anchor
 * @param {string} title
 * @param {Line[]} lines
 */
export function openMenu(anchor, title, lines) {
  if (closed.anchor === anchor && performance.now() - closed.atMs < REOPEN_MS) return;
  const place = menu();
  place.setAttribute("aria-label", title);
  const heading = make("p", { class: "menu-title", text: title });
  place.replaceChildren(heading, ...lines.map(lineOf));
  place.showPopover();
  beside(place, anchor);
  anchor.setAttribute("aria-expanded", "true");
  place.addEventListener("beforetoggle", () => closing(anchor), { once: true });
  one("button, select", HTMLElement, place).focus();
}

function closeMenu() {
  menu().hidePopover();
  closed.anchor = null;
}

/** @param {HTMLElement} anchor */
function closing(anchor) {
  anchor.setAttribute("aria-expanded", "false");
  closed = { anchor, atMs: performance.now() };
}

/** @param {Line} line */
function lineOf({ label, act, call, choices, choicesLabel, danger }) {
  const row = make("div", { class: "menu-line" });
  const select = choices && make("select", { "aria-label": choicesLabel });
  for (const { value, label } of choices ?? [])
    select?.append(make("option", { value, text: label }));
  const chosen = () => select?.value ?? "";
  const button = make("button", { type: "button", class: danger ? "danger" : "", text: label });
  button.addEventListener("click", () => {
    const choice = chosen();
    closeMenu();
    act(choice);
  });
  row.append(button);
  if (select) row.append(select);
  if (call) row.append(curlButton(() => call(chosen()), label));
  return row;
}

/** Below the button where there is room, else above it. @param {HTMLElement} place @param {HTMLElement} anchor */
function beside(place, anchor) {
  const button = anchor.getBoundingClientRect();
  const { width, height } = place.getBoundingClientRect();
  const left = Math.min(button.left, innerWidth - width - MARGIN_PX);
  const below = button.bottom + 4;
  const fits = below + height < innerHeight - MARGIN_PX;
  const top = fits ? below : Math.max(MARGIN_PX, button.top - height - 4);
  place.style.left = `${Math.max(MARGIN_PX, left)}px`;
  place.style.top = `${top}px`;
}
