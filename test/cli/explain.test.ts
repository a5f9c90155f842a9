import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRejections, SCIM_DOOR } from '../../functions/events/rejections.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { correlated } from '../../functions/runtime/correlation.ts';
import { ENTERPRISE, openCentre, PEOPLE, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

const [ada] = PEOPLE;

describe('explain', { timeout: PATIENCE_MS }, () => {
  it('shows how an agent stands, where each value is from and what it replaced, and its history', async () => {
    // The names are compared as SCIM compares them.
    const { code, stdout, stderr } = await run(['--data-dir', centre.data, 'explain', 'ADA@example.com']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head = '', why = '', lately = ''] = stdout.split('\n\n');
    expect(head).toMatch(
      /^ada@example\.com: provisioned\n {2}agent .*, customId [a-z0-9]+, in SmartAssist: active$/,
    );
    expect(why).toContain('  Rules: everyone, billing, German speakers\n');
    expect(why).toContain(
      '  agentGroup: Billing  ← billing (set)\n    instead of Default Group  ← everyone (set)\n',
    );
    expect(why).toContain('    de expert  ← German speakers (add)\n');
    expect(lately).toMatch(/^Lately\n {2}\S+Z {2}created {4}from scim: by POST \/agents\n$/);
  });

  it('gives programs the same, and the ids', async () => {
    const { code, answer } = await runJson(['--data-dir', centre.data, 'explain', 'ada@example.com']);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      userName: 'ada@example.com',
      state: 'provisioned',
      presence: 'active',
      customId: expect.stringMatching(/^\w+$/),
      wanted: true,
      rules: ['everyone', 'billing', 'German speakers'],
      problems: [],
      payload: { emailId: 'ada@example.com' },
      history: [{ what: 'created', source: 'scim', calls: ['POST /agents'] }],
    });
    expect(answer.fields).toContainEqual(
      expect.objectContaining({
        field: 'agentGroup',
        replaced: [expect.objectContaining({ value: 'Default Group' })],
      }),
    );
  });

  it('shows the history with the newest first, what changed and which calls it took', async () => {
    const data = centre.copy('history');
    const opened = openCentre(data, { returnsAgentId: true });
    const zoe = person('zoe', 'Billing');
    await opened.arrive(zoe);
    await opened.arrive({ ...zoe, [ENTERPRISE]: { department: 'Support' } });
    await opened.arrive({ ...zoe, active: false });
    opened.close();
    const { stdout } = await run(['--data-dir', data, 'explain', 'zoe@example.com']);
    const [head = '', why = '', lately = ''] = stdout.split('\n\n');
    expect(head).toMatch(/^zoe@example\.com: suspended\n.* in SmartAssist: suspended$/);
    expect(why).toMatch(/^ {2}Not to be an agent: provisionWhen says no\. If it said yes:\n/);
    expect(lately.trimEnd().split('\n')).toEqual([
      'Lately',
      expect.stringMatching(/ suspended {2}from scim: by /),
      expect.stringMatching(
        / updated {4}from scim: changed .*agentGroupId.*; by .*PUT \/agents\/\{agentId\}/,
      ),
      expect.stringMatching(/ created {4}from scim: by POST \/agents$/),
    ]);
  });

  it('shows why the last attempt failed', async () => {
    const data = centre.empty('failed');
    const opened = openCentre(data, {
      faults: [{ on: 'POST /agents', kind: 'status', status: 400, times: 1 }],
    });
    const file = centre.write('ada.jsonl', JSON.stringify(ada));
    expect((await run(['--data-dir', data, 'import', file, '--apply'])).code).toBe(0);
    await drain(opened.provisioning, opened.services, Date.now() + PATIENCE_MS);
    opened.close();
    const { code, stdout } = await run(['--data-dir', data, 'explain', 'ada@example.com']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ada@example\.com: failed\n.*\n {2}SmartAssist refused \(400\): simulated fault \(.*Z\)\n/,
    );
    expect(stdout).toMatch(
      /Lately\n {2}\S+ {2}refused {4}from import: simulated fault; by POST \/agents, GET \/agents\/customId\n$/,
    );
  });

  it('says of somebody who was stored and not worked on yet that it is to come', async () => {
    const data = centre.copy('due');
    const file = centre.write('new.csv', 'userName\nnew@example.com\n');
    await run(['--data-dir', data, 'import', file, '--apply']);
    const { stdout } = await run(['--data-dir', data, 'explain', 'new@example.com']);
    expect(stdout).toMatch(
      /^new@example\.com: due\n.* in SmartAssist: none\n {2}to be worked on from \S+Z\n/,
    );
    expect(stdout).toMatch(/Lately\n {2}nothing yet\n$/);
  });

  it('points to plan where the configuration is another than the agent was made with', async () => {
    const configuration = centre.configuration('other.yaml', [
      'skill: Billing/Refunds',
      'skill: Billing/Invoices',
    ]);
    const argv = ['--data-dir', centre.data, 'explain', 'ada@example.com'];
    const said = 'SmartAssist has another agent than this configuration makes: see the command plan';
    expect((await run(['--configuration', configuration, ...argv])).stdout).toContain(said);
    expect((await run(argv)).stdout).not.toContain(said);
  });

  it('says of somebody whom the source deleted that this is why', async () => {
    const data = centre.copy('deleted');
    const opened = openCentre(data);
    const { directory } = opened;
    const record = await opened.find('bob@example.com');
    const deletedAt = new Date().toISOString();
    await directory.updatePerson(record, { ...record, version: record.version + 1, deletedAt });
    opened.close();
    const { stdout } = await run(['--data-dir', data, 'explain', 'bob@example.com']);
    expect(stdout).toContain(`  deleted by the source at ${deletedAt}\n`);
    expect(stdout).toContain('Not to be an agent: the source deleted the person.');
    expect(stdout).not.toContain('provisionWhen says no');
  });

  it('takes an e-mail address, an externalId and an id for the person, too', async () => {
    const data = centre.copy('by-address');
    const opened = openCentre(data);
    const emails = [{ value: 'zoe.mail@example.com', type: 'work', primary: true }];
    const { id } = await opened.arrive(
      person('zoe', 'Sales', { userName: 'zoe', emails, externalId: 'hr-9' }),
    );
    opened.close();
    for (const name of ['zoe.mail@example.com', 'hr-9', id]) {
      const { stdout, code } = await run(['--data-dir', data, 'explain', name]);
      expect([name, code, stdout.split('\n')[0]]).toEqual([name, 0, 'zoe: provisioned']);
    }
  });

  it('ends with 2 for a userName that nobody has', async () => {
    expect(await run(['--data-dir', centre.data, 'explain', 'nobody'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'nobody in the directory of demo has the userName, e-mail address or id nobody\n',
    });
  });

  it('shows what was refused of a person, of one who is in no directory, and under an id', async () => {
    const data = centre.copy('refused');
    const opened = openCentre(data);
    const refusals = openRejections(opened.services);
    const keep = (id: string, refused: Readonly<Record<string, unknown>>, door = SCIM_DOOR) =>
      correlated(id, () => refusals.keep('demo', door, refused, true));
    const refused = { method: 'POST', endpoint: 'Users', client: 'Okta', status: 400 };
    await keep('aaaaaaaa-1', { ...refused, userName: 'Zoe@example.com', detail: 'Name is too long.' });
    const { id: resource } = await opened.find('ada@example.com');
    await keep('bbbbbbbb-1', { ...refused, method: 'PATCH', resource, detail: 'No such path.' });
    opened.close();

    const zoe = await run(['--data-dir', data, 'explain', 'zoe@EXAMPLE.com']);
    expect(zoe).toMatchObject({ code: 0, stderr: '' });
    expect(zoe.stdout).toMatch(
      /^nobody .* has the userName, e-mail address or id zoe@EXAMPLE\.com; refused in 7 days:\n {2}\S+Z {2}400 {2}POST Users of Zoe@example\.com by Okta: Name is too long\. \(aaaaaaaa\)\n$/,
    );
    const known = await run(['--data-dir', data, 'explain', 'ada@example.com']);
    expect(known.stdout).toMatch(
      /\n\nRefused in 7 days\n {2}.*PATCH Users by Okta: No such path\. \(bbbbbbbb\)\n$/,
    );
    const { answer } = await runJson(['--data-dir', data, 'explain', 'aaaaaaaa']);
    expect(answer.refused).toEqual([expect.objectContaining({ id: 'aaaaaaaa-1' })]);
    const nobody = await run(['--data-dir', data, 'explain', 'cccccccc']);
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody in the directory') });
  });
});
