/** A place as a small chart: a dot on the lines of latitude and longitude, which needs no map from anywhere. */

import { make } from "../base/dom.js";
import { words } from "../language/language.js";

/** @param {Record<string, any>} content */
export function placeCard({ title, lat, lng }) {
  const [north, east] = [Number(lat), Number(lng)];
  const dot = make("span", { class: "dot" });
  dot.style.left = `${((east + 180) / 360) * 100}%`;
  dot.style.top = `${((90 - north) / 180) * 100}%`;
  return make(
    "div",
    { class: "place" },
    make("div", { class: "chart", "aria-hidden": "true" }, dot),
    make("p", { class: "file-name", dir: "auto", text: title || words.types.geo }),
    make("p", { class: "file-about", text: coordinates(north, east) }),
  );
}

/** @param {number} lat @param {number} lng */
export function coordinates(lat, lng) {
  const part = (
    /** @type {number} */ degrees,
    /** @type {string} */ plus,
    /** @type {string} */ minus,
  ) => `${Math.abs(degrees).toFixed(4)}° ${degrees < 0 ? minus : plus}`;
  return `${part(lat, "N", "S")}, ${part(lng, "E", "W")}`;
}
