import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => prepared.remove());

it.each([
  [['sync', 'okta'], 'how to read the people of okta is not configured (fetch)'],
  [['sync', 'okta', '--apply'], 'how to read the people of okta is not configured (fetch)'],
  [['read', 'okta', 'ada@example.com'], 'how to read a person from okta is not configured (fetch)'],
])('%j: says of a source that is only heard that nothing reads it', async (argv, said) => {
  const profile = 'scim: { profile: auto }';
  const configuration = prepared.configuration('heard.yaml', [
    profile,
    `${profile}\n    sources: { okta: { preset: okta-event-hook } }`,
  ]);
  const { code, stdout, stderr } = await run([
    '--data-dir',
    prepared.data,
    '--configuration',
    configuration,
    ...argv,
  ]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});

it('says how a region is said where AWS has the queue and none is known', async () => {
  const { code, stderr } = await run([
    '--data-dir',
    prepared.data,
    'replay',
    '--dead-letters',
    'https://sqs.eu-west-1.amazonaws.com/000000000000/failed',
  ]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'AWS: no region is known; say it as AWS_REGION=eu-central-1\n',
  });
});

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
