/** How large a picture is and how long a film or a sound takes, where nobody has said it and the browser can tell. */

/** Long enough for a file that is already here. */
const PATIENCE_MS = 5_000;

/**
 * @param {string} type
 * @param {Blob} blob
 * @param {Record<string, any>} file what is known of it
 * @returns {Promise<Record<string, any>>}
 */
export async function measure(type, blob, file) {
  const isKnown = (/** @type {string[]} */ ...parts) =>
    parts.every((part) => file[part] !== undefined);
  if (type === "image" && !isKnown("w", "h")) return { ...(await ofPicture(blob)), ...file };
  if (type === "video" && !isKnown("w", "h", "dur"))
    return { ...(await ofMedia(type, blob)), ...file };
  if (type === "audio" && !isKnown("dur")) return { ...(await ofMedia(type, blob)), ...file };
  return file;
}

/** @param {Blob} blob */
async function ofPicture(blob) {
  if (typeof createImageBitmap !== "function") return {};
  try {
    const { width, height } = await createImageBitmap(blob);
    return { w: width, h: height };
  } catch {
    // Not a picture that this browser reads: what is missing is named when the message is made.
    return {};
  }
}

/** @param {"audio" | "video"} type @param {Blob} blob @returns {Promise<Record<string, number>>} */
async function ofMedia(type, blob) {
  if (typeof document === "undefined") return {};
  const media = document.createElement(type);
  const url = URL.createObjectURL(blob);
  const sizes = await new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    media.onerror = () => resolve({});
    media.onloadedmetadata = () => resolve(sizesOf(media));
    media.addEventListener("loadedmetadata", () => clearTimeout(timer));
    media.preload = "metadata";
    media.src = url;
  });
  URL.revokeObjectURL(url);
  return sizes ?? {};
}

/** @param {HTMLMediaElement} media */
function sizesOf(media) {
  /** @type {Record<string, number>} */
  const sizes = {};
  const dur = Math.round(media.duration * 1_000);
  if (Number.isFinite(dur)) sizes.dur = dur;
  if (media instanceof HTMLVideoElement)
    Object.assign(sizes, { w: media.videoWidth, h: media.videoHeight });
  return sizes;
}
