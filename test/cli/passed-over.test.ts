import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => prepared.remove());

it.each([
  [['sync', '--apply'], 'which source?'],
  [['sync', '--full'], 'which source?'],
  [
    ['brake', 'show', 'ada@example.com'],
    'brake show shows all; ada@example.com is for a decision about some',
  ],
  [['brake', '--source', 'scim'], 'brake show shows all; scim is for a decision'],
  [['confirm', 'show', '00000000'], 'confirm show shows all'],
  [['reconcile', 'show', 'ada@example.com'], 'reconcile show shows all'],
])('%j: passes over nothing that was said, and ends with 2', async (argv, said) => {
  const { code, stdout, stderr } = await run(['--data-dir', prepared.data, ...argv]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});
