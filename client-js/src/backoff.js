/** How long to wait before the next attempt: doubling, bounded, with full jitter. */

export const BACKOFF_FIRST_MS = 1_000;
export const BACKOFF_MAX_MS = 30_000;

/**
 * Full jitter (anything from nothing to the ceiling) spreads many clients that lost one gateway at the
 * same moment; a fixed wait would bring them all back at the same moment too.
 * @param {number} attempt how many attempts have failed so far
 * @param {() => number} [random] 0 to 1
 * @returns {number} milliseconds
 */
export function backoffMs(attempt, random = Math.random) {
  // 2 ** 1024 is Infinity, which the minimum still bounds.
  return Math.round(Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt) * random());
}
