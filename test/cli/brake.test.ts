import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { discardHeld, heldIds, releaseHeld } from '../../functions/operate/brake.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { type Centre, openCentre, PEOPLE, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let held: string;
let copies = 0;

/** Six of eight leave, and the brake lets four through. */
beforeAll(async () => {
  prepared = await prepareCentre();
  held = prepared.copy('held');
  const centre = openCentre(held);
  for (const person of PEOPLE) await adopt(centre, person.userName);
  for (const person of PEOPLE.slice(2)) await centre.arrive({ ...person, active: false });
  centre.close();
}, PATIENCE_MS);
afterAll(() => prepared.remove());

/** This simulator was not there when the agents were made. */
async function adopt({ simulator, find }: Centre, userName: string): Promise<void> {
  const { agent } = await find(userName);
  simulator.seedAgent({
    emailId: userName,
    customId: agent.customId,
    ...(agent.agentId === undefined ? {} : { id: agent.agentId }),
  });
}

const STAYING = ['ned', 'pat'];
const userNames = (names: readonly string[]) => names.map((name) => `${name}@example.com`);

describe('brake', { timeout: PATIENCE_MS }, () => {
  let data: string;

  beforeEach(() => {
    copies += 1;
    data = `${held}-${copies}`;
    prepared.copyOf(held, data);
  });

  it('tells the second of two operators what the first decided', async () => {
    const [ned = ''] = userNames(['ned']);
    const first = await run([
      '--data-dir',
      data,
      'brake',
      'release',
      ned,
      '--by',
      'grace',
      '--why',
      'they left',
    ]);
    expect(first.code).toBe(0);
    const second = await run(['--data-dir', data, 'brake', 'discard', ned]);
    expect(second.stdout).toMatch(
      /^The brake does not hold ned@example\.com \(any more: grace \(.+, this machine\) did brake release at \S+Z: they left\)\.$/m,
    );
    const counted = await run(['--data-dir', data, 'brake', 'release', '--all', '--yes', '7']);
    expect(counted).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /Lately: grace \(.+, this machine\) did brake release at \S+Z: they left\n--yes 7: 1 person would be let go on/,
      ),
    });
    await run(['--data-dir', data, 'brake', 'discard', '--all', '--by', 'ada']);
    for (const argv of [['--yes', '1'], []]) {
      const late = await run(['--data-dir', data, 'brake', 'release', '--all', ...argv]);
      expect(late.stderr).toMatch(/^Lately: ada \(.+, this machine\) did brake discard at \S+Z$/m);
    }
  });

  it('lets nobody go on whom the brake has caught since the number was asked for', async () => {
    const { services, provisioning, close } = openCentre(data);
    const agreed = await heldIds(services, provisioning.name, { persons: ['ned@example.com'] });
    const actor = { by: 'grace' };
    expect(await releaseHeld(services, provisioning.name, { all: true }, actor, agreed)).toEqual({
      count: 1,
      unknown: [],
      left: 1,
    });
    expect(await discardHeld(services, provisioning.name, { all: true }, actor, agreed)).toMatchObject({
      count: 0,
      left: 1,
    });
    const still = await heldIds(services, provisioning.name, { all: true });
    expect(still.size).toBe(1);
    expect(agreed.isDisjointFrom(still)).toBe(true);
    close();
  });

  it('shows since when it holds, whom, and what can be done about it', async () => {
    const { code, stdout, stderr } = await run(['--data-dir', data, 'brake']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^The brake holds since \S+Z\.\n/);
    expect(stdout).toContain('5 agents were to leave service within one hour, and 4 may.');
    expect([...stdout.matchAll(/^ {4}(\S+@\S+), from \S+$/gm)].map(([, name]) => name)).toEqual(
      userNames(STAYING),
    );
    expect(stdout).toContain('brake release');
    expect(stdout).toContain('brake discard');
    const { answer } = await runJson(['--data-dir', data, 'brake', 'show']);
    expect(answer).toEqual({
      engaged: true,
      engagedAt: expect.stringMatching(/Z$/),
      held: userNames(STAYING).map((userName) => ({
        id: expect.any(String),
        userName,
        source: expect.any(String),
        since: expect.stringMatching(/Z$/),
        movement: 'leaving',
        reason: expect.stringContaining('The brake holds since'),
      })),
      more: false,
    });
  });

  it('is told of by plan, which ends with 1, and by explain', async () => {
    const { code, stdout } = await run(['--data-dir', data, 'plan']);
    expect(code).toBe(1);
    expect(stdout).toContain('The brake holds already: leavers wait until somebody decides.');
    const explained = await run(['--data-dir', data, 'explain', 'pat@example.com']);
    expect(explained.stdout).toContain('The brake holds since');
    expect(explained.stdout).toContain('See the command brake.');
    expect(explained.stdout).toMatch(/^pat@example\.com: held\n/);
    expect(explained.stdout).toMatch(/^ {2}held since \S+Z\. The brake holds since/m);
    expect(explained.stdout).toContain('brake release pat@example.com   lets the person go on');
    const { answer } = await runJson(['--data-dir', data, 'explain', 'pat@example.com']);
    const { people } = (await runJson(['--data-dir', data, 'people', '--state', 'held'])).answer;
    const [, listed] = people as { state: string; since: string }[];
    expect(answer).toMatchObject({ state: listed?.state, since: listed?.since, held: 'brake' });
    const retried = await run(['--data-dir', data, 'retry', 'pat@example.com']);
    expect(retried.stdout).toContain('  pat@example.com: held');
  });

  it('lets those go whom an operator releases, and counts anew when nobody is left', async () => {
    const one = await run([
      '--data-dir',
      data,
      'brake',
      'release',
      'pat@example.com',
      '--reason',
      'left in May',
    ]);
    expect({ code: one.code, stdout: one.stdout }).toEqual({
      code: 0,
      stdout: '1 agent will leave service or be changed within minutes.\n1 agent still waits.\n',
    });
    const all = await run(['--data-dir', data, 'brake', 'release', '--all']);
    expect(all.stdout).toBe(
      '1 agent will leave service or be changed within minutes.\nThe brake is as new.\n',
    );
    expect((await run(['--data-dir', data, 'brake'])).stdout).toBe('The brake does not hold.\n');
    expect(await settled(data)).toEqual(STAYING.map(() => 'suspended'));
  });

  it('asks whom a decision is about, and says who is not held', async () => {
    const { code, stderr } = await run(['--data-dir', data, 'brake', 'release']);
    expect(code).toBe(2);
    expect(stderr).toContain('whom? userNames, --source <name>, --rule <name>, or --all: one of them');
    const unknown = await run(['--data-dir', data, 'brake', 'discard', 'ada@example.com', 'nde@example.com']);
    expect(unknown.stdout).toBe(
      'The brake does not hold ada@example.com.\n' +
        'nde@example.com is nobody here; the nearest names are: ned@example.com.\n' +
        'Nobody was held.\n2 agents still wait.\n',
    );
    expect(unknown.code).toBe(1);
  });

  it('keeps those whom an operator discards in service, and is as new', async () => {
    const { answer } = await runJson(['--data-dir', data, 'brake', 'discard', '--all']);
    expect(answer).toEqual({ discard: 2, left: 0, unknown: [] });
    expect((await run(['--data-dir', data, 'brake'])).stdout).toBe('The brake does not hold.\n');
    expect(await settled(data)).toEqual(STAYING.map(() => 'active'));
    const { stdout } = await run(['--data-dir', data, 'explain', 'pat@example.com']);
    expect(stdout).toContain('stays as it is because an operator decided so');
  });

  it('says that it does not hold where it does not, and that nobody was held', async () => {
    const calm = prepared.copy(`calm-${copies}`);
    expect((await run(['--data-dir', calm, 'brake'])).stdout).toBe('The brake does not hold.\n');
    expect((await run(['--data-dir', calm, 'brake', 'discard', '--all'])).stdout).toBe(
      'Nobody was held.\nThe brake is as new.\n',
    );
    expect((await runJson(['--data-dir', calm, 'brake', 'release', '--all'])).answer).toEqual({
      release: 0,
      left: 0,
      unknown: [],
    });
  });
});

/** What is in SmartAssist of those who were held, once provisioning has done what it does. */
async function settled(data: string): Promise<string[]> {
  const centre = openCentre(data);
  try {
    for (const name of STAYING) await adopt(centre, `${name}@example.com`);
    await drain(centre.provisioning, centre.services, Date.now() + PATIENCE_MS);
    const records = await Promise.all(userNames(STAYING).map(centre.find));
    return records.map(({ agent }) => agent.presence);
  } finally {
    centre.close();
  }
}
