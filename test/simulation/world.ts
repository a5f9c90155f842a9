/** Of the simulated world: raised with each change of it, since a seed then tells another story. */
export const WORLD = 10;

/** @throws Error for a seed of another world, which would replay something else than what failed */
export function assertWorld(given: string | undefined): void {
  if (given === undefined || given === String(WORLD)) return;
  throw new Error(`that seed is of world ${given}, and this is world ${WORLD}: it would tell another story`);
}
