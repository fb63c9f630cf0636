/** Numbers, times and lists of names as people read them. */

import { language, words } from "../language/language.js";

const KIB = 1024;

/** @param {number} bytes */
export function byteText(bytes) {
  if (bytes < KIB) return `${bytes} B`;
  const [size, unit] = bytes < KIB * KIB ? [bytes / KIB, "KiB"] : [bytes / KIB / KIB, "MiB"];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** @param {number} ms */
export function delayText(ms) {
  // Unbroken spaces: a unit alone on the next line is no help.
  return ms < 1_000 ? `${Math.round(ms)}\u00a0ms` : `${(ms / 1_000).toFixed(2)}\u00a0s`;
}

/** @param {number} seconds */
export function durationText(seconds) {
  if (seconds < 60) return words.units.seconds(Math.ceil(seconds));
  if (seconds < 3_600) return words.units.minutes(Math.round(seconds / 60));
  if (seconds < 86_400) return words.units.hours(Math.round(seconds / 3_600));
  return words.units.days(Math.round(seconds / 86_400));
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {Date} date the day is said where it is not today */
export function timeText(date) {
  const today = date.toDateString() === new Date().toDateString();
  const key = `${language()} ${today}`;
  let clock = clocks.get(key);
  if (!clock) {
    const day = today ? {} : /** @type {const} */ ({ month: "short", day: "numeric" });
    clock = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", ...day });
    clocks.set(key, clock);
  }
  return clock.format(date);
}

/**
 * @param {string[]} names
 * @param {number} [most] how many to write out
 */
export function listNames(names, most = 4) {
  if (names.length <= most) return names.join(words.units.comma);
  return words.units.andMore(names.slice(0, most).join(words.units.comma), names.length - most);
}
