/**
 * A message on its way out: the application's words for it, as the members of `send`.
 *
 * @typedef {import("./content.js").Content} Content
 *
 * @typedef {object} SendOptions
 * @property {string | string[]} [to] directed: to these accounts only
 * @property {boolean} [high] ahead of everything normal that still waits
 * @property {unknown} [ext] for the application; what is no text goes as JSON
 * @property {boolean} [outcomes] directed only: what became of it for each account
 * @property {string} [id] the msgId; a fresh one unless given
 * @property {boolean} [resend] it was sent before with this id
 * @property {number} [subType]
 * @property {boolean} [skipHistory]
 * @property {string} [notifyTargetTags] a tag expression
 * @property {Record<string, unknown>} [more] any other member of the protocol's `send`
 */

import { asText, writeContent } from "./content.js";
import { freshId } from "./ids.js";

/**
 * @param {Content} content
 * @param {SendOptions} options
 */
export function sendMembers(content, options) {
  const { to, high, ext, outcomes, id, resend, subType, skipHistory, notifyTargetTags, more } =
    options;
  return {
    msgId: id ?? freshId(),
    ...writeContent(content),
    toAccids: typeof to === "string" ? [to] : to,
    highPriority: high || undefined,
    ext: ext === undefined ? undefined : asText(ext),
    outcomes: outcomes || undefined,
    resendFlag: resend ? 1 : undefined,
    subType,
    skipHistory: skipHistory ? 1 : undefined,
    notifyTargetTags,
    ...more,
  };
}
