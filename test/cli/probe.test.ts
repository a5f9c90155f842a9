import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { readProbe } from '../../functions/provision/agent/probe-record.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openCentre, prepareCentre, simulatorOf } from './centre.ts';
import { PATIENCE_MS, run, runAlone, start } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

const DELETE = 'DELETE /agents/{agentId}';
const MAILBOX = 'it@example.com';

/** A simulator on a port, and the program in its surroundings. */
async function account(name: string, behaviour: BehaviourInput = {}, folder = centre.empty(name)) {
  const simulator = simulatorOf({ callsPerMinute: 3_000, ...behaviour });
  let watch = () => {};
  const watched: Simulator = {
    ...simulator,
    deliver: async (request) => {
      const delivery = await simulator.deliver(request);
      watch();
      return delivery;
    },
  };
  const server = await serveSimulator(watched, { port: 0 });
  const report = join(folder, 'behaviour.json');
  const environment = {
    SMARTASSIST_URL: `http://127.0.0.1:${server.port}`,
    SMARTASSIST_CLIENT_ID: 'cs-demo',
    SMARTASSIST_CLIENT_SECRET: 'demo-client-secret',
    SMARTASSIST_ADMIN_CLIENT_ID: 'cs-demo-admin',
    SMARTASSIST_ADMIN_CLIENT_SECRET: 'demo-admin-client-secret',
  };
  const argv = (...more: string[]) => [
    '--data-dir',
    folder,
    'doctor',
    '--probe',
    '--mailbox',
    MAILBOX,
    '--report',
    report,
    ...more,
  ];
  return {
    simulator,
    folder,
    report,
    environment,
    argv,
    behaviour: () => JSON.parse(readFileSync(report, 'utf8')) as Record<string, unknown>,
    probe: (...more: string[]) => run(argv('--yes', ...more), { environment }),
    /** From another directory, so that no call of the run before counts. */
    probeAgain: () =>
      run(['--data-dir', centre.empty(`${name}-again`), ...argv('--yes').slice(2)], { environment }),
    /** Resolves when so many agents are there, while the call that made the last of them waits for its answer. */
    made: (count: number) =>
      new Promise<void>((resolve) => {
        watch = () => {
          if (simulator.agents().length >= count) resolve();
        };
      }),
    created: () => simulator.calls()['POST /agents'] ?? 0,
    close: () => server.close(),
  };
}

describe('doctor --probe', { timeout: PATIENCE_MS }, () => {
  it.each<[string, BehaviourInput, BehaviourInput]>([
    ['by default', {}, { returnsAgentId: false, emailChange: 'taken', unlistedFields: 'refused' }],
    [
      'where the answer of a create has much',
      { returnsAgentId: true, createdCarries: ['accountId', 'status'], createdPhoneNumber: 'text' },
      { returnsAgentId: true, createdCarries: ['accountId', 'status'], createdPhoneNumber: 'text' },
    ],
    ['where the look-up answers ids', { customIdAnswer: 'ids' }, { customIdAnswer: 'ids' }],
    ['where the look-up answers a record', { customIdAnswer: 'object' }, { customIdAnswer: 'object' }],
    [
      'where duplicates are refused in words of their own',
      {
        duplicateEmail: { status: 400, message: 'Oops' },
        duplicateCustomId: { isRefused: true, status: 422, message: 'Twice' },
      },
      {
        duplicateEmail: { isRefused: true, status: 400, message: 'Oops' },
        duplicateCustomId: { isRefused: true, status: 422, message: 'Twice' },
      },
    ],
    [
      'where an address may be had twice',
      { duplicateEmail: { isRefused: false } },
      { duplicateEmail: { isRefused: false } },
    ],
    ['where another address is refused', { emailChange: 'refused' }, { emailChange: 'refused' }],
    ['where another address is passed over', { emailChange: 'ignored' }, { emailChange: 'ignored' }],
    [
      'where updates are read otherwise',
      {
        unlistedFields: 'taken',
        absentInUpdate: 'kept',
        decidingGroup: 'agentGroupId',
        needsChannel: false,
        recordsCarryAgentGroupId: true,
      },
      {
        unlistedFields: 'taken',
        absentInUpdate: 'kept',
        decidingGroup: 'agentGroupId',
        needsChannel: false,
        recordsCarryAgentGroupId: true,
      },
    ],
    [
      'where an unknown field is passed over',
      { unlistedFields: 'ignored', optOut: { survives: 'always' } },
      { unlistedFields: 'ignored', absentInUpdate: 'emptied', decidingGroup: 'agentGroups' },
    ],
  ])('finds out how it is %s, saves it, and leaves nothing', async (name, behaviour, expected) => {
    const tested = await account(`probe-${name.replaceAll(' ', '-')}`, behaviour);
    const { code, stdout, stderr } = await tested.probe();
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/invitation mails/) });
    expect(stdout).toMatch(/another e-mail address in an update: /);
    expect(tested.behaviour()).toMatchObject(expected);
    expect(tested.simulator.agents()).toEqual([]);
    expect(tested.created()).toBe(3);
    // The simulator takes it for its behaviour.
    expect(tested.simulator.setBehaviour(tested.behaviour() as BehaviourInput)).toMatchObject(expected);
    await tested.close();
  });

  it('records for the account whether changes of addresses are taken', async () => {
    const tested = await account('probe-recorded', { emailChange: 'ignored' });
    await tested.probe('--why', 'first day');
    const table = openSqliteTable(join(tested.folder, 'directory.sqlite'), systemClock);
    const directory = openDirectory(table, systemClock);
    const owner = `account:${demoTenant().smartassist.accountId}`;
    expect(await readProbe(directory, owner)).toMatchObject({ emailChange: 'ignored' });
    const { entries } = await listActions({ directory }, 'demo', { limit: 1 });
    expect(entries).toMatchObject([{ action: 'doctor probe', reason: 'first day' }]);
    table.close();
    await tested.close();
  });

  it('answers in JSON', async () => {
    const tested = await account('probe-json');
    const { stdout } = await run(['--json', ...tested.argv('--yes')], { environment: tested.environment });
    const { facts, left } = JSON.parse(stdout);
    expect(facts).toContainEqual({ what: 'a second agent with the same Custom ID', found: 'is made' });
    expect(left).toEqual([]);
    await tested.close();
  });

  it.each(['no\n', ''])('does nothing where the answer is %j', async (input) => {
    const tested = await account(`probe-asks-${input.length}`);
    const { code, stderr } = await run(tested.argv(), { environment: tested.environment, input });
    expect(stderr).toMatch(/sub-addresses of it@example\.com[\s\S]*remain[\s\S]*Write yes/);
    expect([code, tested.created(), existsSync(tested.report)]).toEqual([1, 0, false]);
    await tested.close();
  });

  it('begins where the answer is yes', async () => {
    const tested = await account('probe-yes');
    const { code } = await runAlone(tested.argv(), { environment: tested.environment, input: 'yes\n' });
    expect([code, tested.created(), tested.simulator.agents()]).toEqual([0, 3, []]);
    await tested.close();
  });

  it("deletes what a probe that died left, and nobody else's agent", async () => {
    const tested = await account('probe-killed');
    const other = tested.simulator.seedAgent({ emailId: 'ada@example.com' });
    const { child, ended } = start(process.execPath, ['cli/main.ts', ...tested.argv('--yes')], {
      environment: tested.environment,
    });
    await Promise.race([tested.made(3), ended]);
    child.kill('SIGKILL');
    await ended;
    expect(tested.simulator.agents().length).toBeGreaterThan(1);
    tested.simulator.setBehaviour({ callsPerMinute: 3_000 });
    const { code, stderr } = await tested.probeAgain();
    expect(stderr).toMatch(/2 agents of an earlier probe|3 agents of an earlier probe/);
    expect(code).toBe(0);
    expect(tested.simulator.agents()).toEqual([other]);
    await tested.close();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('deletes its agents when it is ended by %s', async (signal) => {
    const tested = await account(`probe-${signal}`);
    const { child, ended } = start(process.execPath, ['cli/main.ts', ...tested.argv('--yes')], {
      environment: tested.environment,
    });
    await Promise.race([tested.made(1), ended]);
    child.kill(signal);
    expect((await ended).code).not.toBe(0);
    expect(tested.simulator.agents()).toEqual([]);
    await tested.close();
  });

  it('deletes its agents where SmartAssist breaks off, and says which it could not delete', async () => {
    const broken = await account('probe-broken', {
      faults: [{ on: 'PUT /agents/{agentId}', kind: 'drop-before' }],
    });
    await broken.probe();
    expect(broken.simulator.agents()).toEqual([]);
    await broken.close();
    const stuck = await account('probe-stuck', { faults: [{ on: DELETE, kind: 'status', status: 403 }] });
    const { code, stderr } = await stuck.probe();
    expect(code).toBe(1);
    for (const { id } of stuck.simulator.agents()) expect(stderr).toContain(id);
    stuck.simulator.setBehaviour({ callsPerMinute: 3_000 });
    expect((await stuck.probeAgain()).code).toBe(0);
    expect(stuck.simulator.agents()).toEqual([]);
    await stuck.close();
  });

  it('says so where no agent can be made', async () => {
    const tested = await account('probe-refused', {
      faults: [{ on: 'POST /agents', kind: 'status', status: 400 }],
    });
    const { code, stdout } = await tested.probe();
    expect([code, tested.simulator.agents()]).toEqual([1, []]);
    expect(stdout).toMatch(/a create: SmartAssist refused \(400\)/);
    await tested.close();
  });

  it('refuses while records are due', async () => {
    const folder = centre.copy('probe-due');
    const opened = openCentre(folder);
    const [before] = (await opened.directory.listPersons('demo', { limit: 1 })).persons;
    if (before === undefined) throw new Error('the centre has nobody');
    const at = new Date().toISOString();
    await opened.directory.updatePerson(before, {
      ...before,
      version: before.version + 1,
      state: 'due',
      dueAt: at,
      dueSince: at,
    });
    opened.close();
    const tested = await account('probe-draining', {}, folder);
    const { code, stderr } = await tested.probe();
    expect([code, tested.simulator.calls().total]).toEqual([2, 0]);
    expect(stderr).toMatch(/a drain is at work, or about to be/);
    await tested.close();
  });

  it.each([[[]], [['--mailbox', 'nobody']], [['--mailbox', 'a+b@example.com']]])(
    'wants a mailbox: %j',
    async (given) => {
      const folder = centre.empty(`probe-mailbox-${given.length}-${given[1]?.length}`);
      const argv = ['--data-dir', folder, 'doctor', '--probe', '--yes', ...given];
      const { code, stderr } = await run(argv);
      expect(code).toBe(2);
      expect(stderr).toContain('--mailbox it@example.com');
    },
  );
});
