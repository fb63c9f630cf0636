/** A person in front of the page: does what people do, sees what people see, waits no longer than people would. */

import assert from "node:assert/strict";
import { PATIENCE_MS } from "./within.js";

/** What Chromium prints by itself when a connection cannot be made; tests that break one expect it. */
const BROKEN_CONNECTION = /WebSocket connection to|net::ERR_/;

export class Visitor {
  /** @type {string[]} what the page complained about */
  complaints = [];
  /** @type {string[]} every frame that the gateway sent to this page */
  heard = [];
  /** @type {string[]} the path of every request over HTTP */
  asked = [];

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (line) => {
      if (["error", "warning"].includes(line.type()) && !BROKEN_CONNECTION.test(line.text())) {
        this.complaints.push(line.text());
      }
    });
    page.on("request", (request) => this.asked.push(new URL(request.url()).pathname));
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => this.heard.push(String(payload)));
    });
  }

  /** @param {string} name */
  async enter(name) {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.getByRole("button", { name: "Enter", exact: true }).click();
    await this.isConnected();
  }

  async leaves() {
    await this.page.getByRole("button", { name: /You are/ }).click();
    await this.page.getByRole("button", { name: "Leave" }).click();
  }

  /** @param {string} room */
  async goesTo(room) {
    await this.page.locator(".room-line", { hasText: room }).click();
    await this.page.getByRole("heading", { name: room }).waitFor();
    await this.isConnected();
  }

  /** @param {string} name */
  async createsRoom(name) {
    await this.page.getByLabel("New room").fill(name);
    await this.page.getByRole("button", { name: "Create" }).click();
    await this.page.getByRole("heading", { name }).waitFor();
    await this.isConnected();
  }

  /** @param {string} what of all that can be sent besides text */
  async chooses(what) {
    await this.page.getByRole("button", { name: "Send something else" }).click();
    await this.page.locator("#menu").getByRole("button", { name: what, exact: true }).click();
  }

  /**
   * @param {string} what
   * @param {{name: string, mimeType: string, buffer: Buffer}} file
   */
  async attaches(what, file) {
    const choosing = this.page.waitForEvent("filechooser");
    await this.chooses(what);
    await (await choosing).setFiles(file);
  }

  /** @param {string} tab of the panels beside the conversation */
  async opens(tab) {
    await this.page.getByRole("tab", { name: tab }).click();
  }

  /** What can be done with a member. @param {string} nick */
  async menu(nick) {
    await this.page.getByRole("button", { name: `More about ${nick}` }).click();
    return this.page.locator("#menu");
  }

  /** @param {...string} nicks in their order */
  async seesQueue(...nicks) {
    await this.page.waitForFunction((wanted) => {
      const shown = document.querySelectorAll("#queue-list .nick");
      return JSON.stringify(Array.from(shown, (nick) => nick.textContent)) === wanted;
    }, JSON.stringify(nicks));
  }

  isConnected() {
    return this.page.locator("#status").getByText("Connected", { exact: true }).waitFor();
  }

  isConnectedInAnyWords() {
    return this.page.locator('#status[data-kind="online"]').waitFor();
  }

  /** @param {...string} nicks */
  async picks(...nicks) {
    for (const nick of nicks) await this.page.getByRole("checkbox", { name: nick }).check();
  }

  /**
   * @param {string} text
   * @param {{to?: string[], urgent?: boolean}} [how]
   */
  async says(text, { to = [], urgent = false } = {}) {
    await this.picks(...to);
    if (urgent) await this.page.locator(".switch").click();
    await this.page.getByLabel("Message", { exact: true }).fill(text);
    await this.page.keyboard.press("Enter");
    if (to.length) await this.page.getByRole("button", { name: /Clear/ }).click();
  }

  /** @param {string} text */
  message(text) {
    return this.page.locator(".message", { has: this.page.getByText(text, { exact: true }) });
  }

  /** @param {string} text */
  async sees(text) {
    await this.message(text).waitFor();
  }

  /**
   * Only meaningful after something later from the same sender has been seen.
   * @param {string} text
   */
  async hasNotSeen(text) {
    assert.equal(await this.message(text).count(), 0, `${text} is on the page`);
    assert.ok(!this.heard.some((frame) => frame.includes(text)), `${text} came over the socket`);
  }

  /** @param {string} text a line about the room, not a message */
  async notices(text) {
    await this.page.locator(".note", { hasText: text }).last().waitFor();
  }

  /** @param {...string} nicks as listed: oneself first */
  async seesMembers(...nicks) {
    await this.page.waitForFunction((wanted) => {
      const shown = document.querySelectorAll("#members .member:not(.gone) .nick");
      return JSON.stringify(Array.from(shown, (nick) => nick.textContent)) === wanted;
    }, JSON.stringify(nicks));
  }

  /**
   * @param {string} text of a message
   * @returns {Promise<Record<string, string>>} what became of it, by account
   */
  outcomes(text) {
    return this.message(text)
      .locator(".outcomes li[data-outcome]")
      .evaluateAll((items) =>
        Object.fromEntries(items.map((item) => [item.dataset.accid, item.dataset.outcome])),
      );
  }

  /**
   * From the top of the conversation down, until there is such an element or no more.
   * @param {string} [selector]
   * @returns {Promise<string[]>} the texts of all messages that were there on the way
   */
  readsThrough(selector = ".none") {
    return this.page.locator("#log").evaluate(async (log, selector) => {
      const picture = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const texts = new Set();
      let before = -1;
      log.scrollTo(0, 0);
      for (let now = 0; now !== before && !log.querySelector(selector); now = log.scrollTop) {
        before = now;
        log.scrollBy(0, 1.5 * log.clientHeight);
        await picture();
        await picture();
        for (const text of log.querySelectorAll(".text")) texts.add(text.textContent);
      }
      return [...texts];
    }, selector);
  }

  assertContent() {
    assert.deepEqual(this.complaints, []);
  }
}
