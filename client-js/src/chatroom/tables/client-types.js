/** What a message was sent from: the gateway’s words in messages, its numbers in histories, and the names that pages use. */

/** @type {Readonly<Record<string, string>>} */
export const CLIENT_TYPES = {
  Android: "Android",
  iOS: "iOS",
  PC: "PC",
  Linux: "PC",
  WindowsPhone: "WindowsPhone",
  Web: "Web",
  REST: "Server",
  Mac: "Mac",
  Harmony: "HarmonyOS",
};

/** @type {Readonly<Record<number, string>>} */
export const CLIENT_TYPE_NUMBERS = {
  1: "Android",
  2: "iOS",
  4: "PC",
  8: "WindowsPhone",
  16: "Web",
  32: "Server",
  64: "Mac",
  65: "HarmonyOS",
};
