/**
 * The demo's HTTP door: names, entering, rooms, files, a server to try, and a look inside.
 *
 * @typedef {{appKey: string, accid: string, token: string, nick: string, roomid: string}} Pass what entering gives
 * @typedef {{roomid: string, name: string, announcement: string | null, owner: string, online: number}} RoomLine
 * @typedef {{url: string, name: string, size: number, md5: string, ext: string}} Stored
 * @typedef {{frames: number, bytes: number}} Load
 * @typedef {{session: string, mine: boolean, high: Load, normal: Load, retained: Load, away: boolean, bytesPerSecond: number | null}} InsideSession
 * @typedef {{bounds: {high: number, normal: number}, members: {accid: string, nick: string, sessions: InsideSession[]}[]}} Inside
 */

import { words } from "../language/language.js";

/** The door answered, and the answer was no. */
export class NotDone extends Error {
  /** @param {{code?: number, desc?: string}} answer @param {number} status */
  constructor({ code, desc }, status) {
    super(desc || words.door.answered(status));
    this.code = code ?? status;
  }
}

/** @returns {Promise<string>} a free name; empty when there is none to suggest */
export async function suggestName() {
  try {
    const { name } = await ask("./demo/suggest");
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}

/**
 * @param {string} name
 * @returns {Promise<Pass>}
 */
export const enter = (name) => ask("./demo/enter", json({ name }));

/** @param {Location} location */
export function socketUrl({ protocol, host }) {
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws`;
}

/** The door as somebody who has entered uses it. */
export class Door {
  #headers;

  /** @param {Pass} pass */
  constructor({ accid, token }) {
    this.#headers = { "X-Demo-Account": accid, "X-Demo-Token": token };
  }

  /** For a request that is made elsewhere. */
  get headers() {
    return this.#headers;
  }

  /** @returns {Promise<RoomLine[]>} */
  async rooms() {
    return (await this.#get("./demo/rooms")).rooms;
  }

  /** @param {string} name @returns {Promise<string>} its id */
  async makeRoom(name) {
    return String((await this.#post("./demo/rooms", { name })).roomid);
  }

  /** Done as an application server would; the answer is the server API's own. @param {string} action @param {Record<string, unknown>} params */
  serve(action, params) {
    return this.#post("./demo/server", { action, params });
  }

  /** @param {string} roomid @returns {Promise<Inside>} */
  inside(roomid) {
    return this.#get(`./demo/inside?roomid=${encodeURIComponent(roomid)}`);
  }

  /** @param {string} session @param {number | null} bytesPerSecond null: full speed */
  slow(session, bytesPerSecond) {
    return this.#post("./demo/slow", { session, bytesPerSecond });
  }

  /** @param {string} session */
  cut(session) {
    return this.#post("./demo/cut", { session });
  }

  /** @param {string} path */
  #get(path) {
    return ask(path, { headers: this.#headers });
  }

  /** @param {string} path @param {object} body */
  #post(path, body) {
    const { headers, ...rest } = json(body);
    return ask(path, { ...rest, headers: { ...headers, ...this.#headers } });
  }
}

/** @param {object} body */
const json = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function ask(path, init) {
  const response = await fetch(path, { ...init, cache: "no-store" }).catch(() => {
    throw new Error(words.door.unreachable);
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new NotDone(answer, response.status);
  return answer;
}
