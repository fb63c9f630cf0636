/** Addresses that came in a message: only those of the web are followed, never a script, and only our own files are shown in place. */

/** Where the gateway keeps the demo's files. */
const FILES = /\/demo\/files\/[^?#]+$/;

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

/**
 * The gateway has several names: who sent it may have used another one. This page's policy shows nothing from elsewhere.
 * @param {unknown} text
 * @returns {string | undefined}
 */
export function ownLink(text) {
  const path = FILES.exec(safeLink(text)?.pathname ?? "")?.[0];
  return path && `.${path}`;
}
