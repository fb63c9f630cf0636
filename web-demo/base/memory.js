/** What the page remembers from one visit to the next; where the browser keeps nothing, it is as if it were the first. */

/** @param {string} name */
export function recall(name) {
  try {
    return localStorage.getItem(`roomgate.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value empty: forget it */
export function remember(name, value) {
  try {
    if (value) localStorage.setItem(`roomgate.${name}`, value);
    else localStorage.removeItem(`roomgate.${name}`);
  } catch {
    // A private window may refuse: the choice then lasts as long as the page.
  }
}
