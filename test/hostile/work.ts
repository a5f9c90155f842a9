/** The least time that some work takes, in milliseconds: noise only ever adds to it. */
export async function workOf(work: () => unknown, runs = 3): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** How much more a hostile input may take than a harmless one of its size. */
export const MAX_RATIO = 20;
/** Below it, in milliseconds, a measurement is noise. */
export const NOISE_MS = 1;

export async function ratioOf(hostile: () => unknown, harmless: () => unknown): Promise<number> {
  const base = Math.max(NOISE_MS, await workOf(harmless));
  return (await workOf(hostile)) / base;
}
