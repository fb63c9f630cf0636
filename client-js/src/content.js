/** What a message says: the content an application gives, as the protocol's msgType and attach, and back. */

/**
 * @typedef {"text" | "image" | "audio" | "video" | "geo" | "notification" | "file" | "tip" | "robot" | "custom"} TypeName
 *
 * @typedef {{type: "text" | "tip", text: string}} TextContent
 * @typedef {{type: Exclude<TypeName, "text" | "tip"> | number, content?: unknown} & Record<string, unknown>} ObjectContent
 *   the other members are the content, unless `content` is given
 * @typedef {string | TextContent | ObjectContent} Content
 */

import { Invalid } from "./errors.js";

/** @type {Record<TypeName, number>} */
const NUMBERS = {
  text: 0,
  image: 1,
  audio: 2,
  video: 3,
  geo: 4,
  notification: 5,
  file: 6,
  tip: 10,
  robot: 11,
  custom: 100,
};

const NAMES = new Map(Object.entries(NUMBERS).map(([name, number]) => [String(number), name]));

/**
 * @param {string | number} number
 * @returns {string} its name; of a type from a newer gateway the number
 */
export const typeName = (number) => NAMES.get(String(number)) ?? String(number);

/**
 * @param {string | number} type
 * @returns {number}
 */
export function typeNumber(type) {
  const number = typeof type === "number" ? type : NUMBERS[/** @type {TypeName} */ (type)];
  if (number !== undefined) return number;
  throw new Invalid(
    `there is no message type ${type}`,
    `Use one of ${Object.keys(NUMBERS).join(", ")}.`,
  );
}

/**
 * @param {Content} content
 * @returns {{msgType: number, attach: string}}
 */
export function writeContent(content) {
  if (typeof content === "string") return { msgType: NUMBERS.text, attach: content };
  const { type, ...members } = /** @type {{type: string | number} & Record<string, unknown>} */ (
    content
  );
  const msgType = typeNumber(type);
  const isText = msgType === NUMBERS.text || msgType === NUMBERS.tip;
  return { msgType, attach: asText(isText ? members.text : (members.content ?? members)) };
}

/**
 * @param {string} type its name
 * @param {string} attach
 * @returns {{text: string} | {content: any}}
 */
export function readContent(type, attach) {
  if (type === "text" || type === "tip") return { text: attach };
  try {
    return { content: JSON.parse(attach) };
  } catch {
    return { content: attach };
  }
}

/** @param {unknown} value @returns {string} */
export function asText(value) {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
