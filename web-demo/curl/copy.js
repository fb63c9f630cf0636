/** Puts a call as curl on the clipboard; where the page may not do that, it shows the text to be copied by hand. */

import { make, one } from "../base/dom.js";
import { toast } from "../base/toast.js";
import { words } from "../language/language.js";
import { curlText } from "./curl.js";

/** @typedef {import("./actions.js").Call} Call */

/** @param {Call} call */
export async function copyCurl(call) {
  const text = curlText(call, location.origin);
  try {
    await navigator.clipboard.writeText(text);
    toast(words.curl.copied);
  } catch {
    // Without TLS a page from another machine has no clipboard.
    const dialog = one("#by-hand", HTMLDialogElement);
    const box = one("textarea", HTMLTextAreaElement, dialog);
    box.value = text;
    dialog.showModal();
    box.select();
  }
}

/**
 * The small button beside everything that can be done.
 * @param {() => Call | undefined} call asked when it is pressed
 * @param {string} what the action it stands beside, for those who do not see that
 */
export function curlButton(call, what) {
  const button = make(
    "button",
    { type: "button", class: "curl", title: words.curl.copy },
    make("span", { "aria-hidden": "true", text: "curl" }),
    make("span", { class: "only-read", text: words.curl.copyOf(what) }),
  );
  button.addEventListener("click", () => {
    const wanted = call();
    if (wanted) copyCurl(wanted);
  });
  return button;
}

/** @param {HTMLButtonElement} button one of index.html @param {() => Call | undefined} call */
export function copiesCurl(button, call) {
  button.addEventListener("click", () => {
    const wanted = call();
    if (wanted) copyCurl(wanted);
  });
}
