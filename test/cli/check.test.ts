import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../functions/smartassist/catalogue.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { demoCatalogue } from '../mapping/demo.ts';
import { openCentre, prepareCentre, simulatorOf } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

const check = (file: string, ...argv: string[]) => ['--configuration', file, 'check', ...argv];

/** How a problem begins whose value stands in the line with these words. */
function placed(file: string, words: string, path: string): RegExp {
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((each) => each.includes(words)) + 1;
  return new RegExp(`^${RegExp.escape(file)}:${line}:\\d+: ${RegExp.escape(path)}: `);
}

/** What the setting costs in calls. */
const CUSTOM_ID = 'demo: customId generated: an agent whose id is not known is found again by 1 call\n';

describe('check', { timeout: PATIENCE_MS }, () => {
  it('is content with the shipped configuration', async () => {
    expect(await run(['check'])).toEqual({
      code: 0,
      stdout: `provisioner.yaml is right.\n${CUSTOM_ID}`,
      stderr: '',
    });
    expect(await runJson(['check'])).toEqual({
      code: 0,
      stderr: '',
      answer: { file: 'provisioner.yaml', problems: [] },
    });
  });

  it('points at a condition that can not be read: line and column in the file, a caret in the condition', async () => {
    const file = centre.configuration('operator.yaml', [
      'preferredLanguage sw "de"',
      'preferredLanguage sv "de"',
    ]);
    const { code, stdout } = await run(check(file));
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(placed(file, ' sv ', 'tenants.demo.rules[3].when')),
      '    preferredLanguage sv "de" or locale sw "de"',
      '                      ^',
      '1 problem.',
      '',
    ]);
    const { answer } = await runJson(check(file));
    expect(answer.problems).toEqual([
      expect.objectContaining({
        path: 'tenants.demo.rules[3].when',
        expression: { text: 'preferredLanguage sv "de" or locale sw "de"', position: 18 },
      }),
    ]);
  });

  it('shows the part of a long condition that the caret is in', async () => {
    const long = `${'userName pr and '.repeat(20)}userName xx "a" ${'and userName pr '.repeat(20).trim()}`;
    const file = centre.configuration('long.yaml', [
      '\'preferredLanguage sw "de" or locale sw "de"\'',
      `'${long}'`,
    ]);
    const [, shown = '', caret = ''] = (await run(check(file))).stdout.split('\n');
    expect(shown).toMatch(/^ {4}….*userName xx "a".*…$/);
    expect(shown.slice(caret.indexOf('^'))).toMatch(/^xx "a"/);
  });

  it('says all that is wrong with the grammar at once, in the order of the file, with the nearest known key', async () => {
    const file = centre.configuration(
      'grammar.yaml',
      ['callsPerMinute: 50', 'callsPerMinute: 0'],
      ['onDelete: suspend', 'onDelte: suspend'],
      ['proficiency: good }]', 'proficiency: goood }]'],
    );
    const { code, stdout } = await run(check(file));
    expect(code).toBe(1);
    const rule = 'tenants.demo.rules[0].set.chat.languages[0].proficiency';
    const lines = stdout.split('\n');
    expect(lines).toEqual([
      expect.stringMatching(placed(file, 'callsPerMinute: 0', 'tenants.demo.smartassist.callsPerMinute')),
      expect.stringMatching(placed(file, 'onDelte', 'tenants.demo.lifecycle.onDelte')),
      expect.stringMatching(placed(file, 'goood', rule)),
      '3 problems.',
      '',
    ]);
    expect(lines[1]).toMatch(/Did you mean "onDelete"\?$/);
  });

  it('points at what is no YAML', async () => {
    const file = centre.write('broken.yaml', 'tenants:\n  demo: { smartassist: [ }\n');
    const { code, stdout } = await run(check(file));
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${file}:2:\\d+: `));
  });

  it('suggests names for those that SmartAssist does not have', async () => {
    const file = centre.configuration(
      'misspelt.yaml',
      ['Billing/Refunds', 'Billing/Refnds'],
      ['agentGroup: Technical Support', 'agentGroup: Tecnical Support'],
    );
    expect((await run(check(file))).code).toBe(0);
    const { code, stdout } = await run(check(file, '--catalogue', centre.catalogue));
    expect(code).toBe(1);
    const lines = stdout.split('\n');
    expect(lines).toEqual([
      expect.stringMatching(placed(file, 'Refnds', 'tenants.demo.rules[1].add.skills[0].skill')),
      expect.stringMatching(placed(file, 'Tecnical', 'tenants.demo.rules[2].set.agentGroup')),
      '2 problems.',
      '',
    ]);
    expect(lines[0]).toMatch(/skill "Billing\/Refnds" does not exist in SmartAssist; .*: Billing\/Refunds$/);
    expect(lines[1]).toMatch(/agent group "Tecnical Support" does not exist .*: Technical Support$/);
  });

  it('says that the names were looked up when they were', async () => {
    const { code, stdout } = await run(['check', '--catalogue', centre.catalogue]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `provisioner.yaml is right, and SmartAssist has every name in it.\n${CUSTOM_ID}`,
    });
  });

  it('finds fault with a tenant that is not there, whatever else it is asked', async () => {
    const said = 'there is no tenant demmo in provisioner.yaml; it has demo\n';
    expect(await run(['--tenant', 'demmo', 'check'])).toEqual({ code: 2, stdout: '', stderr: said });
  });

  it.each([
    ['no JSON', 'tenants:', /is not JSON: /],
    ['of another form', '{"agentGroups":[]}', /is no catalogue as check --live --save writes it: skills: /],
  ])('ends with 2 for a file of names that is %s', async (_, content, said) => {
    const file = centre.write('names.json', content);
    const { code, stdout, stderr } = await run(['check', '--catalogue', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
  });

  describe('--live', () => {
    it('asks SmartAssist although names are known, saves them, and writes nothing to the agents', async () => {
      const simulator = simulatorOf();
      const server = await serveSimulator(simulator, { port: 0 });
      try {
        const surroundings = { environment: { SMARTASSIST_URL: `http://127.0.0.1:${server.port}` } };
        const saved = centre.at('saved.json');
        const data = centre.copy('live');
        const opened = openCentre(data);
        const anHourAgo = {
          agentGroups: [],
          skills: [],
          queues: [],
          roles: [],
          readAt: Date.now() - 3_000_000,
        };
        await opened.directory.writeDocument('demo', 'catalogue', anHourAgo);
        opened.close();
        const argv = ['--data-dir', data, 'check', '--live'];
        expect(await run([...argv, '--save', saved], surroundings)).toMatchObject({ code: 0, stderr: '' });
        const calls = simulator.calls();
        expect(Object.keys(calls).toSorted()).toEqual([
          'GET /agent-groups',
          'GET /queues',
          'GET /roles',
          'GET /skill-groups',
          'GET /skill-groups/{id}/skills',
          'total',
        ]);
        const { readAt: _, ...names } = catalogueSchema().parse(JSON.parse(readFileSync(saved, 'utf8')));
        const { readAt: __, ...expected } = demoCatalogue;
        expect(names).toEqual({ ...expected, orgId: simulator.orgId });
        expect((await run(['check', '--catalogue', saved])).code).toBe(0);
        // Within the minute what was read is good enough.
        expect((await run(argv, surroundings)).code).toBe(0);
        expect(simulator.calls()).toEqual(calls);
      } finally {
        await server.close();
      }
    });

    it('ends with 2 when SmartAssist can not be reached, and says which one was asked', async () => {
      const environment = { SMARTASSIST_URL: 'http://127.0.0.1:9' };
      const { code, stdout, stderr } = await run(
        ['--data-dir', centre.empty('unreachable'), 'check', '--live'],
        {
          environment,
        },
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^SmartAssist could not be reached: .* \(asked http:\/\/127\.0\.0\.1:9\)\n$/);
    });

    it('needs to go with --save', async () => {
      expect(await run(['check', '--save', centre.at('nothing.json')])).toMatchObject({
        code: 2,
        stdout: '',
      });
    });
  });
});
