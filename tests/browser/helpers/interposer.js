/** Stands between a page and the gateway on the socket: passes on, changes, adds frames, closes with any code. */

export class Interposer {
  /** @type {import("playwright-core").WebSocketRoute | undefined} */
  #route;
  /** How many frames the page has got over its present connection. */
  passed = 0;
  /** How often the page has connected. */
  connections = 0;
  /** @type {any[]} what the page has sent */
  sent = [];
  /** What the page gets for a frame of the gateway; null for nothing. @type {(frame: any) => object | null} */
  passes = (frame) => frame;

  /** @param {import("playwright-core").Page} page */
  async standBefore(page) {
    await page.routeWebSocket(/\/ws$/, (route) => {
      this.#route = route;
      this.connections += 1;
      this.passed = 0;
      const gateway = route.connectToServer();
      route.onMessage((text) => {
        const frame = JSON.parse(String(text));
        this.sent.push(frame);
        // The page counts frames that the gateway never sent, so its count must not reach the gateway.
        if (frame.op !== "ack") gateway.send(text);
      });
      gateway.onMessage((text) => {
        const frame = this.passes(JSON.parse(String(text)));
        if (frame) this.says(frame);
      });
    });
  }

  /** @param {object} frame */
  says(frame) {
    this.passed += 1;
    this.#now().send(JSON.stringify(frame));
  }

  /** @param {number} code */
  async closes(code) {
    await this.#now().close({ code });
  }

  #now() {
    if (!this.#route) throw new Error("the page has not connected yet");
    return this.#route;
  }
}

let lastId = 0;

/** @param {object} [more] */
export function messageFrame(more) {
  lastId += 1;
  const message = {
    time: String(Date.now()),
    roomId: "1",
    type: "0",
    msgid_client: `interposed-${lastId}`,
    fromAccount: "erin",
    fromNick: "Erin",
    fromAvator: "",
    fromClientType: "Web",
    attach: `line ${lastId}`,
    ext: "",
    ...more,
  };
  return { op: "message", message };
}
