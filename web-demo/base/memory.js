/** What the page remembers from one visit to the next; where the browser keeps nothing, it is as if it were the first. */

/** How long: from one visit to the next, or as long as the tab is open. @typedef {"always" | "tab"} Span */

/** @param {Span} span */
const store = (span) => (span === "tab" ? sessionStorage : localStorage);

/** @param {string} name @param {Span} [span] */
export function recall(name, span = "always") {
  try {
    return store(span).getItem(`roomgate.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value empty: forget it @param {Span} [span] */
export function remember(name, value, span = "always") {
  try {
    if (value) store(span).setItem(`roomgate.${name}`, value);
    else store(span).removeItem(`roomgate.${name}`);
  } catch {
    // A private window may refuse: the choice then lasts as long as the page.
  }
}
