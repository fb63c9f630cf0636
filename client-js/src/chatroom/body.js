/** The content of a message: what is in `attach` on the wire, and in `text`, `file`, `geo`, `tip` or `content` for pages. */

import { wrongParameter } from "./chatroom-error.js";
import { asText, mustBe, mustBeOneOf, mustHave } from "./checks.js";
import { readNotification } from "./notification.js";
import { FILE_TYPES } from "./tables/message-types.js";

/** @typedef {Record<string, any>} Given */

/** What a file must have, besides what its type asks for. */
const FILE_PARTS = ["url", "ext", "size", "md5"];
/** @type {Readonly<Record<string, string[]>>} */
const MORE_PARTS = { image: ["w", "h"], audio: ["dur"], video: ["dur", "w", "h"], file: [] };

/**
 * @param {string} type the page’s name
 * @param {string} attach
 * @returns {Given} the one member that has the content; `text` is always there
 */
export function readBody(type, attach) {
  const text = "";
  if (type === "text") return { text: attach };
  if (type === "tip") return { text, tip: attach };
  if (type === "geo") return { text, geo: readObject(attach) };
  if (type === "notification") return { text, attach: readNotification(attach) };
  if (FILE_TYPES.includes(type)) return { text, file: readObject(attach) };
  return { text, content: attach };
}

/** @param {string} json @returns {Given} empty where it is no object: a page must not stumble over somebody else’s mistake */
function readObject(json) {
  try {
    const value = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/**
 * @param {string} where
 * @param {string} type
 * @param {Given} given
 * @returns {string} `attach`
 */
export function writeBody(where, type, given) {
  if (type === "text") return required(where, given, "text");
  if (type === "tip") return required(where, given, "tip");
  if (type === "custom") return required(where, given, "content");
  if (type === "geo") return writeGeo(where, given);
  mustBeOneOf(where, "type", type, FILE_TYPES);
  return writeFile(where, type, given);
}

/** @param {string} where @param {Given} given @param {string} name */
function required(where, given, name) {
  mustHave(where, given, name);
  return asText(given[name]) ?? "";
}

/** @param {string} where @param {Given} given */
function writeGeo(where, given) {
  mustHave(where, given, "geo");
  const { lng, lat, title = "" } = given.geo;
  mustHave(`${where} geo`, given.geo, "lng", "lat");
  mustBe(`${where} geo`, given.geo, { lng: "number", lat: "number" });
  return JSON.stringify({ title: String(title), lng, lat });
}

/** @param {string} where @param {string} type @param {Given} given */
function writeFile(where, type, given) {
  mustHave(where, given, "file");
  for (const part of [...FILE_PARTS, ...(MORE_PARTS[type] ?? [])]) {
    const value = given.file[part];
    if (value === undefined || value === null || value === "") {
      throw wrongParameter(where, `file.${part} is missing`);
    }
  }
  return JSON.stringify(given.file);
}
