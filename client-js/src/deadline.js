/** How long a promise may take, besides the signal that it was given. */

import { abortReason, onAbort } from "./abort.js";
import { TimedOut } from "./errors.js";

/**
 * @template T
 * @param {number | undefined} ms as long as it takes unless given
 * @param {AbortSignal | undefined} signal
 * @param {(signal: AbortSignal | undefined) => Promise<T>} work
 * @returns {Promise<T>} rejects with TimedOut where its time was over first
 */
export async function within(ms, signal, work) {
  if (ms === undefined) return work(signal);
  const controller = new AbortController();
  /** Kept here: not every platform's signals know their reason. @type {unknown} */
  let why;
  /** @param {unknown} reason */
  const giveUp = (reason) => {
    why ??= reason;
    controller.abort(reason);
  };
  const stop = onAbort(signal, () => giveUp(signal && abortReason(signal)));
  const timer = setTimeout(() => giveUp(new TimedOut(ms)), ms);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw why ?? error;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
