/**
 * Files that a page sends: found, handed to the page's own upload, and looked at for what a message must say of them.
 *
 * @typedef {{type: string, name: string, signal: AbortSignal, progress: (loaded: number, total: number) => void}} UploadHow
 * @typedef {Record<string, any>} Given
 */

import { ChatroomError, notSupported, wrongParameter } from "./chatroom-error.js";
import { mustBeOneOf } from "./checks.js";
import { measure } from "./measure.js";
import { FILE_TYPES } from "./tables/message-types.js";
import { tell } from "./tell.js";

const SOURCES = ["file", "blob", "fileInput", "dataURL", "filePath", "wxFilePath", "fileObject"];
const UPLOAD =
  "give getInstance an uploadFile(blob) that keeps it and answers {url, md5, …}, or send a ready file";

/**
 * @param {string} where
 * @param {Given} given
 * @returns {string} the type of message
 */
export function checkFile(where, given) {
  const type = given.type ?? "file";
  mustBeOneOf(where, "type", type, FILE_TYPES);
  const sources = SOURCES.filter((name) => given[name] !== undefined && given[name] !== null);
  if (sources.length !== 1) {
    throw wrongParameter(where, `one of ${SOURCES.slice(0, 4).join(", ")} must be given`);
  }
  return type;
}

/**
 * @param {string} where
 * @param {Given} given
 * @param {import("./options.js").ChatroomOptions["uploadFile"]} keep the page’s own
 * @param {import("./message.js").ChatroomMessage} [message] that it is for
 * @returns {Promise<Given>} the file as a message has it
 */
export async function upload(where, given, keep, message) {
  if (!keep) throw notSupported(`${where} without an uploadFile`, UPLOAD);
  const { type = "file" } = given;
  const blob = await pick(where, given);
  checkKind(type, blob);
  const name = "name" in blob ? String(blob.name) : "";
  const how = { type, name, progress: progress(given, message) };
  const kept = await cancellable(given.beginupload, message, (signal) =>
    keep(blob, { ...how, signal }),
  );
  const file = { name, size: blob.size, ext: extensionOf(name, blob) };
  return { ...file, ...(await measure(type, blob, kept)) };
}

/**
 * @param {unknown} begin the page’s `beginupload`, which may keep what cancels
 * @param {unknown} message
 * @param {(signal: AbortSignal) => Promise<Given> | Given} act
 */
async function cancellable(begin, message, act) {
  const controller = new AbortController();
  let isCancelled = false;
  const abort = () => {
    isCancelled = true;
    controller.abort();
  };
  tell(begin, { abort }, message);
  try {
    const kept = await act(controller.signal);
    if (!isCancelled) return kept;
  } catch (error) {
    if (!isCancelled) throw error;
  }
  throw new ChatroomError("Operation_Canceled");
}

/** @param {string} where @param {Given} given @returns {Promise<Blob>} */
async function pick(where, { blob, fileInput, dataURL }) {
  if (blob) return blob;
  if (dataURL) return fromDataUrl(where, dataURL);
  if (!fileInput) throw notSupported(`${where} with a file’s path`, "hand over a blob");
  const input = typeof fileInput === "string" ? document.getElementById(fileInput) : fileInput;
  if (!input) throw wrongParameter(where, `fileInput: there is no element ${fileInput}`);
  const file = input.files?.[0];
  if (!file) throw new ChatroomError("No_File_Selected");
  return file;
}

/** @param {string} type @param {Blob} blob */
function checkKind(type, blob) {
  if (type === "file" || !blob.type || blob.type.startsWith(`${type}/`)) return;
  throw new ChatroomError("Wrong_File_Type", `${blob.type} is no ${type}`);
}

/** Not with `fetch`, which a page’s policy may forbid. @param {string} where @param {string} url */
function fromDataUrl(where, url) {
  const [, type = "", base64 = ""] = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(url) ?? [];
  if (!base64) throw wrongParameter(where, "dataURL must be data:TYPE;base64,…");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type });
}

/** @param {string} name @param {Blob} blob */
function extensionOf(name, { type }) {
  return /\.([^.]+)$/.exec(name)?.[1] ?? type.split("/")[1] ?? "";
}

/** @param {Given} given @param {unknown} message @returns {UploadHow["progress"]} */
function progress(given, message) {
  return (loaded, total) => {
    const percentage = total > 0 ? (loaded / total) * 100 : 0;
    const percentageText = `${percentage.toFixed(2)}%`;
    tell(given.uploadprogress, { loaded, total, percentage, percentageText }, message);
  };
}
