import { afterAll, beforeAll, expect, it } from 'vitest';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { openCentre, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let at: string[];

/** People, a group, a source and a rule, each with a name that can be misspelt. */
beforeAll(async () => {
  prepared = await prepareCentre();
  const text = 'scim: { profile: auto }';
  const sources = `workday: { preset: okta-event-hook, fetch: { domain: acme.okta.com }, sync: {} }`;
  const configuration = prepared.configuration('nearest.yaml', [
    text,
    `${text}\n    sources: { ${sources} }`,
  ]);
  const folder = prepared.copy('nearest');
  const centre = openCentre(folder);
  await centre.arrive(person('gracehopper', 'Sales'));
  const at_ = '2030-01-01T00:00:00.000Z';
  const group = { displayName: 'Contact Centre' };
  const made = {
    tenant: 'demo',
    id: 'g1',
    version: 1,
    groupVersion: 1,
    createdAt: at_,
    updatedAt: at_,
    group,
  };
  await centre.directory.createGroup(made);
  await reconcile(centre.provisioning, centre.services, Date.now() + 60_000, true);
  centre.close();
  at = ['--configuration', configuration, '--data-dir', folder];
}, PATIENCE_MS);
afterAll(() => prepared.remove());

const NAME = 'gracehoper@example.com';
const PERSON = 'gracehopper@example.com';

/** Every kind of name that a command takes, misspelt, and what was meant. */
const MISSPELT: readonly (readonly [argv: readonly string[], meant: string])[] = [
  [['peple'], 'people'],
  [['people', '--serch', 'a'], '--search'],
  [['--tenant', 'dmeo', 'people'], 'demo'],
  [['people', '--state', 'fialed'], 'failed'],
  [['people', '--reason', 'unknown-nmae'], 'unknown-name'],
  [['people', '--source', 'workdya'], 'workday'],
  [['people', '--group', 'Contact Center'], 'Contact Centre'],
  [['retry', '--reason', 'unknown-nmae'], 'unknown-name'],
  [['explain', NAME], PERSON],
  [['provision', NAME], PERSON],
  [['export', NAME], PERSON],
  [['erase', NAME, '--now'], PERSON],
  [['retry', NAME], PERSON],
  [['reconcile', 'repair', NAME], PERSON],
  [['reconcile', 'adopt', 'a-1', '--as', NAME], PERSON],
  [['reconcile', 'rapair', PERSON], 'repair'],
  [['brake', 'relaese', '--all'], 'release'],
  [['brake', 'release', NAME], PERSON],
  [['brake', 'discard', NAME], PERSON],
  [['reconcile', 'ignore', NAME], PERSON],
  [['brake', 'release', '--source', 'workdya'], 'workday'],
  [['brake', 'release', '--rule', 'biling'], 'billing'],
  [['confirm', 'acept', '--all'], 'accept'],
  [['sources', 'workdya'], 'workday'],
  [['sources', '--resume', 'workdya'], 'workday'],
  [['sources', 'expect', 'workdya'], 'workday'],
  [['sync', 'workdya'], 'workday'],
  [['read', 'workdya', 'x'], 'workday'],
  [['trigger', 'workdya'], 'workday'],
  [['trigger', 'workday', 'craeted'], 'Did you mean "created"'],
  [['import', '-', '--source', 'workdya'], 'workday'],
  [['import', '-', '--columns', 'Login=userNmae'], 'userName'],
  [['secret', 'check', 'dor'], 'door'],
  [['secret', 'cheek'], 'check'],
];

it.each(MISSPELT)('%j: suggests what was meant', { timeout: PATIENCE_MS }, async (argv, meant) => {
  const { code, stdout, stderr } = await run([...at, ...argv], { input: 'Login\nx@example.com\n' });
  expect(code).not.toBe(0);
  expect(`${stdout}${stderr}`.replaceAll(argv.join(' '), '')).toContain(meant);
});
