/** What a page hears of its surroundings: the network came or went, somebody looks again. Nothing where there is no page. */

/**
 * @param {() => void} doubt the connection may be dead, or may be possible again
 * @returns {() => void} stops watching
 */
export function watchEnvironment(doubt) {
  const { document, addEventListener, removeEventListener } = globalThis;
  if (!document?.addEventListener || !addEventListener) return () => {};
  const seen = () => {
    if (document.visibilityState === "visible") doubt();
  };
  addEventListener("online", doubt);
  addEventListener("offline", doubt);
  document.addEventListener("visibilitychange", seen);
  return () => {
    removeEventListener("online", doubt);
    removeEventListener("offline", doubt);
    document.removeEventListener("visibilitychange", seen);
  };
}
