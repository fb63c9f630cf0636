/**
 * The language that the page speaks: the reader's own at first, then what they chose.
 *
 * @typedef {import("./en.js").Words} Words
 * @typedef {"en" | "zh-CN"} Language
 */

import { recall, remember } from "../base/memory.js";
import { en } from "./en.js";
import { zh } from "./zh.js";

/** @type {Record<Language, Words>} */
const DICTIONARIES = { en, "zh-CN": zh };

/** What an element's attribute of that name fills: its text, or another attribute. */
const PLACES = [
  ["data-words", ""],
  ["data-words-label", "aria-label"],
  ["data-words-placeholder", "placeholder"],
  ["data-words-title", "title"],
];

/** @type {Language} */
let spoken = "en";

/** All texts in the language now spoken: who imports it sees it change. @type {Words} */
export let words = en;

/** @type {(() => void)[]} */
const listeners = [];

export const language = () => spoken;

/** @param {() => void} listener shows its own texts anew */
export function onLanguage(listener) {
  listeners.push(listener);
}

export function startLanguage() {
  const chosen = recall("language");
  speak(isLanguage(chosen) ? chosen : preferred(navigator.languages));
}

/** @param {Language} chosen */
export function chooseLanguage(chosen) {
  remember("language", chosen);
  speak(chosen);
}

/** @param {readonly string[]} languages the reader's, the best first @returns {Language} */
export function preferred(languages) {
  for (const tag of languages) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

/** @param {ParentNode} root */
function translate(root) {
  for (const [mark = "", attribute = ""] of PLACES) {
    for (const element of root.querySelectorAll(`[${mark}]`)) {
      const text = lookUp(element.getAttribute(mark) ?? "");
      if (!attribute) element.textContent = text;
      else element.setAttribute(attribute, text);
    }
  }
}

/** @param {Language} chosen */
function speak(chosen) {
  spoken = chosen;
  words = DICTIONARIES[chosen];
  document.documentElement.lang = chosen;
  translate(document);
  // What is copied from them later is then in the right language by itself.
  for (const { content } of document.querySelectorAll("template")) translate(content);
  for (const listener of listeners) listener();
}

/** @param {string} path group and name @returns {string} */
function lookUp(path) {
  const [group = "", name = ""] = path.split(".");
  const text = /** @type {any} */ (words)[group]?.[name];
  if (typeof text !== "string") throw new Error(`the dictionary has no text ${path}`);
  return text;
}

/** @param {string | null} tag @returns {tag is Language} */
function isLanguage(tag) {
  return tag !== null && Object.hasOwn(DICTIONARIES, tag);
}
