/** Light or dark: as the system says, unless the reader chose. The colours themselves are all in style.css. */

import { recall, remember } from "../base/memory.js";

/** @typedef {"" | "light" | "dark"} Theme empty: as the system says */

/** The page's ground in each, for the bar that a phone's browser draws around it. */
const GROUND = { light: "#f5f4f0", dark: "#15181b" };

export function startTheme() {
  const chosen = recall("theme");
  apply(chosen === "light" || chosen === "dark" ? chosen : "");
}

/** @param {Theme} theme */
export function chooseTheme(theme) {
  remember("theme", theme);
  apply(theme);
}

/** @returns {Theme} */
export function theme() {
  return /** @type {Theme} */ (document.documentElement.dataset.theme ?? "");
}

/** @param {Theme} theme */
function apply(theme) {
  document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    const system = meta.getAttribute("media")?.includes("dark") ? "dark" : "light";
    meta.setAttribute("content", GROUND[theme || system]);
  }
}
