/** From a file to a message: shown at once, uploaded with its progress, then sent; what fails can be tried again. */

import { errorText } from "../base/errors.js";
import { imageSize, kindOf, playing } from "./media.js";
import { Cancelled, upload } from "./upload.js";

/**
 * @typedef {import("../messages/entry.js").MessageEntry} MessageEntry
 * @typedef {import("../messages/entry.js").Body} Body
 */

/**
 * @param {File} file
 * @returns {Promise<Body>} as it is shown while it is on its way
 */
export async function bodyFor(file) {
  const kind = kindOf(file);
  const ext = /\.(\w{1,8})$/.exec(file.name)?.[1]?.toLowerCase() ?? "";
  const content = { name: file.name, size: file.size, ext };
  if (kind !== "image") return { type: kind, content };
  const size = await imageSize(file);
  return size ? { type: "image", content: { ...content, ...size } } : { type: "file", content };
}

/**
 * @param {MessageEntry} entry
 * @param {File} file
 * @param {Record<string, string>} headers
 * @param {{changed: () => void, ready: () => void, cancelled: () => void}} ears
 */
export async function uploadFor(entry, file, headers, ears) {
  const { done, cancel } = upload(file, headers, (part) => {
    entry.progress = part;
    ears.changed();
  });
  Object.assign(entry, { state: "uploading", failure: null, progress: 0, cancel });
  ears.changed();
  try {
    const stored = await done;
    entry.body = await storedBody(entry.body, stored);
    entry.cancel = null;
    ears.ready();
  } catch (error) {
    if (error instanceof Cancelled) return ears.cancelled();
    entry.state = "failed";
    entry.failure = {
      text: errorText(error),
      certain: true,
      again: () => uploadFor(entry, file, headers, ears),
    };
    ears.changed();
  }
}

/**
 * @param {Body} body
 * @param {import("../session/door.js").Stored} stored
 * @returns {Promise<Body>}
 */
async function storedBody({ type, content }, stored) {
  // Whoever reads it may have another page open: the address is given in full.
  const url = new URL(stored.url, location.href).href;
  // Kept under a name that is safe in an address; shown under its own.
  const all = { ...content, ...stored, name: content?.name, url };
  if (type !== "audio" && type !== "video") return { type, content: all };
  const found = await playing(type, url);
  if (!found) return { type: "file", content: all };
  const { dur, w, h } = found;
  return { type, content: type === "audio" ? { ...all, dur } : { ...all, dur, w, h } };
}
