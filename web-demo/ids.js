/** Message ids: fresh ones for what is sent, and a bounded memory of those already shown. */

/**
 * `crypto.randomUUID` exists only in secure contexts, and a LAN address without TLS is none.
 * @param {Pick<Crypto, "getRandomValues"> & {randomUUID?: () => string}} [source]
 */
export function freshId(source = crypto) {
  if (source.randomUUID) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  // Version 4, RFC 9562 section 5.4.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Remembers the newest ids; a page left open for a week must not grow. */
export class SeenIds {
  /** @type {Set<string>} */
  #ids = new Set();
  #max;

  constructor(max = 2_000) {
    this.#max = max;
  }

  /**
   * @param {string} id
   * @returns {boolean} true the first time
   */
  add(id) {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > this.#max) {
      // A Set keeps insertion order: the first value is the oldest.
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest);
        break;
      }
    }
    return true;
  }
}
