/** Types of messages: the wire’s numbers and the names that pages use. */

import { flipped } from "./flipped.js";

/** @type {Readonly<Record<number, string>>} */
export const MESSAGE_TYPES = {
  0: "text",
  1: "image",
  2: "audio",
  3: "video",
  4: "geo",
  5: "notification",
  6: "file",
  10: "tip",
  11: "robot",
  100: "custom",
};

/** @type {Readonly<Record<string, number>>} */
export const MESSAGE_TYPE_NUMBERS = flipped(MESSAGE_TYPES);

export const FILE_TYPES = ["image", "audio", "video", "file"];
