/** What happened within one slice of a window's time. */
export interface Slice {
  /** Epoch milliseconds at which the slice begins. */
  readonly at: number;
  /** How many distinct persons were counted in it. */
  readonly count: number;
  /** How many agents were in service when its first person was counted. */
  readonly active: number;
}

/** A limit over a time: `percent` of the agents in service when the window began, and never under `atLeast`. */
export interface Limit {
  readonly percent: number;
  readonly atLeast: number;
  /** Seconds. */
  readonly within: number;
}

/** A window is kept in so many slices, whatever its length: a document of a bounded size for any number of agents. */
const SLICES = 60;

/** The slices that still count at `now`. A slice counts until its end has left the window: late, never early. */
export function live(slices: readonly Slice[], { within }: Limit, now: number): Slice[] {
  const length = sliceMs(within);
  return slices.filter(({ at }) => at + length > now - within * 1_000);
}

/** Whether a person counted at `now` is the first of a slice, for whom it has to be known how many agents are in service. */
export function beginsSlice(slices: readonly Slice[], limit: Limit, now: number): boolean {
  return live(slices, limit, now).at(-1)?.at !== sliceAt(limit, now);
}

/** One more person, counted at `now` while `active` agents are in service, which counts where a slice begins. */
export function counted(slices: readonly Slice[], limit: Limit, now: number, active: number): Slice[] {
  const rest = live(slices, limit, now);
  const at = sliceAt(limit, now);
  const last = rest.at(-1);
  return last?.at === at
    ? [...rest.slice(0, -1), { ...last, count: last.count + 1 }]
    : [...rest, { at, count: 1, active }];
}

export function total(slices: readonly Slice[]): number {
  return slices.reduce((sum, { count }) => sum + count, 0);
}

/**
 * How many more may be counted at `now`, and how many within the whole window.
 *
 * @param active agents in service: they count where nobody was counted yet, else those when the window began
 */
export function roomIn(
  slices: readonly Slice[],
  limit: Limit,
  now: number,
  active: number,
): { readonly left: number; readonly most: number } {
  const rest = live(slices, limit, now);
  const most = mayBe(limit, rest[0]?.active ?? active);
  return { left: Math.max(0, most - total(rest)), most };
}

/** How many may be counted within the window: a share of the agents in service when it began. */
function mayBe({ percent, atLeast }: Pick<Limit, 'percent' | 'atLeast'>, activeAtBegin: number): number {
  return Math.max(atLeast - 1, Math.floor((activeAtBegin * percent) / 100));
}

/** When the slice of a moment begins. */
function sliceAt({ within }: Limit, now: number): number {
  const length = sliceMs(within);
  return Math.floor(now / length) * length;
}

function sliceMs(within: number): number {
  return Math.max(1_000, Math.ceil((within * 1_000) / SLICES));
}
