import { parseArgs } from 'node:util';
import { type Bug, roomOf } from './bug.ts';
import { BUGS } from './bugs.ts';
import { openCopy } from './copy.ts';

/**
 * `npm run planted [-- --only NAME] [--room events] [--seeds 20]`: plants one bug at a time in a copy, and sees whether the
 * nearest tests notice it, or else the simulated world. A bug that nothing notices fails the run.
 */
interface Finding {
  readonly bug: Bug;
  readonly by: string | undefined;
}

/** How many copies are worked on side by side. */
const LANES = 2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      room: { type: 'string' },
      seeds: { type: 'string', default: '20' },
    },
  });
  const chosen = BUGS.filter(
    (bug) =>
      (values.only === undefined || bug.name === values.only) &&
      (values.room === undefined || roomOf(bug) === values.room),
  );
  if (chosen.length === 0) throw new Error('no planted bug of that name or room');
  const copies = await Promise.all(Array.from({ length: Math.min(LANES, chosen.length) }, openCopy));
  try {
    const [first] = copies;
    const tests = [...new Set(chosen.flatMap((bug) => bug.tests))];
    const failed = await first?.failureOf(tests);
    if (failed !== undefined)
      throw new Error(`the tests fail without any bug: nothing can be said\n${failed}`);
    const findings: Finding[] = [];
    const queue = [...chosen];
    const work = async (copy: (typeof copies)[number]): Promise<void> => {
      for (let bug = queue.shift(); bug !== undefined; bug = queue.shift()) {
        const by = await copy.with(bug, () => noticed(copy, bug, Number(values.seeds)));
        findings.push({ bug, by });
        say(
          `${by === undefined ? 'SURVIVES' : 'noticed '}  ${roomOf(bug)}  ${bug.name}  ${by ?? bug.sentence}`,
        );
      }
    };
    await Promise.all(copies.map(work));
    const survivors = findings.filter(({ by }) => by === undefined);
    const byTests = findings.filter(({ by }) => by?.startsWith('tests')).length;
    say(
      `\n${findings.length} planted: ${byTests} noticed by tests, ${findings.length - byTests - survivors.length} by the simulated world, ${survivors.length} by nothing`,
    );
    for (const { bug } of survivors) say(`  ${bug.name}: ${bug.sentence} (${bug.file})`);
    process.exitCode = survivors.length === 0 ? 0 : 1;
  } finally {
    for (const copy of copies) copy.close();
  }
}

/** By what: the tests, or the seed at which the simulated world saw it. */
async function noticed(copy: Awaited<ReturnType<typeof openCopy>>, bug: Bug, seeds: number) {
  if (bug.tests.length > 0 && (await copy.failureOf(bug.tests)) !== undefined) return 'tests';
  const seed = await copy.failingSeed(bug.seeds ?? seeds);
  return seed === undefined ? undefined : `seed ${seed}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
