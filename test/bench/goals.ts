/** What a benchmark has measured, and what it may be at the most, or has to be at least. */
export interface Goal {
  readonly what: string;
  readonly is: number;
  /** What it is counted in, such as `ms`. */
  readonly unit?: string;
  readonly most?: number;
  readonly least?: number;
}

const isMet = ({ is, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Goal): boolean =>
  is <= most && is >= least;

/** Prints each with its goal and verdict; a goal that is missed fails the program. */
export function printGoals(goals: readonly Goal[]): void {
  console.log('\nGoals:');
  console.table(
    goals.map((goal) => ({
      what: goal.what,
      is: Number(goal.is.toFixed(2)),
      unit: goal.unit ?? '',
      goal: [
        ...(goal.least === undefined ? [] : [`at least ${goal.least}`]),
        ...(goal.most === undefined ? [] : [`at most ${goal.most}`]),
      ].join(', '),
      verdict: isMet(goal) ? 'met' : 'MISSED',
    })),
  );
  if (!goals.every(isMet)) process.exitCode = 1;
}
