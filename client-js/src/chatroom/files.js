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
  const abort = new AbortController();
  tell(
    given.beginupload,
    { abort: () => abort.abort(new ChatroomError("Operation_Canceled")) },
    message,
  );
  const how = {
    type,
    name: nameOf(blob),
    signal: abort.signal,
    progress: progress(given, message),
  };
  const kept = await keep(blob, how);
  abort.signal.throwIfAborted();
  return {
    name: how.name,
    size: blob.size,
    ext: extensionOf(how.name, blob),
    ...(await measure(type, blob, kept)),
  };
}

/** @param {string} where @param {Given} given @returns {Promise<Blob>} */
async function pick(where, { blob, fileInput, dataURL }) {
  if (blob) return blob;
  if (dataURL) return (await fetch(dataURL)).blob();
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

/** @param {Blob} blob @returns {string} */
const nameOf = (blob) => ("name" in blob ? String(blob.name) : "");

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
