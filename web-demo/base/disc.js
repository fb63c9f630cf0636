/** The round sign of a member: the same account has the same quiet colour everywhere; the name beside it is what identifies. */

/** How many hues style.css has. */
const TINTS = 6;

/**
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
