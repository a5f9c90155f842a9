import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Okta } from '../../local/providers/okta.ts';
import { type Served, serveStandIn } from '../../local/providers/stand-in.ts';
import { openCentre, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

const TOKEN = 'okta-api-token';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let okta: Okta;
let served: Served;
let configuration: string;
let folder: string;
let copies = 0;

beforeAll(async () => {
  prepared = await prepareCentre();
  okta = new Okta({ now: Date.now, token: TOKEN });
  for (let number = 1; number <= 30; number += 1) okta.add(profileOf(number));
  served = await serveStandIn(okta);
  const source = `okta: { preset: okta-event-hook, fetch: { baseUrl: '${served.url}' }, sync: {} }`;
  configuration = prepared.configuration('sync.yaml', [
    'scim: { profile: auto }',
    `scim: { profile: auto }\n    sources: { ${source}, hr: { preset: ory-polis }, file: { preset: file, fetch: { file: people.csv, content: full } } }`,
  ]);
}, PATIENCE_MS);
afterAll(async () => {
  await served.close();
  prepared.remove();
});

function profileOf(number: number) {
  const login = `read-${number}@acme.example`;
  const primaryPhone = `+1 202 555 ${String(number).padStart(4, '0')}`;
  return {
    login,
    email: login,
    firstName: `Given ${number}`,
    lastName: `Family ${number}`,
    department: 'Billing',
    primaryPhone,
  };
}

const at = () => ['--configuration', configuration, '--data-dir', folder];
const environment = { SOURCE_SECRETS: JSON.stringify({ 'okta.fetch': [TOKEN] }) };
const sync = (...argv: string[]) => run([...at(), 'sync', ...argv], { environment });
const syncJson = (...argv: string[]) => runJson([...at(), 'sync', ...argv], { environment });

/** A centre of its own for what follows. */
function begin(): void {
  copies += 1;
  folder = prepared.copy(`sync-${copies}`);
}

describe('sync', () => {
  it('shows first what it would do, stores nothing of it, and then does it', async () => {
    begin();
    const early = await sync('okta', '--apply');
    expect(early).toMatchObject({ code: 2 });
    expect(early.stderr).toContain('see first what it would do: sync okta');

    const dry = await syncJson('okta');
    expect(dry).toMatchObject({
      code: 0,
      answer: {
        kind: 'initial',
        applied: false,
        rows: 30,
        counts: { new: 30 },
        outlook: { effects: { create: 30 } },
      },
    });
    const centre = openCentre(folder);
    const { persons } = await centre.directory.listPersons('demo', { limit: 1_000 });
    expect(persons.filter(({ person }) => person.userName.startsWith('read-'))).toEqual([]);
    centre.close();

    expect(await syncJson('okta', '--apply')).toMatchObject({
      code: 0,
      answer: { applied: true, counts: { new: 30 } },
    });
    const after = openCentre(folder);
    const stored = (await after.directory.listPersons('demo', { limit: 1_000 })).persons;
    expect(stored.filter(({ person }) => person.userName.startsWith('read-')).length).toBe(30);
    after.close();

    const list = await sync();
    expect(list.stdout).toMatch(/okta +okta-event-hook +on +\S+ complete/);
    expect(list.stdout).not.toContain('ory-polis');
    expect(await syncJson('okta', '--full', '--apply')).toMatchObject({
      answer: { counts: { unchanged: 30 } },
    });
    expect(await syncJson('okta', '--delta', '--apply')).toMatchObject({
      answer: { kind: 'delta', outcome: 'complete' },
    });
  });

  it('lists rows that could be two persons, and ends with 1', async () => {
    begin();
    const { login } = profileOf(1);
    const second = okta.add({ ...profileOf(31), login: 'second@acme.example', email: login });
    const { code, stdout } = await sync('okta');
    okta.delete(second);
    expect(code).toBe(1);
    expect(stdout).toMatch(/ambiguous +1 /);
    expect(stdout).toContain(`ambiguous  ${second}: ${login} is the person of`);
    expect(stdout).toContain('Nothing was stored: this was a dry run. --apply stores.');
  });

  it('does not promise --apply after a first dry run that is incomplete', async () => {
    begin();
    const dry = await run([...at(), 'sync', 'okta'], {
      environment: { SOURCE_SECRETS: JSON.stringify({ 'okta.fetch': ['run-out'] }) },
    });
    expect(dry.code).toBe(1);
    expect(dry.stdout).toContain('this was a dry run. Before --apply it wants one that is complete.');
  });

  it('goes by the active generation, as functions do, and says where the file is otherwise', async () => {
    begin();
    expect(await run([...at(), 'push', '--catalogue', prepared.catalogue])).toMatchObject({ code: 0 });
    await sync('okta');
    await sync('okta', '--apply');
    const source = `preset: okta-event-hook, fetch: { baseUrl: '${served.url}' }, sync: {}`;
    const unpushed = prepared.configuration('unpushed.yaml', [
      'scim: { profile: auto }',
      `scim: { profile: auto }\n    sources: { okta: { ${source}, scope: { departments: [Sales] } }, more: { ${source} } }`,
    ]);
    const on = (...argv: string[]) => ['--configuration', unpushed, '--data-dir', folder, ...argv];
    const full = await runJson(on('sync', 'okta', '--full', '--apply'), { environment });
    expect(full).toMatchObject({ code: 0, answer: { counts: { unchanged: 30 } } });
    expect(full.stderr).toContain('okta is otherwise in');
    for (const argv of [
      ['sync', 'more'],
      ['sources', 'more'],
      ['read', 'more', '00u1'],
    ]) {
      const refused = await run(on(...argv), { environment });
      expect(refused).toMatchObject({ code: 2 });
      expect(refused.stderr).toContain(
        'but not in the active generation, which functions go by: push activates',
      );
    }
    expect((await run(on('sources'))).stdout).toContain('ory-polis');
  });

  it('is followed by provision --now, which goes by the active generation, too', async () => {
    folder = prepared.empty('nobody');
    const nobody = prepared.write(
      'nobody.yaml',
      readFileSync(configuration, 'utf8').replace("'not (active eq false)'", '\'userName eq "none"\''),
    );
    const pushed = await run([
      '--configuration',
      nobody,
      '--data-dir',
      folder,
      'push',
      '--catalogue',
      prepared.catalogue,
    ]);
    expect(pushed).toMatchObject({ code: 0 });
    await sync('okta');
    await sync('okta', '--apply');
    const { stdout } = await run([...at(), 'provision', profileOf(1).login, '--now'], { environment });
    expect(stdout).toContain('2 in scope: no, not to be an agent (provisionWhen)');
  });

  it('takes a short list once, when an operator accepts it', async () => {
    begin();
    await sync('okta');
    await sync('okta', '--apply');
    const gone = [...okta.users.keys()].slice(0, 15);
    for (const id of gone) okta.trouble.hidden.add(id);
    const refused = await sync('okta', '--full', '--apply');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('Incomplete, so nobody leaves by being missing');
    expect(await syncJson('okta', '--full', '--apply', '--accept', '15')).toMatchObject({
      answer: { outcome: 'complete', counts: { kept: 15 } },
    });
    okta.trouble.hidden.clear();
  });

  it('says what the credentials need, and not that anything was stored, when they are refused', async () => {
    begin();
    await sync('okta');
    await sync('okta', '--apply');
    const refused = await run([...at(), 'sync', 'okta', '--full', '--apply'], {
      environment: { SOURCE_SECRETS: JSON.stringify({ 'okta.fetch': ['run-out'] }) },
    });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('answered 401; the credentials (okta.fetch) need okta.users.read');
    expect(refused.stdout).toContain('0 rows in 1 call.');
    expect(refused.stdout).toContain('Nothing was read, so nothing was stored.');
    expect(refused.stdout).not.toMatch(/^Stored/m);
  });

  it('names in its dry run who fails and why, and says that the brake holds already', async () => {
    begin();
    const endless = okta.add({ ...profileOf(40), firstName: 'x'.repeat(60) });
    const centre = openCentre(folder);
    await centre.directory.writeDocument(
      'demo',
      'brake',
      { windows: {}, engaged: { leaving: { at: Date.now(), window: 'within', counted: 11, limit: 10 } } },
      undefined,
    );
    centre.close();
    const { stdout } = await sync('okta');
    okta.delete(endless);
    expect(stdout).toMatch(/fail +1\b/);
    expect(stdout).toMatch(/ {2}fail {2}read-40@acme\.example: .*givenName/);
    expect(stdout).toContain('The brake holds already: 0 persons wait for a decision');
    expect((await sync()).stdout).toContain('The brake holds already');
  });

  it.each([
    [['okta', '--full', '--delta'], 'either --full or --delta'],
    [['okta', '--accept', '10'], '--accept goes with --full'],
    [['okta', '--full', '--accept', 'all'], '--accept all: a number of people, such as 1500'],
    [['hr'], 'the people of hr (ory-polis) can not be listed'],
    [['nobody'], 'the tenant demo has no source nobody; it has okta, hr, file'],
    [['okta', '--delta'], 'okta was never read as a whole: sync okta does that'],
  ])('says what is wrong with %j', async (argv, message) => {
    begin();
    const { code, stderr } = await sync(...argv);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('read', () => {
  it('shows what a source says of one person, and ends with 1 for nobody', async () => {
    begin();
    const { login } = profileOf(2);
    const [, id = ''] = okta.users.keys();
    const found = await runJson([...at(), 'read', 'okta', id], { environment });
    expect(found).toMatchObject({
      code: 0,
      answer: { outcome: 'found', person: { userName: login, active: true } },
    });
    const none = await run([...at(), 'read', 'okta', '00unobody'], { environment });
    expect([none.code, none.stdout.trim()]).toEqual([1, 'okta knows nobody as 00unobody.']);
    await sync('okta');
    await sync('okta', '--apply');
    const named = await run([...at(), 'read', 'okta', login], { environment });
    expect(named.stdout).toContain(`okta says of ${login} (${id}):`);
    const user = okta.users.get(id);
    okta.users.delete(id);
    const gone = await run([...at(), 'read', 'okta', login], { environment });
    expect([gone.code, gone.stdout.trim()]).toEqual([1, `okta knows nobody as ${login} (${id}).`]);
    if (user !== undefined) okta.users.set(id, user);
    const listed = await run([...at(), 'read', 'file', 'x'], { environment });
    expect(listed.stderr).toContain('one person can not be read from file (file); sync file reads everybody');
    const other = await run([...at(), 'read', 'hr', 'x'], { environment });
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining('how to read a person from hr is not configured (fetch)'),
    ]);
  });
});
