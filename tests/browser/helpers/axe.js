/** Asks axe about the page as it is now. */

import assert from "node:assert/strict";
import axe from "axe-core";

/**
 * Evaluated through the debugger: the page's own policy would rightly refuse a script of ours.
 * @param {import("playwright-core").Page} page
 * @param {string} state for the failure's text
 */
export async function assertAccessible(page, state) {
  // Half a megabyte of script: read once for each page, not once for each state of it.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe } = /** @type {any} */ (window);
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map((/** @type {import("axe-core").Result} */ { id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    }));
  });
  assert.deepEqual(violations, [], `axe has something to say ${state}`);
}
