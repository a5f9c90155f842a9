/** What is known of a list that was read to its end. */
export interface ListFacts {
  /** Distinct people on it. */
  readonly rows: number;
  /** How many the provider said there are, at the beginning and at the end. */
  readonly totals: readonly number[];
  readonly isCut: boolean;
  /** How many the last complete list had. */
  readonly before: number | undefined;
  /** Percent of these that have to be on it. */
  readonly expectAtLeast: number;
  /** An operator takes a list of at least so many people. */
  readonly accept: number | undefined;
}

/** Why a list can't be taken for everybody; undefined where it can. */
export function whyIncomplete({
  rows,
  totals,
  isCut,
  before,
  expectAtLeast,
  accept,
}: ListFacts): string | undefined {
  if (isCut) return `the provider gives no more than ${rows} people, although there are more`;
  // People who come and go while the list is read change the total; the smaller one has to be there.
  const total = totals.length === 0 ? 0 : Math.min(...totals);
  if (rows < total) return `the list has ${rows} people, and its provider says there are ${total}`;
  if (accept !== undefined) {
    return rows < accept ? `the list has ${rows} people, and ${accept} were accepted` : undefined;
  }
  const least = Math.ceil(((before ?? 0) * expectAtLeast) / 100);
  if (rows >= least) return undefined;
  return `the list has ${rows} people, and the last complete one had ${before}: less than ${expectAtLeast} % of them`;
}
