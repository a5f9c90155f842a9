import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCatalogue } from '../mapping/demo.ts';
import { openCentre, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;
let eve: string;

const EVE = {
  ...person('eve', 'Marketing', { preferredLanguage: 'de-CH' }),
  groups: [{ display: 'Contact Centre Billing' }],
};

beforeAll(async () => {
  centre = await prepareCentre();
  eve = centre.write('eve.json', JSON.stringify(EVE));
}, PATIENCE_MS);
afterAll(() => centre.remove());

const nowhere = () => ['--data-dir', centre.at('nowhere')];

describe('preview', { timeout: PATIENCE_MS }, () => {
  it('shows the agent that a person of a file would become, where each value is from, and the payload', async () => {
    const { code, stdout, stderr } = await run(['--data-dir', centre.data, 'preview', eve]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [explanation = '', payload = ''] = stdout.split('\nThe payload of Create an Agent\n');
    expect(explanation).toBe(`Rules: everyone, billing, German speakers
emailId: eve@example.com  ← emails[primary eq true].value
firstName: Eve  ← name.givenName
lastName: Example  ← name.familyName
agentGroup: Billing  ← billing (set)
  instead of Default Group  ← everyone (set)
role: Agent  ← everyone (set)
chat.languages:
  en good  ← everyone (set)
  de expert  ← German speakers (add)
chat.capacity: 3  ← everyone (set); set at creation only
voice.languages:
  en good  ← everyone (set)
  de expert  ← German speakers (add)
skills:
  Default SkillGroup/Default Skill average  ← everyone (add)
  Billing/Refunds expert  ← billing (add)
  Invoices good  ← billing (add)
queues:
  Default Queue  ← everyone (add)
  Billing  ← billing (add)
`);
    const billing = demoCatalogue.agentGroups.find(({ name }) => name === 'Billing');
    expect(JSON.parse(payload)).toMatchObject({
      emailId: 'eve@example.com',
      agentGroupId: billing?.id,
      maxChatSupport: 3,
    });
  });

  it('takes the person from standard input, and answers in JSON', async () => {
    const input = JSON.stringify(EVE);
    const { code, answer } = await runJson([...nowhere(), 'preview', '-', '--catalogue', centre.catalogue], {
      input,
    });
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      wanted: true,
      rules: ['everyone', 'billing', 'German speakers'],
      problems: [],
      payload: { emailId: 'eve@example.com' },
    });
    expect(answer.fields).toContainEqual({
      field: 'agentGroup',
      value: 'Billing',
      origins: [{ from: 'rule', rule: 'billing', how: 'set' }],
      replaced: [{ value: 'Default Group', origins: [{ from: 'rule', rule: 'everyone', how: 'set' }] }],
    });
  });

  it('shows the agent in names where nobody knows those of SmartAssist', async () => {
    const { code, stdout } = await run([...nowhere(), 'preview', eve]);
    expect(code).toBe(0);
    expect(stdout).toContain('agentGroup: Billing  ← billing (set)');
    expect(stdout).not.toContain('payload');
    expect(stdout).toContain('--live or --catalogue FILE');
  });

  it('says every reason why a person can not become an agent, and ends with 1', async () => {
    const configuration = centre.configuration(
      'reasons.yaml',
      ['Billing/Refunds', 'Refunds'],
      ['role: Agent', 'role: Agnet'],
    );
    const argv = [
      '--configuration',
      configuration,
      ...nowhere(),
      'preview',
      eve,
      '--catalogue',
      centre.catalogue,
    ];
    const { code, stdout } = await run(argv);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => line.startsWith('Problem:'))).toEqual([
      'Problem: rule "everyone": role "Agnet" does not exist in SmartAssist; the nearest names are: Agent',
      expect.stringMatching(
        /^Problem: rule "billing": skill "Refunds" exists more than once; .*Billing\/Refunds/,
      ),
    ]);
    expect((await runJson(argv)).answer.problems).toHaveLength(2);
  });

  it('says so of somebody who is not to be an agent', async () => {
    const input = JSON.stringify({ ...EVE, active: false });
    const { code, stdout } = await run([...nowhere(), 'preview', '-'], { input });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Not to be an agent: provisionWhen says no\./);
  });

  it('says which wishes the configuration passes over', async () => {
    const input = JSON.stringify({
      ...EVE,
      'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User': { agentGroup: 'Sales' },
    });
    const { stdout } = await run([...nowhere(), 'preview', '-'], { input });
    expect(stdout).toContain("Passed over: the wish for agentGroup, which wishes doesn't list");
    expect(stdout).toContain('agentGroup: Billing');
  });

  it('leaves the directory as it was', async () => {
    const data = centre.copy('untouched');
    await run(['--data-dir', data, 'preview', eve]);
    const opened = openCentre(data);
    expect(await opened.directory.countPersons('demo')).toBe(8);
    opened.close();
  });

  it.each([
    ['no JSON', 'nope', /^standard input is not JSON: .*\n$/],
    ['a list', '[]', /^A User must be a JSON object, not a list\.\n$/],
    ['somebody without a userName', '{}', /^userName is required and must not be blank\.\n$/],
    [
      'an e-mail address that is a number',
      '{"userName":"a","emails":[{"value":3}]}',
      /^emails\.value must be a string, not 3\.\n$/,
    ],
  ])('ends with 2 for %s, and says why', async (_, input, said) => {
    const { code, stdout, stderr } = await run([...nowhere(), 'preview', '-'], { input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
  });
});
