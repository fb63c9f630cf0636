/** One file on its way to the gateway, with how far it is: `fetch` does not tell that of what goes up. */

import { byteText } from "../base/format.js";
import { words } from "../language/language.js";
import { NotDone } from "../session/door.js";

/**
 * @typedef {import("../session/door.js").Stored} Stored
 * @typedef {{done: Promise<Stored>, cancel: () => void}} Upload
 */

/** The upload was ended by who began it. */
export class Cancelled extends Error {}

/**
 * @param {File} file
 * @param {Record<string, string>} headers who sends it
 * @param {(part: number) => void} progress 0 to 1
 * @returns {Upload}
 */
export function upload(file, headers, progress) {
  const request = new XMLHttpRequest();
  const done = new Promise((/** @type {(stored: Stored) => void} */ resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(answer);
      else reject(refusal(answer, request.status));
    };
    request.onerror = () => reject(new Error(words.door.unreachable));
    request.onabort = () => reject(new Cancelled());
  });
  request.open("POST", `./demo/files?name=${encodeURIComponent(file.name)}`);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.send(file);
  return { done, cancel: () => request.abort() };
}

const TOO_LARGE = 413;

/** @param {{code?: number, desc?: string}} answer @param {number} status */
function refusal(answer, status) {
  const limit = Number(/over (\d+) bytes/.exec(answer.desc ?? "")?.[1]);
  if (status !== TOO_LARGE || !limit) return new NotDone(answer, status);
  return new Error(words.door.tooLarge(byteText(limit)));
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
