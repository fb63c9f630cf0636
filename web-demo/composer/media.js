/** What a file is, and what must be said of it: the width and height of what is seen, the length of what is heard. */

/** @typedef {"image" | "audio" | "video" | "file"} Kind */

/** A file that the browser cannot read would keep us waiting for ever. */
const PATIENCE_MS = 5_000;

/** @param {File} file @returns {Kind} */
export function kindOf({ type }) {
  const [kind = ""] = type.split("/");
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}

/** Known before the upload, so that the space is kept. @param {File} file @returns {Promise<{w: number, h: number} | null>} null: no picture after all */
export async function imageSize(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const size = { w: bitmap.width, h: bitmap.height };
    bitmap.close();
    return size;
  } catch {
    return null;
  }
}

/**
 * Read from the gateway, once it is there: this page's policy lets no player read from memory.
 * @param {"audio" | "video"} kind
 * @param {string} url
 * @returns {Promise<{dur: number, w: number, h: number} | null>} null: it cannot be played here
 */
export function playing(kind, url) {
  const player = document.createElement(kind);
  return new Promise((resolve) => {
    const give = (/** @type {{dur: number, w: number, h: number} | null} */ found) => {
      clearTimeout(timer);
      player.removeAttribute("src");
      resolve(found);
    };
    const timer = setTimeout(() => give(null), PATIENCE_MS);
    player.onerror = () => give(null);
    player.onloadedmetadata = () => {
      // A recording may have no end written in it.
      const dur = Number.isFinite(player.duration) ? Math.round(player.duration * 1_000) : 0;
      const { videoWidth = 0, videoHeight = 0 } = /** @type {HTMLVideoElement} */ (player);
      give({ dur, w: videoWidth, h: videoHeight });
    };
    player.preload = "metadata";
    player.src = url;
  });
}
