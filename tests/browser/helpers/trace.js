/** How long the page's own thread was busy at a stretch, as the browser's tracing tells. */

/**
 * In processor time: another program that takes the processor away meanwhile makes no task of the page longer.
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} act
 * @returns {Promise<{longest: number, tasks: number}>} ms, and how many tasks there were
 */
export async function longestTask(page, act) {
  const session = await page.context().newCDPSession(page);
  /** @type {any[]} */
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value) events.push(event);
  });
  await session.send("Tracing.start", {
    traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline"] },
  });
  await act();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const mains = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const durations = events
    .filter(({ name, pid, tid, tdur }) => name === "RunTask" && tdur && mains.has(`${pid} ${tid}`))
    .map(({ tdur }) => tdur / 1_000);
  return { longest: Math.max(0, ...durations), tasks: durations.length };
}
