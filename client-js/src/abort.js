/** What an AbortSignal means for a promise, also where the platform's signals know little (React Native). */

/**
 * @param {AbortSignal} signal
 * @returns {unknown} what a promise that was given up rejects with
 */
export function abortReason(signal) {
  if (signal.reason !== undefined) return signal.reason;
  const error = new Error("the operation was aborted");
  error.name = "AbortError";
  return error;
}

/** @param {AbortSignal | undefined} signal */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw abortReason(signal);
}

/**
 * @param {AbortSignal | undefined} signal
 * @param {() => void} act once, at once if it has been aborted already
 * @returns {() => void} stops listening
 */
export function onAbort(signal, act) {
  if (!signal) return () => {};
  if (signal.aborted) {
    act();
    return () => {};
  }
  signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
}

/**
 * The promise, or the signal's reason, whichever is first.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
export function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(abortReason(signal)));
    promise.then(resolve, reject).finally(stop);
  });
}
