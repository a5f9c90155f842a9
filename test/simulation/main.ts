import { parseArgs } from 'node:util';
import { live } from './course.ts';
import { inMonths } from './months/campaign.ts';
import { firstFailure } from './seeds.ts';
import { Simulation } from './simulation.ts';
import { withSynchronousHmac } from './synchronous-hmac.ts';
import type { Variety } from './variety.ts';
import { assertWorld, WORLD } from './world.ts';

/**
 * `npm run simulate -- --seeds 10000 [--from 1]` runs seeds and says how fast; the first that fails ends it with its trace.
 * `npm run simulate -- --seed 7 [--world 4]` replays one, with the trace of all that happened. A seed of another world is
 * refused. `--persons 40` makes the days smaller: no more persons than these a day. `--months` lets few people live on for
 * months after the first day.
 */
async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      world: { type: 'string' },
      persons: { type: 'string' },
      months: { type: 'boolean', default: false },
    },
  });
  assertWorld(values.world);
  const most = values.persons === undefined ? Number.POSITIVE_INFINITY : Number(values.persons);
  const vary = (whole: Variety): Variety => {
    const variety = { ...whole, persons: Math.min(whole.persons, most) };
    return values.months ? inMonths(variety) : variety;
  };
  const smaller = values.persons === undefined ? '' : ` --persons ${values.persons}`;
  const replay = (seed: number) => replayed(seed, vary, `${smaller}${values.months ? ' --months' : ''}`);
  if (values.seed !== undefined) return replay(Number(values.seed));
  const from = Number(values.from);
  const count = Number(values.seeds);
  const begun = performance.now();
  let calls = 0;
  let persons = 0;
  let seeds = 0;
  const failure = await firstFailure(from, from + count - 1, { vary }, ({ witness, variety }) => {
    seeds += 1;
    calls += witness.calls;
    persons += variety.persons;
    if (seeds % 100 === 0 && seeds < count) say(figures());
  });
  if (failure !== undefined) {
    await replay(failure.seed);
    return false;
  }
  say(`${figures()}: all is well`);
  return true;

  function figures(): string {
    const seconds = (performance.now() - begun) / 1000;
    return `${seeds} seeds, ${(seeds / seconds).toFixed(1)} a second, ${persons} persons, ${calls} calls`;
  }
}

/** Runs a seed again and shows all that happened in it. */
async function replayed(
  seed: number,
  vary: (variety: Variety) => Variety,
  options: string,
): Promise<boolean> {
  withSynchronousHmac();
  const simulation = new Simulation({ seed, traced: true, vary });
  const wrongs = await live(simulation);
  simulation.close();
  const { variety, trace } = simulation;
  say(trace.lines.join('\n'));
  say(
    `\nseed ${seed}: ${JSON.stringify({ ...variety, tenant: variety.tenant.lifecycle, remapped: undefined })}`,
  );
  say(wrongs.length === 0 ? 'all is well' : wrongs.map((wrong) => `WRONG  ${wrong}`).join('\n'));
  if (wrongs.length > 0) say(`Replay: npm run simulate -- --seed ${seed} --world ${WORLD}${options}`);
  return wrongs.length === 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const isFine = await main();
// A pipe takes a trace bit by bit.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
// Functions that died in a simulated world have left their time-outs behind.
process.exit(isFine ? 0 : 1);
