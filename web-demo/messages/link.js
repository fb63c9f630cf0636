/** An address that came in a message: only those of the web are followed, never a script. */

/**
 * @param {unknown} text
 * @returns {URL | null}
 */
export function safeLink(text) {
  if (typeof text !== "string" || !text) return null;
  try {
    const url = new URL(text, location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
