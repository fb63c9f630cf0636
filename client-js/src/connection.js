/**
 * One WebSocket, from its opening to its end. Once closed by us it is silent: what an old one still
 * has to say must not reach the session that went on without it. Knows nothing of the protocol.
 *
 * @typedef {object} SocketLike what is asked of a WebSocket; the browser's, React Native's and that of the `ws` package have it
 * @property {number} readyState
 * @property {((event: any) => void) | null} onopen
 * @property {((event: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 * @property {((event: any) => void) | null} onerror
 * @property {(text: string) => void} send
 * @property {(code?: number) => void} close
 * @property {() => void} [terminate] of the `ws` package: ends it without asking the other side
 *
 * @typedef {new (url: string, protocols?: any) => any} SocketClass makes a SocketLike
 *
 * @typedef {object} Ears
 * @property {() => void} opened
 * @property {(data: unknown) => void} heard
 * @property {(code: number) => void} closed by the gateway or the network
 */

export const SUBPROTOCOL = "roomgate.v1";

/** A goodbye: the gateway ends the session. */
export const GOODBYE = 1000;
/** Given up or put aside by us: the gateway keeps the session for a while. */
export const AWAY = 4900;
/** What a platform reports when a connection broke without a close frame. */
export const BROKEN = 1006;

/** The end of a connection that hangs is not waited for longer. */
const CLOSING_MS = 2_000;

/** `WebSocket.OPEN` and `CLOSED`, which a class that was handed in need not have. */
const OPEN = 1;
const CLOSED = 3;

const nothing = () => {};

export class Connection {
  /** @type {SocketLike} */
  #socket;

  /**
   * @param {SocketClass} Socket
   * @param {string} url
   * @param {Ears} ears
   */
  constructor(Socket, url, ears) {
    const socket = new Socket(url, SUBPROTOCOL);
    socket.onopen = () => ears.opened();
    socket.onmessage = (/** @type {{data: unknown}} */ { data }) => ears.heard(data);
    socket.onclose = (/** @type {{code?: number}} */ { code }) => ears.closed(code ?? BROKEN);
    // The close event that follows says all there is; without a listener `ws` would throw.
    socket.onerror = nothing;
    this.#socket = socket;
  }

  /** @param {string} text dropped where the connection is just breaking: the session asks again on the next one */
  write(text) {
    if (this.#socket.readyState === OPEN) this.#socket.send(text);
  }

  /**
   * @param {number} code
   * @param {() => void} [closed] told when the other side has agreed, or does not in time
   */
  close(code, closed = nothing) {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = nothing;
    if (socket.readyState === CLOSED) return closed();
    const timer = setTimeout(() => {
      // That of `ws` would keep a process alive for half a minute.
      socket.terminate?.();
      closed();
    }, CLOSING_MS);
    socket.onclose = () => {
      clearTimeout(timer);
      closed();
    };
    try {
      socket.close(code);
    } catch {
      // Some platforms throw where the handshake has not ended; there is nothing to close then.
      clearTimeout(timer);
      closed();
    }
  }
}
