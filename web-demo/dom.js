/** The few things this page asks of the document; what is missing fails at once and by name. */

/**
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function one(selector, type, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} at ${selector}`);
  return found;
}

/**
 * A fresh copy of a template's only element.
 * @param {string} id
 */
export function stamp(id) {
  const copy = one(`#${id}`, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`the template ${id} is empty`);
  return copy;
}

/** How many hues style.css has for members. */
const TINTS = 6;

/**
 * The same account has the same quiet colour everywhere; the name beside it is what identifies.
 * @param {HTMLElement} disc
 * @param {string} accid
 * @param {string} nick
 */
export function paintDisc(disc, accid, nick) {
  let hash = 0;
  for (const letter of accid) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  disc.dataset.tint = String(hash % TINTS);
  // The first letter by code point: half a surrogate pair would show as a box.
  disc.textContent = Array.from(nick)[0]?.toUpperCase() ?? "";
}
