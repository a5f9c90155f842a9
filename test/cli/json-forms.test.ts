import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let at: string[];

beforeAll(async () => {
  prepared = await prepareCentre();
  at = ['--data-dir', prepared.copy('json')];
}, PATIENCE_MS);
afterAll(() => prepared.remove());

const PERSON = 'ada@example.com';

/** Commands that answer without a SmartAssist. */
const ANSWERING: readonly (readonly string[])[] = [
  ['check'],
  ['plan'],
  ['remap', '--dry-run'],
  ['remap'],
  ['push'],
  ['rollback', '1'],
  ['generations'],
  ['explain', PERSON],
  ['people'],
  ['failures'],
  ['report', '-'],
  ['retry', PERSON],
  ['provision', PERSON],
  ['export', PERSON],
  ['pause'],
  ['resume'],
  ['reconcile'],
  ['audit'],
  ['audit', '--export'],
  ['brake'],
  ['brake', 'discard', '--all'],
  ['confirm'],
  ['sources'],
  ['sync'],
  ['erase', PERSON, '--now', '--yes', PERSON],
  ['token'],
];

it.each(ANSWERING)('%s %s %s answers --json in the form that its help says', async (...argv) => {
  const { stdout: help } = await run([argv[0] ?? '', '--help']);
  const { stdout } = await run([...at, '--json', ...argv]);
  const isInLines = help.includes('With --json it answers with a JSON value a line (JSON Lines).');
  expect(isInLines).not.toBe(help.includes('With --json it answers with one JSON document.'));
  expect(stdout).toMatch(/\n$/);
  const values = isInLines ? stdout.trimEnd().split('\n') : [stdout];
  for (const value of values) expect(() => JSON.parse(value), value).not.toThrow();
});
