/** Many messages at once, sent from a page that stays at the door and shows none of them. */

/** So many are on their way at a time: nobody who reads shall lose one. */
const AT_A_TIME = 250;

/**
 * @param {import("./visitor.js").Visitor} visitor
 * @param {number} count
 */
export async function flood({ page }, count) {
  await page.evaluate(
    async ([count = 0, atATime = 0]) => {
      const path = "/client/index.js";
      /** @type {typeof import("../../../client-js/src/index.js")} */
      const { connect } = await import(path);
      const name = "Bob";
      const answer = await fetch("/demo/enter", { method: "POST", body: JSON.stringify({ name }) });
      const { appKey, accid, token, roomid } = await answer.json();
      const client = connect({ url: `ws://${location.host}/ws`, appKey, accid, token });
      const room = await client.join(roomid);
      // Rows of many heights: every seventh is long.
      const text = (/** @type {number} */ n) =>
        n % 7 ? `number ${n}` : `number ${n} ${"and so on ".repeat(n % 90)}`;
      for (let sent = 0; sent < count; sent += atATime) {
        const batch = Array.from({ length: Math.min(atATime, count - sent) }, (_, at) =>
          room.send(text(sent + at + 1)),
        );
        await Promise.all(batch);
      }
      await client.close();
    },
    [count, AT_A_TIME],
  );
}
