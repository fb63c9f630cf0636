/** Language and theme as two rows of buttons, wherever a part of the page offers them. */

import { one, stamp } from "../base/dom.js";
import { chooseLanguage, language, onLanguage } from "../language/language.js";
import { chooseTheme, theme } from "./theme.js";

/** @param {HTMLElement} place */
export function offerChoices(place) {
  const choices = stamp("choices");
  place.append(choices);
  const show = () => {
    press(choices, "language", language());
    press(choices, "theme", theme());
  };
  onLanguage(show);
  choices.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button) return;
    const { language, theme } = button.dataset;
    if (language)
      chooseLanguage(/** @type {import("../language/language.js").Language} */ (language));
    if (theme !== undefined) chooseTheme(/** @type {import("./theme.js").Theme} */ (theme));
    // All places show the same.
    for (const each of document.querySelectorAll(".choices")) {
      press(
        /** @type {HTMLElement} */ (each),
        "theme",
        one(":root", HTMLElement).dataset.theme ?? "",
      );
    }
  });
  show();
}

/** @param {HTMLElement} choices @param {"language" | "theme"} kind @param {string} value */
function press(choices, kind, value) {
  for (const button of choices.querySelectorAll("button")) {
    if (button.dataset[kind] === undefined) continue;
    button.setAttribute("aria-pressed", String(button.dataset[kind] === value));
  }
}
