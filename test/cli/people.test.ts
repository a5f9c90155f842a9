import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { accept } from '../../functions/provision/accept.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';
import { closeStores, STORES, type Store } from './stores.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(async () => {
  prepared.remove();
  await closeStores();
});

/** Ada and Bob are agents, Cleo and Carl have names that SmartAssist doesn't take, Dora is out of service, Emil is new. */
async function fill({ centre }: Store) {
  const { services, provisioning, directory, arrive } = centre;
  await arrive(person('ada', 'Billing'));
  await arrive(person('bob', 'Support'));
  const long = { givenName: 'C', familyName: 'x'.repeat(60) };
  for (const each of [
    person('cleo', 'Sales', { name: long, externalId: 'hr-7' }),
    person('carl', 'Sales', { name: long }),
    person('dora', 'Sales', { active: false }),
  ]) {
    await accept('demo', services, { person: each, source: 'hr', priority: PRIORITY.backfill });
  }
  await drain(provisioning, services, Date.now() + 60_000);
  await accept('demo', services, {
    person: person('emil', 'Sales'),
    source: 'scim',
    priority: PRIORITY.backfill,
  });
  const group = await directory.createGroup({
    tenant: 'demo',
    id: 'g1',
    version: 1,
    groupVersion: 1,
    createdAt: '2030-01-01T00:00:00.000Z',
    updatedAt: '2030-01-01T00:00:00.000Z',
    group: { displayName: 'Contact Centre' },
  });
  expect(group.ok).toBe(true);
  const ids = await Promise.all(
    ['ada', 'carl'].map(async (name) => (await centre.find(`${name}@example.com`)).id),
  );
  await directory.addMembers(
    'demo',
    'g1',
    ids.map((value) => ({ value })),
  );
}

const names = (answer: unknown) =>
  (answer as { people: { userName: string }[] }).people
    .map(({ userName }) => userName.split('@')[0])
    .toSorted();

describe.each(STORES)('people and failures on %s', { timeout: PATIENCE_MS }, (_, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open(prepared);
    await fill(store);
  }, PATIENCE_MS);
  afterAll(() => store.centre.close());

  it('lists by state, reason, source, group and the beginning of a name', async () => {
    const list = async (...argv: string[]) => names((await store.json(['people', ...argv])).answer);
    expect(await list()).toEqual(['ada', 'bob', 'carl', 'cleo', 'dora', 'emil']);
    expect(await list('--state', 'failed')).toEqual(['carl', 'cleo']);
    expect(await list('--state', 'failed', '--reason', 'unusable-value')).toEqual(['carl', 'cleo']);
    expect(await list('--state', 'failed', '--reason', 'refused')).toEqual([]);
    expect(await list('--state', 'due')).toEqual(['emil']);
    expect(await list('--state', 'waiting')).toEqual(['dora']);
    expect(await list('--state', 'provisioned')).toEqual(['ada', 'bob']);
    expect(await list('--source', 'hr').catch((error: Error) => error.message)).toContain('--source hr');
    expect(await list('--group', 'contact centre')).toEqual(['ada', 'carl']);
    expect(await list('--group', 'contact centre', '--state', 'failed')).toEqual(['carl']);
    expect(await list('--search', 'c')).toEqual(['carl', 'cleo']);
    expect(await list('--search', 'ADA@')).toEqual(['ada']);
    expect(await list('--search', 'hr-7')).toEqual(['cleo']);
    const { agent } = await store.centre.find('ada@example.com');
    if (agent.agentId !== undefined) expect(await list('--search', agent.agentId)).toEqual(['ada']);
  });

  it('says why in a sentence, since when, and what comes next', async () => {
    const { stdout, code } = await store.run(['people', '--state', 'failed']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^userName +state +reason +since +agent +why\n/);
    expect(stdout).toMatch(
      /cleo@example\.com +failed +unusable-value +\S+Z +— +No attempt is made until .*familyName/,
    );
    expect(stdout).toContain('2 persons');
  });

  it('groups failures by reason with what helps, by field and with examples, and ends with 1', async () => {
    const { stdout, code } = await store.run(['failures']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^unusable-value: 2 persons, since \S+Z\n/);
    expect(stdout).toContain('→ Correct it at the source');
    expect(stdout).toContain('by field: lastName 2');
    expect(stdout).toContain('cleo@example.com: ');
    const { answer } = await store.json(['failures']);
    expect(answer).toMatchObject({
      count: 2,
      isCut: false,
      groups: [{ reason: 'unusable-value', count: 2 }],
    });
  });

  it('reports who has which skill, queue and role, and by which rule', async () => {
    const file = prepared.at('agents.csv');
    const { stdout, code, stderr } = await store.run(['report', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ lines about 5 persons written to /);
    const [heading, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(heading).toBe('userName,kind,value,level,by,state,since,agentId');
    const ada = lines.filter((line) => line.startsWith('ada@'));
    const given = ada.map((line) => line.split(',').slice(1, 5).join(','));
    expect(given).toContain('agent group,Billing,,billing (set)');
    expect(given).toContain('role,Agent,,everyone (set)');
    expect(given).toContain('skill,Billing/Refunds,expert,billing (add)');
    expect(given).toContain('queue,Default Queue,,everyone (add)');
    expect(given).toContain('chat language,en,good,everyone (set)');
    expect(lines.some((line) => line.startsWith('dora@'))).toBe(false);
    const rows = (await store.run(['--json', 'report', '-'])).stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(lines.length);
    expect(JSON.parse(rows[0] ?? '')).toMatchObject({ kind: 'agent group', by: expect.any(String) });
    expect((await store.run(['report', prepared.at('no/such/folder.csv')])).code).toBe(2);
  });

  it('writes CSV that a spreadsheet reads, formulas told for text', async () => {
    const file = prepared.at('people.csv');
    const { centre } = store;
    const formula = person('zoe', 'Sales', { userName: '=cmd()@example.com', externalId: 'a"b,c' });
    await accept('demo', centre.services, { person: formula, source: 'scim', priority: PRIORITY.backfill });
    const { stdout, code } = await store.run(['people', '--state', 'due', '--csv', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `2 persons written to ${file}.\n` });
    const [heading, ...rows] = readFileSync(file, 'utf8').split('\r\n');
    expect(heading).toBe('userName,email,externalId,state,reason,why,since,agentId,source,id');
    expect(rows.find((row) => row.includes('cmd'))).toMatch(/^'=cmd\(\)@example\.com,.*"a""b,c"/);
    const [record] = await centre.directory.findPerson('demo', {
      attribute: 'userName',
      value: '=cmd()@example.com',
    });
    if (record !== undefined) await centre.directory.erasePerson(record);
  });

  it('lists by state those whom their source deleted, with why, and whose agent the brake holds', async () => {
    const { directory, provisioning, services, find, arrive } = store.centre;
    for (const name of ['gina', 'gus', 'gwen']) {
      await arrive(person(name, 'Sales'));
      const before = await find(`${name}@example.com`);
      const { source, priority } = before;
      const gone = { ...before.person, active: false };
      await accept('demo', services, { person: gone, source, priority, before, deleted: true });
    }
    await drain(provisioning, services, Date.now() + 60_000);
    const gus = await find('gus@example.com');
    expect(gus).toMatchObject({ state: 'removed', eraseAt: expect.any(String) });
    const { eraseAt: _, ...rest } = { ...gus, agent: { ...gus.agent, agentId: 'a-gus' } };
    const hold = { movement: 'leaving', since: gus.updatedAt, counted: 9, limit: 5, seconds: 3_600 } as const;
    const listed = { state: 'held', reason: 'leaving', since: gus.updatedAt } as const;
    const next = { version: gus.version + 1, state: 'waiting', held: 'brake', hold, listed } as const;
    expect(await directory.updatePerson(gus, { ...rest, ...next })).toEqual({ ok: true });

    const list = async (...argv: string[]) => names((await store.json(['people', ...argv])).answer);
    expect(await list('--state', 'removed')).toEqual(['gina', 'gwen']);
    expect(await list('--state', 'removed', '--reason', 'deleted')).toEqual(['gina', 'gwen']);
    expect(await list('--state', 'removed', '--reason', 'inactive')).toEqual([]);
    expect(await list('--state', 'removed', '--limit', '1')).toHaveLength(1);
    expect(await list('--state', 'suspended')).toEqual([]);
    expect(await list('--state', 'held')).toEqual(['gus']);
    expect(await list('--state', 'held', '--search', 'g')).toEqual(['gus']);
    expect(await list('--state', 'removed', '--search', 'gw')).toEqual(['gwen']);
    expect(await list('--search', 'gina@example.com')).toEqual(['gina']);
    expect(await list('--state', 'removed', '--search', 'gina@example.com')).toEqual(['gina']);
    expect(await list()).not.toContain('gina');
    const [{ people: [held] = [] } = {}] = [
      (await store.json(['people', '--state', 'held'])).answer as { people?: object[] },
    ];
    expect(held).toMatchObject({
      why: expect.stringMatching(/brake.* The source deleted the person at \S+\.$/),
      since: gus.updatedAt,
      agentId: 'a-gus',
    });
    const { stdout } = await store.run(['people', '--state', 'removed']);
    expect(stdout).toMatch(/gina@example\.com +removed +deleted +\S+Z +\S+ +.* is erased from \S+Z on\./);
  });
});

describe('people', { timeout: PATIENCE_MS }, () => {
  const at = (...argv: string[]) => run(['--data-dir', prepared.data, 'people', ...argv]);

  it.each([
    [['--state', 'faild'], '--state faild: there is no such state; did you mean failed?'],
    [['--reason', 'unknown-nam'], 'did you mean unknown-name?'],
    [['--source', 'okta'], '--source okta: there is no such source'],
    [['--group', 'Nobody'], 'there is no group Nobody in the directory of demo'],
    [['--limit', 'ten'], '--limit ten: a whole number from 1 on is right'],
  ])('%j ends with 2 and says what would be right', async (argv, message) => {
    const { code, stderr, stdout } = await at(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('shows as many as asked for, and that there are more', async () => {
    const { stdout } = await at('--limit', '2');
    expect(stdout).toContain('The first 2; --limit <number> or --csv <file> for more.');
  });

  it('says nobody where there is nobody', async () => {
    expect(await at('--state', 'failed')).toMatchObject({ code: 0, stdout: 'Nobody.\n' });
    expect(await run(['--data-dir', prepared.data, 'failures'])).toMatchObject({
      code: 0,
      stdout: 'Nobody has failed.\n',
    });
  });
});
