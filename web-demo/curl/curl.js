/**
 * A call of the server API as a line for a shell. It carries no signature: that is made where the secret is, when the line is
 * run, so the line may be shown to anybody and never grows old.
 *
 * @typedef {import("./actions.js").Call} Call
 */

/** What a shell takes as it is, inside quotes or not. */
const PLAIN = /^[\w.,:@/+-]+$/;

/** A line break, and what an interactive shell replaces even inside quotes. */
const UNQUOTABLE = /[\n\r\t!]/;

/**
 * @param {Call} call
 * @param {string} origin the gateway's
 */
export function curlText({ action, params }, origin) {
  const parts = ["curl -sS $(roomgate sign --curl)", `${origin}/nimserver/${action}.action`];
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) parts.push(parameter(name, parameterText(value)));
  }
  return `eval "${parts.join(" ")}"`;
}

/** Lists and objects are JSON text in a form. @param {unknown} value */
export function parameterText(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {string} name @param {string} value */
function parameter(name, value) {
  // curl reads a file for a value that begins with @ only without a name, so name=value is safe.
  if (PLAIN.test(value)) return `--data-urlencode ${name}=${value}`;
  if (value === "" || UNQUOTABLE.test(value)) return `-d ${name}=${escaped(value)}`;
  return `--data-urlencode ${doubleQuoted(singleQuoted(`${name}=${value}`))}`;
}

/** @param {string} value @returns {string} as a form has it; the few marks that a shell would read too are escaped as well */
function escaped(value) {
  const code = (/** @type {string} */ mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value).replace(/[!'()*~]/g, code);
}

/** For the shell that eval starts. @param {string} text */
const singleQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** For the shell that reads the line. @param {string} text */
const doubleQuoted = (text) => text.replace(/[\\"$`]/g, "\\$&");
