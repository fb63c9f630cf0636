/** The words for what went wrong, in the reader's language where this page has them and else in the gateway's own. */

import { words } from "../language/language.js";

/** @param {unknown} error */
export function errorText(error) {
  if (!(error instanceof Error)) return String(error);
  const { code } = /** @type {{code?: unknown}} */ (error);
  const known = words.refusals[String(code)];
  return known ?? error.message;
}
