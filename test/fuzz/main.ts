import { parseArgs } from 'node:util';
import { printable } from '../../functions/runtime/printable.ts';
import { type FuzzReport, fuzz, inputOf } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const SHOWN_CHARACTERS = 2_000;

/**
 * `npm run fuzz -- --inputs 1000000 [--seed 1] [--target filter]` gives made-up inputs to all doors and readers and ends
 * with 1 when one was taken wrongly; with `--from 500000` it begins there, so that several can share them. `--input 4711` with the same seed and target gives that one again, and shows it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '50000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      target: { type: 'string' },
      input: { type: 'string' },
    },
  });
  const targets = TARGETS.filter(({ name }) => values.target === undefined || name.startsWith(values.target));
  if (targets.length === 0) {
    process.stderr.write(`Which target? One of: ${TARGETS.map(({ name }) => name).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const seed = Number(values.seed);
  if (values.input !== undefined) {
    const { target, input } = inputOf(targets, seed, Number(values.input));
    print(`${target.name}, ${input.length} characters:\n${shown(input)}`);
    say(await fuzz(targets, { seed, inputs: 1, from: Number(values.input) }));
    return;
  }
  const begun = performance.now();
  const progress = (done: number) => {
    if (done % 10_000 === 0) print(`${done} inputs, ${seconds(begun)} s`);
  };
  say(await fuzz(targets, { seed, inputs: Number(values.inputs), from: Number(values.from), progress }));
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const seconds = (begun: number) => ((performance.now() - begun) / 1_000).toFixed();
const shown = (text: string) => printable(text.slice(0, SHOWN_CHARACTERS));

function say({ inputs, findings, longestInput, largestMegabytes, slowestMilliseconds }: FuzzReport): void {
  // Of a kind is what differs in numbers alone, so that one that is found often hides no other.
  const kinds = Map.groupBy(findings, ({ target, what }) => `${target}: ${what.replaceAll(/\d+/g, '#')}`);
  for (const [first, ...others] of kinds.values()) {
    if (first === undefined) continue;
    const { target, number, what, input } = first;
    const more = others.length === 0 ? '' : `, and ${others.length} more of its kind`;
    print(`${target}, input ${number}, ${input.length} characters: ${shown(what)}${more}`);
  }
  print(
    `${inputs} inputs, ${findings.length} findings, longest input ${longestInput} characters, ` +
      `largest memory ${largestMegabytes.toFixed(1)} MB, longest time ${slowestMilliseconds.toFixed()} ms`,
  );
  process.exitCode = findings.length === 0 ? 0 : 1;
}

await main();
