/** A table read the other way round. */

/**
 * @param {Readonly<Record<number, string>>} table names by number
 * @returns {Record<string, number>} numbers by name
 */
export function flipped(table) {
  return Object.fromEntries(Object.entries(table).map(([number, name]) => [name, Number(number)]));
}
