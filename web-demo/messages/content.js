/** What a message says, drawn by its type. What is not known is shown as it came: nothing is left out silently. */

import { icon, make } from "../base/dom.js";
import { byteText } from "../base/format.js";
import { words } from "../language/language.js";
import { ownLink, safeLink } from "./link.js";
import { placeCard } from "./place.js";

/** @typedef {import("./entry.js").Body} Body */

/** An image or video is shown no larger than this; the space is kept before it is there. */
const WIDTH_MAX = 320;
const HEIGHT_MAX = 240;

/** @param {Body} body @returns {HTMLElement} */
export function contentOf(body) {
  const { type, text = "", content = {} } = body;
  switch (type) {
    case "text":
      return make("p", { class: "text", dir: "auto", text });
    case "tip":
      return make("p", { class: "text tip", dir: "auto", text });
    case "image":
      return ownLink(content.url) ? image(content) : fileCard(content, "image");
    case "audio":
      return ownLink(content.url) ? audio(content) : fileCard(content, "audio");
    case "video":
      return ownLink(content.url) ? video(content) : fileCard(content, "video");
    case "file":
      return fileCard(content, "file");
    case "geo":
      return placeCard(content);
    default:
      return custom(body);
  }
}

/** In one line, for a screen reader. @param {Body} body */
export function bodyText({ type, text, content = {} }) {
  if (text !== undefined) return text;
  const name = content.title || content.name || "";
  return `${typeName(type)} ${name}`.trim();
}

/** @param {string} type @returns {string} */
export const typeName = (type) =>
  /** @type {Record<string, string>} */ (words.types)[type] ?? words.types.other;

/** @param {Record<string, any>} content */
function image({ url, name, w, h }) {
  const href = ownLink(url);
  const picture = make("img", { src: href, alt: name || typeName("image"), ...shownSize(w, h) });
  picture.decoding = "async";
  return make("a", { class: "media", href, target: "_blank", rel: "noopener" }, picture);
}

/** @param {Record<string, any>} content */
function video({ url, name, w, h }) {
  const size = shownSize(w, h);
  const label = name || typeName("video");
  const player = make("video", {
    src: ownLink(url),
    controls: "",
    preload: "metadata",
    "aria-label": label,
    ...size,
  });
  return make("div", { class: "media" }, player);
}

/** @param {Record<string, any>} content */
function audio({ url, name }) {
  const label = name || typeName("audio");
  return make(
    "div",
    { class: "sound" },
    make("p", { class: "file-name", text: label }),
    make("audio", { src: ownLink(url), controls: "", preload: "none", "aria-label": label }),
  );
}

/** @param {Record<string, any>} content @param {string} type */
function fileCard({ url, name, size, ext }, type) {
  const link = safeLink(url);
  const about = [typeName(type), Number.isFinite(size) ? byteText(size) : ""].filter(Boolean);
  const lines = make(
    "span",
    { class: "file-lines" },
    make("span", { class: "file-name", text: name || typeName(type) }),
    make("span", { class: "file-about", text: about.join(" · ") }),
  );
  const sign = make("span", { class: "file-sign", "aria-hidden": "true" }, icon(type));
  if (ext) sign.dataset.ext = String(ext).slice(0, 4);
  if (!link) return make("div", { class: "file" }, sign, lines);
  const how = { class: "file", href: link.href, target: "_blank", rel: "noopener noreferrer" };
  return make("a", how, sign, lines);
}

/** @param {Body} body */
function custom({ type, text, content }) {
  const json = text ?? JSON.stringify(content, null, 2) ?? "";
  return make(
    "div",
    { class: "custom" },
    make("p", { class: "custom-name", text: typeName(type) }),
    make("pre", { text: json }),
  );
}

/** @param {unknown} w @param {unknown} h @returns {Record<string, string>} */
function shownSize(w, h) {
  const [width, height] = [Number(w) || WIDTH_MAX, Number(h) || HEIGHT_MAX];
  const scale = Math.min(1, WIDTH_MAX / width, HEIGHT_MAX / height);
  return { width: String(Math.round(width * scale)), height: String(Math.round(height * scale)) };
}
