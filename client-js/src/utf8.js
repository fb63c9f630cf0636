/** How long a text is on the wire. TextEncoder would make a copy, and is not everywhere. */

/**
 * @param {string} text
 * @param {number} [enough] texts that are surely shorter are not measured exactly
 * @returns {number} bytes; an upper bound where that is not more than `enough`
 */
export function utf8Length(text, enough = 0) {
  // One UTF-16 unit is at most three bytes.
  if (text.length * 3 <= enough) return text.length * 3;
  let bytes = 0;
  for (const point of text) bytes += pointLength(point.codePointAt(0) ?? 0);
  return bytes;
}

/** @param {number} point */
function pointLength(point) {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
