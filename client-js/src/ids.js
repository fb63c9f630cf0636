/** Message ids: fresh ones for what is sent, and a bounded memory of those already handed on. */

/**
 * `crypto.randomUUID` exists only in secure contexts, and React Native has no crypto of its own. An id must
 * be unlike others, not secret: there Math.random will do.
 * @param {{getRandomValues?: Crypto["getRandomValues"], randomUUID?: () => string} | undefined} [source]
 */
export function freshId(source = globalThis.crypto) {
  if (source?.randomUUID) return source.randomUUID();
  const bytes = new Uint8Array(16);
  if (source?.getRandomValues) source.getRandomValues(bytes);
  else for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(Math.random() * 256);
  // Version 4, RFC 9562 section 5.4.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Whoever sends chooses the id: only together with its sender it says which message it is.
 * @param {{from: string, id: string}} message
 */
export const keyOf = ({ from, id }) => `${from}\n${id}`;

/** Remembers the newest ids; a client that stays for a week must not grow. */
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

  /** @param {string} id */
  has(id) {
    return this.#ids.has(id);
  }

  /** @param {string} id */
  delete(id) {
    this.#ids.delete(id);
  }
}
