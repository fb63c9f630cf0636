/** Everything that can be sent besides text: files of four kinds, a place, a tip, something of one's own. Also by paste and drop. */

import { one } from "../base/dom.js";
import { openMenu } from "../base/menu.js";
import { toast } from "../base/toast.js";
import { words } from "../language/language.js";

/**
 * @typedef {import("../messages/entry.js").Body} Body
 * @typedef {{file: (file: File) => void, body: (body: Body) => void, takeText: () => string}} Ears
 */

/** What the browser offers to choose from. */
const ACCEPT = { image: "image/*", audio: "audio/*", video: "video/*", file: "" };

export class Attach {
  #button = one("#attach", HTMLButtonElement);
  #input = one("#file", HTMLInputElement);
  #place = one("#place-dialog", HTMLDialogElement);
  #custom = one("#custom-dialog", HTMLDialogElement);
  #ears;

  /** @param {Ears} ears */
  constructor(ears) {
    this.#ears = ears;
    this.#button.addEventListener("click", () => this.#open());
    this.#input.addEventListener("change", () => {
      for (const file of this.#input.files ?? []) ears.file(file);
      this.#input.value = "";
    });
    this.#takeDropped();
    this.#takePlace();
    this.#takeCustom();
  }

  #open() {
    const { attach } = words;
    const choose = (/** @type {keyof typeof ACCEPT} */ kind) => ({
      label: words.types[kind],
      act: () => this.#choose(ACCEPT[kind]),
    });
    openMenu(this.#button, attach.title, [
      choose("image"),
      choose("audio"),
      choose("video"),
      choose("file"),
      { label: words.types.geo, act: () => this.#place.showModal() },
      { label: attach.tip, act: () => this.#tip() },
      { label: words.types.custom, act: () => this.#custom.showModal() },
    ]);
  }

  /** @param {string} accept */
  #choose(accept) {
    this.#input.accept = accept;
    this.#input.click();
  }

  #tip() {
    const text = this.#ears.takeText();
    if (text.trim()) this.#ears.body({ type: "tip", text });
    else toast(words.attach.tipFirst, "failed");
  }

  #takeDropped() {
    const text = one("#text", HTMLTextAreaElement);
    text.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      for (const file of files) this.#ears.file(file);
    });
    const room = one("#room", HTMLElement);
    room.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    room.addEventListener("drop", (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      for (const file of files) this.#ears.file(file);
    });
  }

  #takePlace() {
    const value = (/** @type {string} */ id) => one(id, HTMLInputElement, this.#place).value;
    one("form", HTMLFormElement, this.#place).addEventListener("submit", () => {
      const content = {
        title: value("#place-title").trim(),
        lat: Number(value("#place-lat")),
        lng: Number(value("#place-lng")),
      };
      this.#ears.body({ type: "geo", content });
    });
    this.#cancels(this.#place);
  }

  #takeCustom() {
    const text = one("#custom-text", HTMLTextAreaElement);
    const check = () => text.setCustomValidity(isJson(text.value) ? "" : words.attach.notJson);
    text.addEventListener("input", check);
    one("form", HTMLFormElement, this.#custom).addEventListener("submit", () => {
      this.#ears.body({ type: "custom", content: JSON.parse(text.value) });
    });
    this.#cancels(this.#custom);
  }

  /** @param {HTMLDialogElement} dialog */
  #cancels(dialog) {
    one(".cancel", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  }
}

/** @param {string} text */
export function isJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
