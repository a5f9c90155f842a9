import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCentre, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

/** The numbers of the table, by effect. */
function effectsIn(stdout: string): Record<string, number> {
  return Object.fromEntries(
    [...stdout.matchAll(/^([a-z]+) +(\d+)$/gm)].map(([, effect = '', number]) => [effect, Number(number)]),
  );
}

const NOTHING = { create: 0, change: 0, resume: 0, suspend: 0, remove: 0, fail: 0, wait: 0, untouched: 0 };

const plan = (configuration: string, ...argv: string[]) => [
  '--data-dir',
  centre.data,
  '--configuration',
  configuration,
  'plan',
  ...argv,
];

describe('plan', { timeout: PATIENCE_MS }, () => {
  it('says that nothing would happen when nothing is to be done', async () => {
    const { code, stdout, stderr } = await run(plan('provisioner.yaml'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(effectsIn(stdout)).toEqual({ ...NOTHING, untouched: 8 });
    expect(stdout).toContain('\n8 persons, 0 calls at the most, about 0 minutes.\n');
    expect(stdout).toContain('The brake lets it through: 0 would leave service, 4 may within 60 minutes.');
  });

  it('shows field by field what another configuration would change, with the calls and minutes', async () => {
    const configuration = centre.configuration(
      'changed.yaml',
      ['set: { agentGroup: Billing }', 'set: { agentGroup: Sales }'],
      ['skill: Billing/Refunds, proficiency: expert', 'skill: Billing/Refunds, proficiency: good'],
    );
    const { code, stdout } = await run(plan(configuration));
    expect(code).toBe(0);
    const fields = `         agentGroup: Billing → Sales
         skills: − Billing/Refunds expert, + Billing/Refunds good
`;
    expect(stdout.slice(0, stdout.indexOf('\n\n') + 1)).toBe(
      `change   ada@example.com\n${fields}change   bob@example.com\n${fields}`,
    );
    expect(effectsIn(stdout)).toEqual({ ...NOTHING, change: 2, untouched: 6 });
    expect(stdout).toContain('\n8 persons, 4 calls at the most, about 1 minute.\n');
    // As npm start takes it, with the same variable.
    const slow = await run(plan(configuration), { environment: { CALLS_PER_MINUTE: '2' } });
    expect(slow.stdout).toContain('\n8 persons, 4 calls at the most, about 2 minutes.\n');
    const wrong = await run(plan(configuration), { environment: { CALLS_PER_MINUTE: 'many' } });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('CALLS_PER_MINUTE is not a number of calls, 1 or more (it is "many")'),
    });
  });

  it('shows a value that comes and one that goes', async () => {
    const configuration = centre.configuration('flags.yaml', [
      'chat: { languages: [{ language: en, proficiency: good }], capacity: 3 }',
      'nickName: Somebody\n          chat: { languages: [{ language: en, proficiency: good, isActive: false }] }',
    ]);
    const { stdout } = await run(plan(configuration));
    const grace = stdout.slice(stdout.indexOf('change   grace@')).split('\n').slice(1, 4);
    expect(grace).toEqual([
      expect.stringMatching(/^ {9}chat\.languages: − en good, \+ en good inactive$/),
      '         chat.capacity: 3 → —; set at creation only',
      '         nickName: — → Somebody',
    ]);
  });

  it('gives programs a line a person, and the outlook last', async () => {
    const configuration = centre.configuration('json.yaml', [
      'set: { agentGroup: Billing }',
      'set: { agentGroup: Sales }',
    ]);
    const { code, stdout } = await run(plan(configuration, '--json'));
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual([
      ...['ada', 'bob'].map((name) => ({
        id: expect.any(String),
        userName: `${name}@example.com`,
        effect: 'change',
        fields: { agentGroup: { from: 'Billing', to: 'Sales' } },
      })),
      {
        groups: {
          failures: [],
          changes: {
            fields: [{ name: 'agentGroup', count: 2 }],
            rules: [{ name: 'billing', count: 2 }],
          },
        },
      },
      {
        outlook: {
          persons: 8,
          effects: { ...NOTHING, change: 2, untouched: 6 },
          calls: 4,
          minutes: 1,
          brake: { leaving: 0, lets: 4, engages: false, engaged: false },
        },
      },
    ]);
  });

  it('ends with 1 when somebody would fail, with every reason', async () => {
    const configuration = centre.configuration(
      'failing.yaml',
      ['agentGroup: Technical Support', 'agentGroup: Tecnical Support'],
      ['Support/Hardware', 'Support/Hardwear'],
    );
    const { code, stdout } = await run(plan(configuration));
    expect(code).toBe(1);
    expect(stdout.slice(0, stdout.indexOf('\n\n')).split('\n')).toEqual([
      'fail     grace@example.com',
      expect.stringMatching(
        /^ {9}rule "technical support": agent group "Tecnical Support" .*: Technical Support$/,
      ),
      expect.stringMatching(/^ {9}rule "technical support": skill "Support\/Hardwear" .*: Support\/Hardware/),
    ]);
    expect(effectsIn(stdout)).toEqual({ ...NOTHING, fail: 1, untouched: 7 });
  });

  it('ends with 1 when so many would leave service that the brake would hold', async () => {
    const configuration = centre.configuration('leaving.yaml', [
      "provisionWhen: 'not (active eq false)'",
      `provisionWhen: 'department eq "Billing"'`,
    ]);
    const { code, stdout } = await run(plan(configuration));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^suspend {2}grace@example\.com$/m);
    expect(effectsIn(stdout)).toEqual({ ...NOTHING, suspend: 6, untouched: 2 });
    expect(stdout).toContain('The brake would hold: 6 would leave service, 4 may within 60 minutes.');
  });

  it('shows twenty of a kind to people, and says how many more there are', async () => {
    const data = centre.copy('many');
    const lines = Array.from({ length: 25 }, (_, index) => `joiner${index}@example.com`);
    const file = centre.write('joiners.csv', `userName\n${lines.join('\n')}\n`);
    expect((await run(['--data-dir', data, 'import', file, '--apply'])).code).toBe(0);
    const { stdout } = await run(['--data-dir', data, 'plan']);
    expect(stdout.match(/^create {3}joiner/gm)).toHaveLength(20);
    expect(stdout).toContain('… and 5 more to create (--json shows all)');
    expect(effectsIn(stdout)).toEqual({ ...NOTHING, create: 25, untouched: 8 });
    const { stdout: rows } = await run(['--data-dir', data, '--json', 'plan']);
    expect(rows.trimEnd().split('\n')).toHaveLength(26);
  });

  it('looks at the groups of each person', async () => {
    const data = centre.copy('groups');
    const opened = openCentre(data);
    const [grace, kim] = [await opened.find('grace@example.com'), await opened.find('kim@example.com')];
    for (const [id, displayName, { id: value }] of [
      ['group-1', 'Contact Centre Billing', kim],
      ['group-2', 'Another', grace],
    ] as const) {
      const { createdAt, updatedAt } = kim;
      const group = { displayName };
      const record = { tenant: 'demo', id, version: 1, groupVersion: 1, createdAt, updatedAt, group };
      await opened.directory.createGroup(record);
      await opened.directory.addMembers('demo', id, [{ value }]);
    }
    opened.close();
    const { stdout } = await run(['--data-dir', data, 'plan']);
    expect(stdout).toMatch(/^change {3}kim@example\.com$/m);
    expect(effectsIn(stdout)).toEqual({ ...NOTHING, change: 1, untouched: 7 });
  });

  it('changes nothing', async () => {
    const data = centre.copy('unchanged');
    const opened = openCentre(data);
    const before = await opened.directory.listPersons('demo', { limit: 100 });
    const configuration = centre.configuration('other.yaml', [
      'voice: { languages: [{ language: en, proficiency: good }] }',
      'voice: { languages: [{ language: en, proficiency: average }] }',
    ]);
    const { stdout } = await run(['--data-dir', data, '--configuration', configuration, 'plan']);
    expect(effectsIn(stdout)).toMatchObject({ change: 8 });
    expect(await opened.directory.listPersons('demo', { limit: 100 })).toEqual(before);
    opened.close();
  });

  it('says that it does not know fields where nobody was mapped by the drain yet', async () => {
    const data = centre.empty('unseen');
    const opened = openCentre(data);
    await opened.arrive(person('ada', 'Billing'));
    opened.close();
    const configuration = centre.configuration('unseen.yaml', [
      'voice: { languages: [{ language: en, proficiency: good }] }',
      'voice: { languages: [{ language: en, proficiency: average }] }',
    ]);
    const { stdout } = await run(['--data-dir', data, '--configuration', configuration, 'plan']);
    expect(stdout).toContain('change   ada@example.com\n         (in what, is not known)\n');
    expect(stdout).toContain('Changes are not shown by field');
  });

  it('ends with 2 where the names of SmartAssist are not known, and says what helps', async () => {
    const data = centre.empty('nameless');
    const { code, stdout, stderr } = await run(['--data-dir', data, 'plan']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--live');
    expect((await run(['--data-dir', data, 'plan', '--catalogue', centre.catalogue])).code).toBe(0);
  });

  it('does nothing with a configuration that is wrong, and shows what is wrong', async () => {
    const configuration = centre.configuration('wrong.yaml', [
      'not (active eq false)',
      'not (activ eq false)',
    ]);
    const { code, stdout, stderr } = await run(plan(configuration));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /:\d+:\d+: tenants\.demo\.provisionWhen: .*"activ".*\n {4}not \(activ eq false\)\n {9}\^\n$/,
    );
  });

  it('does not touch a directory of a newer version', async () => {
    const data = centre.empty('newer');
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(`${data}/directory.sqlite`);
    database.exec('PRAGMA user_version = 999');
    database.close();
    const { code, stderr } = await run(['--data-dir', data, 'plan']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^.*schema version 999.*\n$/);
  });

  it('says so of a file that is no directory', async () => {
    const data = centre.empty('garbage');
    centre.write('garbage/directory.sqlite', 'this is no database, however long it is '.repeat(50));
    expect(await run(['--data-dir', data, 'plan'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `the directory can not be used: ${data}/directory.sqlite: file is not a database\n`,
    });
  });
});
