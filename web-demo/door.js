/**
 * The demo's small HTTP door: names, entering, and who is there.
 *
 * @typedef {import("./socket.js").Pass} Pass
 * @typedef {import("./notification.js").Person} Person
 */

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
export function enter(name) {
  return ask("./demo/enter", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
}

/** @returns {Promise<Person[]>} */
export async function fetchMembers() {
  return (await ask("./demo/members")).members;
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function ask(path, init) {
  const response = await fetch(path, { ...init, cache: "no-store" }).catch(() => {
    throw new Error("The gateway cannot be reached.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.desc || `The gateway answered ${response.status}.`);
  return answer;
}

/** @param {Location} location */
export function socketUrl({ protocol, host }) {
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws`;
}
