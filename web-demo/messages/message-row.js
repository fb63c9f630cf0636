/** How a message looks: who, when, to whom, how urgent, what it says, and what became of it. */

import { paintDisc } from "../base/disc.js";
import { icon, make, one, setText, stamp } from "../base/dom.js";
import { byteText, listNames, timeText } from "../base/format.js";
import { words } from "../language/language.js";
import { contentOf } from "./content.js";

/** @typedef {import("./entry.js").MessageEntry} MessageEntry */

/**
 * @param {MessageEntry} entry
 * @param {(entry: MessageEntry, anchor: HTMLElement) => void} openMenu
 */
export function messageRow(entry, openMenu) {
  const row = stamp("message");
  row.dataset.msgId = entry.id;
  row.classList.toggle("own", entry.own);
  row.classList.toggle("directed", entry.directed);
  row.classList.toggle("urgent", entry.high);
  paintDisc(one(".disc", HTMLElement, row), entry.from.accid, entry.from.nick);
  one(".author", HTMLElement, row).textContent = entry.own ? words.messages.you : entry.from.nick;
  mark(row, entry);
  listRecipients(row, entry);
  const more = one(".more", HTMLButtonElement, row);
  more.addEventListener("click", () => openMenu(entry, more));
  fillMessage(row, entry);
  return row;
}

/** What can change after a message is shown. @param {HTMLElement} row @param {MessageEntry} entry */
export function fillMessage(row, entry) {
  row.dataset.state = entry.state;
  const date = new Date(entry.time);
  const time = one("time", HTMLTimeElement, row);
  if (!Number.isNaN(date.getTime())) {
    time.dateTime = date.toISOString();
    time.textContent = timeText(date);
  }
  setText(one(".state", HTMLElement, row), stateText(entry));
  fillContent(row, entry);
  fillUpload(row, entry);
  fillOutcomes(row, entry);
  fillFailure(row, entry);
}

/** @param {MessageEntry} entry */
function stateText({ state, to, failure }) {
  // Where recipients are listed each has its own word, and "sent" above them could be untrue.
  if (state === "sent") return to.length ? "" : words.messages.sent;
  if (state === "pending") return words.messages.sending;
  // Without an answer nobody knows whether it arrived, and "not sent" could be untrue.
  if (state === "failed") return failure?.certain ? words.messages.notSent : words.messages.unsure;
  return "";
}

/** @param {HTMLElement} row @param {MessageEntry} entry */
function fillContent(row, entry) {
  const place = one(".content", HTMLElement, row);
  // Built once: a picture that is there, or a sound that plays, is left alone.
  const version = `${entry.recalled} ${entry.body.content?.url ?? ""}`;
  if (place.dataset.version === version) return;
  place.dataset.version = version;
  place.replaceChildren(
    entry.recalled
      ? make("p", { class: "text recalled", text: words.messages.recalled })
      : contentOf(entry.body),
  );
}

/** @param {HTMLElement} row @param {MessageEntry} entry */
function fillUpload(row, { state, progress, body, cancel }) {
  const upload = one(".upload", HTMLElement, row);
  upload.hidden = state !== "uploading";
  if (upload.hidden) return;
  one("progress", HTMLProgressElement, upload).value = progress;
  const size = Number(body.content?.size) || 0;
  const done = `${byteText(Math.round(size * progress))} / ${byteText(size)}`;
  one(".upload-text", HTMLElement, upload).textContent = done;
  one("button", HTMLButtonElement, upload).onclick = cancel;
}

/** @param {HTMLElement} row @param {MessageEntry} entry */
function fillOutcomes(row, { outcomes }) {
  for (const item of row.querySelectorAll(".outcomes li")) {
    if (!(item instanceof HTMLElement)) continue;
    const outcome = outcomes[item.dataset.accid ?? ""];
    if (outcome === undefined) continue;
    item.dataset.outcome = outcome;
    const known = /** @type {Record<string, string>} */ (words.outcomes)[outcome];
    one(".outcome", HTMLElement, item).textContent = known ?? outcome;
  }
}

/** @param {HTMLElement} row @param {MessageEntry} entry */
function fillFailure(row, { failure }) {
  const place = one(".failure", HTMLElement, row);
  place.hidden = !failure;
  if (!failure) return;
  one(".why", HTMLElement, place).textContent = failure.text;
  one("button", HTMLButtonElement, place).onclick = failure.again;
}

/** @param {HTMLElement} row @param {MessageEntry} entry */
function mark(row, { directed, high, own, to }) {
  const names = listNames(to.map(({ nick }) => nick));
  const whom = own && names ? words.messages.directedTo(names) : words.messages.directedToYou;
  const marks = one(".marks", HTMLElement, row);
  marks.hidden = !directed && !high;
  if (high) marks.append(markOf("urgent", words.messages.urgent));
  if (directed) marks.append(markOf("directed", whom));
}

/** Only where it is needed: signs are dear, and ten thousand rows have none. @param {"urgent" | "directed"} name @param {string} text */
function markOf(name, text) {
  return make("span", { class: `${name}-mark` }, icon(name), make("span", { text }));
}

/** With its final height, so that the answer moves nothing. @param {HTMLElement} row @param {MessageEntry} entry */
function listRecipients(row, { to }) {
  const list = one(".outcomes", HTMLElement, row);
  list.hidden = to.length === 0;
  for (const { accid, nick } of to) {
    const item = stamp("outcome");
    item.dataset.accid = accid;
    one(".recipient", HTMLElement, item).textContent = nick;
    list.append(item);
  }
}
