/**
 * Watch an urgent message overtake: this tab reads slowly, a burst of normal messages to itself fills its queue, one urgent
 * message is sent behind them all, and what arrives is written down in the order in which it arrives.
 *
 * @typedef {import("../client/index.js").Room} Room
 * @typedef {{urgent: boolean, number: number, delayMs: number}} Arrival number: which of those sent
 */

import { freshId } from "../client/ids.js";

/** So many normal ones, so large that the queue can be seen, read at such a speed that it takes some seconds. */
export const BURST = 32;
const EXT_LETTERS = 1_200;
export const RACE_BYTES_PER_SECOND = 32 * 1_024;

/** A race that is not over by then has lost its connection. */
const PATIENCE_MS = 30_000;

/**
 * @param {Room} room
 * @param {string} me
 * @param {{text: (number: number) => string, urgentText: string, arrived: (arrival: Arrival) => void}} ears
 * @returns {Promise<Arrival[]>} in the order of arrival
 */
export async function race(room, me, { text, urgentText, arrived }) {
  /** @type {Map<string, {urgent: boolean, number: number, sentMs: number}>} */
  const running = new Map();
  /** @type {Arrival[]} */
  const arrivals = [];
  /** @type {() => void} */
  let finish = () => {};
  const off = room.on("message", ({ id }) => {
    const runner = running.get(id);
    if (!runner || !running.delete(id)) return;
    const { urgent, number, sentMs } = runner;
    const arrival = { urgent, number, delayMs: performance.now() - sentMs };
    arrivals.push(arrival);
    arrived(arrival);
    if (running.size === 0) finish();
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    await new Promise((/** @type {(over: void) => void} */ resolve, reject) => {
      finish = resolve;
      timer = setTimeout(resolve, PATIENCE_MS);
      for (let number = 1; number <= BURST + 1; number += 1) {
        const id = freshId();
        const urgent = number > BURST;
        running.set(id, { urgent, number, sentMs: performance.now() });
        const how = { to: me, high: urgent, id, ext: " ".repeat(EXT_LETTERS) };
        room.send(urgent ? urgentText : text(number), how).catch(reject);
      }
    });
  } finally {
    clearTimeout(timer);
    off();
  }
  return arrivals;
}
