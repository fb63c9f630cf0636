/** Be the application server: choose an action, change its parameters, have it done over REST, see what was answered. */

import { make, one, setText } from "../base/dom.js";
import { errorText } from "../base/errors.js";
import { delayText } from "../base/format.js";
import { copiesCurl } from "../curl/copy.js";
import { curlText } from "../curl/curl.js";
import { onLanguage, words } from "../language/language.js";
import { anew, EXAMPLES } from "./examples.js";

/**
 * @typedef {import("../session/door.js").Door} Door
 * @typedef {import("./examples.js").Scene} Scene
 * @typedef {import("../curl/actions.js").Call} Call
 */

export class Server {
  #action = one("#server-action", HTMLSelectElement);
  #params = one("#server-params", HTMLTextAreaElement);
  #error = one("#server-error", HTMLElement);
  #request = one("#server-request", HTMLElement);
  #answer = one("#server-answer", HTMLElement);
  #took = one("#server-took", HTMLElement);
  /** @type {Door | null} */
  #door = null;
  #scene = () => /** @type {Scene} */ ({ roomid: "", me: "", picked: [] });
  /** What was typed is left alone; what was filled in follows who is picked. */
  #touched = false;

  constructor() {
    for (const action of Object.keys(EXAMPLES)) {
      this.#action.append(make("option", { value: action, text: action }));
    }
    this.#action.addEventListener("change", () => this.#fill());
    this.#params.addEventListener("input", () => {
      this.#touched = true;
      this.#read();
    });
    one("#server-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
    copiesCurl(one("#server-curl", HTMLButtonElement), () => this.#read());
    onLanguage(() => this.follow());
  }

  /** @param {Door} door @param {() => Scene} scene */
  open(door, scene) {
    this.#door = door;
    this.#scene = scene;
    this.#fill();
    this.#show(null, "", "");
  }

  /** Other people are picked, or another room is entered. */
  follow() {
    if (!this.#touched && this.#scene().roomid) this.#fill();
  }

  #fill() {
    this.#touched = false;
    const example = EXAMPLES[this.#action.value];
    if (example) this.#write(example(this.#scene()));
  }

  /** @param {Record<string, unknown>} params */
  #write(params) {
    this.#params.value = linesOf(params);
    setText(this.#error, "");
  }

  /** @returns {Call | undefined} what is asked for, if it can be read */
  #read() {
    try {
      const params = JSON.parse(this.#params.value);
      setText(this.#error, "");
      return { action: this.#action.value, params };
    } catch (error) {
      setText(this.#error, words.server.notJson(/** @type {Error} */ (error).message));
      return undefined;
    }
  }

  async #run() {
    const call = this.#read();
    if (!call || !this.#door) return this.#params.focus();
    const began = performance.now();
    this.#show(call, words.server.running, "");
    try {
      const answer = await this.#door.serve(call.action, call.params);
      const took = delayText(performance.now() - began);
      this.#show(call, JSON.stringify(answer, null, 2), took);
      this.#write(anew(call.params));
    } catch (error) {
      this.#show(call, errorText(error), "");
    }
  }

  /** @param {Call | null} call @param {string} answer @param {string} took */
  #show(call, answer, took) {
    one("#server-result", HTMLElement).hidden = !call;
    setText(this.#request, call ? curlText(call, location.origin) : "");
    setText(this.#answer, answer);
    setText(this.#took, took);
  }
}

/** JSON with a line for each parameter, whatever is in it. @param {Record<string, unknown>} params */
function linesOf(params) {
  const lines = Object.entries(params).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(",\n")}\n}`;
}
