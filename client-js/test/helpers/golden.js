/** The frames of tests/golden, which the gateway's own tests have it say and understand. */

import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../../tests/golden/", import.meta.url);

/** @typedef {{name: string, about: string, frame: any, answer?: string}} Golden */

/**
 * @param {string} name such as "server/lost"
 * @returns {any} its frame
 */
export function frame(name) {
  return read(new URL(`${name}.json`, FOLDER)).frame;
}

/**
 * @param {"client" | "server"} side
 * @returns {Golden[]} all that this side says
 */
export function all(side) {
  const folder = new URL(`${side}/`, FOLDER);
  return readdirSync(folder).map((file) => read(new URL(file, folder)));
}

/** @param {URL} url @returns {Golden} */
const read = (url) => JSON.parse(readFileSync(url, "utf8"));
