import type { Costs, Run } from './run.ts';
import { OPERATIONS, type Operation } from './shots.ts';

/** Our throughput at least as a part of that of a function that answers a constant. */
const OF_CONSTANT: Partial<Record<Operation, number>> = {
  read: 0.6,
  'userName eq': 0.5,
  patch: 0.4,
  create: 0.4,
};
/** As a multiple of SCIMMY's, and of another server's. */
const OF_SCIMMY: Partial<Record<Operation, number>> = { create: 3, read: 2, 'userName eq': 2, patch: 8 };
const OF_PEER: Record<Operation, number> = {
  create: 2,
  read: 2,
  'userName eq': 2,
  patch: 2,
  'list of 100': 5,
};
/** The least part of the throughput that has to be left at the large size. */
const KEPT = 0.9;
const MEMORY_MB = 250;
const MEMBER_RATIO = 1.2;

/** A value of each run: the middle one, and the lowest and highest. */
interface Figure {
  readonly median: number;
  readonly text: string;
}

function figureOf(values: readonly number[], digits: number): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const text = [median, sorted[0] ?? 0, sorted.at(-1) ?? 0].map((value) => value.toFixed(digits));
  return { median, text: `${text[0]} (${text[1]} to ${text[2]})` };
}

interface Compared {
  readonly text: string;
  readonly isMet: boolean;
}

/** @param goal undefined where there is none: it is shown all the same */
function compared(ratios: readonly number[], goal: number | undefined): Compared {
  const { median, text } = figureOf(ratios, 2);
  if (goal === undefined) return { text, isMet: true };
  const isMet = median >= goal;
  return { text: `${text}, goal ${goal}: ${isMet ? 'met' : 'missed'}`, isMet };
}

/** Prints the runs beside their goals. @returns whether all are met */
export function printReport(runs: readonly Run[]): boolean {
  const ratios = (operation: Operation, of: (run: Run) => Costs | undefined) =>
    runs.flatMap((run) => (of(run)?.[operation] ?? 0) / run.small[operation] || []);
  const verdicts: boolean[] = [];
  const shown = ({ text, isMet }: Compared): string => {
    verdicts.push(isMet);
    return text;
  };
  const rows = OPERATIONS.map((operation) => {
    const peers = ratios(operation, ({ peer }) => peer);
    const kept = runs.map(({ small, large }) => small[operation] / large[operation]);
    return {
      operation,
      'ms of CPU': figureOf(
        runs.map(({ small }) => small[operation]),
        3,
      ).text,
      ...(operation === 'list of 100'
        ? {}
        : {
            'of a constant': shown(
              compared(
                ratios(operation, ({ constant }) => constant),
                OF_CONSTANT[operation],
              ),
            ),
          }),
      'times SCIMMY': shown(
        compared(
          ratios(operation, ({ scimmy }) => scimmy),
          OF_SCIMMY[operation],
        ),
      ),
      ...(peers.length === 0 ? {} : { 'times the peer': shown(compared(peers, OF_PEER[operation])) }),
      'kept at 100,000 users': shown(compared(kept, KEPT)),
    };
  });
  const member = figureOf(
    runs.map(({ members: [ten, all] }) => all / ten),
    2,
  );
  const memory = figureOf(
    runs.map((run) => run.memory),
    0,
  );
  const waiting = figureOf(
    runs.map((run) => run.waiting),
    3,
  );
  verdicts.push(member.median <= MEMBER_RATIO, memory.median < MEMORY_MB);
  console.log(`Median of ${runs.length} runs (lowest to highest); throughput by processor time:`);
  for (const { operation, ...row } of rows) {
    console.log(`\n${operation}`);
    for (const [name, value] of Object.entries(row)) console.log(`  ${name.padEnd(24)}${value}`);
  }
  console.log(
    `\nAdding a member to a group of 100,000 beside one of 10: ${member.text}, at most ${MEMBER_RATIO}`,
  );
  console.log(`Resident memory at 100,000 users: ${memory.text} MB, less than ${MEMORY_MB}`);
  console.log(`Create of a person who is to be an agent, no call free: ${waiting.text} ms of CPU`);
  const generator = Math.max(...runs.map((run) => run.generator));
  console.log(`The generator used ${Math.round(generator * 100)} % of a core at most.`);
  console.log(JSON.stringify(runs));
  const met = verdicts.every(Boolean);
  console.log(met ? 'All goals are met.' : 'A goal is missed.');
  return met;
}
