/** A line that says what was just done, or why not, and goes away by itself. */

import { one } from "./dom.js";

const SHOWN_MS = 4_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text @param {"done" | "failed"} [kind] */
export function toast(text, kind = "done") {
  const line = one("#toast", HTMLElement);
  line.textContent = text;
  line.dataset.kind = kind;
  line.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => line.classList.remove("shown"), SHOWN_MS);
}
