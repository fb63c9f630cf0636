/** What was given to a method: whether it is there and of the right type. A mistake is thrown, and names the parameter. */

import { wrongParameter } from "./chatroom-error.js";

/** @typedef {Record<string, any>} Given */

/** @param {unknown} value */
function isAbsent(value) {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value))
    return value.length === 0 || value.some((one) => one === undefined || one === null);
  const prototype = typeof value === "object" && Object.getPrototypeOf(value);
  return prototype === Object.prototype && Object.keys(value).length === 0;
}

/** @param {unknown} value */
const typeOf = (value) => (Array.isArray(value) ? "array" : typeof value);

/**
 * @param {string} where the method’s name
 * @param {Given} given
 * @param {...string} names
 */
export function mustHave(where, given, ...names) {
  for (const name of names) {
    if (isAbsent(given[name])) throw wrongParameter(where, `${name} is missing`);
  }
}

/**
 * @param {string} where
 * @param {Given} given
 * @param {Record<string, string>} types by parameter; what is left out is of no type
 */
export function mustBe(where, given, types) {
  for (const [name, type] of Object.entries(types)) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    if (typeOf(value) !== type || Number.isNaN(value)) {
      throw wrongParameter(where, `${name} must be of type ${type}, not ${typeOf(value)}`);
    }
  }
}

/**
 * @param {string} where
 * @param {string} name
 * @param {unknown} value
 * @param {string[]} allowed
 */
export function mustBeOneOf(where, name, value, allowed) {
  if (typeof value === "string" && allowed.includes(value)) return;
  throw wrongParameter(where, `${name} must be one of ${allowed.join(", ")}, not ${String(value)}`);
}

/**
 * Text for the wire; what pages hand over as an object is meant as its JSON.
 * @param {unknown} value
 * @returns {string | undefined}
 */
export function asText(value) {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Already told once. @type {Set<string>} */
const told = new Set();

/**
 * Says once on the console what has no effect: nothing that a page asks for is left out in silence.
 * @param {string} where
 * @param {Given} given
 * @param {readonly string[]} known
 */
export function tellUnused(where, given, known) {
  const unused = Object.keys(given).filter(
    (name) => !known.includes(name) && given[name] !== undefined,
  );
  const fresh = unused.filter((name) => !told.has(`${where} ${name}`));
  if (fresh.length === 0) return;
  for (const name of fresh) told.add(`${where} ${name}`);
  console.warn(`roomgate: ${where} makes no use of ${fresh.join(", ")}`);
}
