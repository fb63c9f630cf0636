/**
 * What a close code means for this client: whether to come back by itself, not before when, and the words for it.
 *
 * @typedef {{back: boolean, atLeastMs: number, why: string}} Verdict
 */

/** @param {string} why @param {number} [atLeastMs] @returns {Verdict} */
const back = (why, atLeastMs = 0) => ({ back: true, atLeastMs, why });

/** @param {string} why @returns {Verdict} */
const stay = (why) => ({ back: false, atLeastMs: 0, why });

/** @type {Record<number, Verdict>} */
const VERDICTS = {
  1000: back("The gateway closed the connection."),
  1001: back("The gateway is going away."),
  1002: stay("The gateway could not read this client’s frames."),
  1003: stay("The gateway does not take this kind of frame."),
  1007: stay("The gateway could not read this client’s text."),
  1008: back("Too much was sent too fast.", 10_000),
  1009: stay("What was sent is larger than the gateway allows."),
  1011: back("The gateway had an internal error."),
  1012: back("The gateway is restarting."),
  1013: back("The gateway is full."),
  4001: stay("The gateway refused the login."),
  4002: stay("This account is blocked, or its token was revoked."),
  4003: stay("This login was replaced by another one."),
  4100: stay("The gateway could not understand this client."),
  4101: back("This client read too slowly."),
  4102: back("The gateway did not hear from this client in time."),
  4103: back("The login took too long."),
};

/**
 * @param {number} code
 * @returns {Verdict}
 */
export function closeVerdict(code) {
  const known = VERDICTS[code];
  if (known) return known;
  // The protocol reserves this range for "do not come back", codes not yet invented included.
  if (code >= 4000 && code <= 4099) return stay(`The gateway ended the session (${code}).`);
  return back("The connection was lost.");
}
