/**
 * What a screen reader is told. The list itself is silent: rows come and go in it while one scrolls, and each would be read out.
 * Messages are said politely, one after the other; urgent ones at once.
 */

import { make, one } from "../base/dom.js";

/** A burst that nobody could listen to is said as its newest part. */
const KEPT = 20;

const polite = () => one("#polite", HTMLElement);
const assertive = () => one("#alert", HTMLElement);

/** @param {string} text */
export function sayPolitely(text) {
  const region = polite();
  region.append(make("p", { text }));
  while (region.childElementCount > KEPT) region.firstElementChild?.remove();
}

/** @param {string} text */
export function sayAtOnce(text) {
  assertive().textContent = text;
}

export function beSilent() {
  polite().replaceChildren();
  assertive().textContent = "";
}
