/** Calls what the page gave us. Its mistakes are its own: they surface as uncaught errors, and nothing of ours stops. */

/**
 * @param {unknown} callback nothing happens where it is no function
 * @param {...unknown} values
 */
export function tell(callback, ...values) {
  if (typeof callback !== "function") return;
  try {
    callback(...values);
  } catch (error) {
    setTimeout(() => {
      throw error;
    }, 0);
  }
}
