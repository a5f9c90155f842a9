import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

  it('shows since when it holds, whom, and what can be done about it', async () => {
    const { code, stdout, stderr } = await run(['--data-dir', data, 'brake']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^The brake holds since \S+Z\.\n/);
    expect([...stdout.matchAll(/^ {2}(\S+@\S+), who left at \S+Z$/gm)].map(([, name]) => name)).toEqual(
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
        since: expect.stringMatching(/Z$/),
      })),
      more: false,
    });
  });

  it('is told of by plan, which ends with 1, and by explain', async () => {
    const { code, stdout } = await run(['--data-dir', data, 'plan']);
    expect(code).toBe(1);
    expect(stdout).toContain('The brake holds already: leavers wait until somebody decides.');
    const explained = await run(['--data-dir', data, 'explain', 'pat@example.com']);
    expect(explained.stdout).toContain('held back by the brake: see the command brake');
  });

  it('lets those go whom somebody releases, and holds nobody for an hour', async () => {
    const { code, stdout } = await run(['--data-dir', data, 'brake', 'release']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '2 agents will be put out of service within minutes.\nFor an hour the brake holds nobody.\n',
    });
    const { stdout: after } = await run(['--data-dir', data, 'brake']);
    expect(after).toMatch(/^The brake is released: it holds nobody until \S+Z\.\n$/);
    expect(await settled(data)).toEqual(STAYING.map(() => 'suspended'));
  });

  it('keeps those whom somebody discards in service, and is as new', async () => {
    const { answer } = await runJson(['--data-dir', data, 'brake', 'discard']);
    expect(answer).toEqual({ discard: 2 });
    expect((await run(['--data-dir', data, 'brake'])).stdout).toBe('The brake does not hold.\n');
    expect(await settled(data)).toEqual(STAYING.map(() => 'active'));
    const { stdout } = await run(['--data-dir', data, 'explain', 'pat@example.com']);
    expect(stdout).toContain('stays in service because somebody decided so');
  });

  it('says that it does not hold where it does not, and that nobody was held', async () => {
    const calm = prepared.copy(`calm-${copies}`);
    expect((await run(['--data-dir', calm, 'brake'])).stdout).toBe('The brake does not hold.\n');
    expect((await run(['--data-dir', calm, 'brake', 'discard'])).stdout).toBe(
      'Nobody was held.\nThe brake is as new.\n',
    );
    expect((await runJson(['--data-dir', calm, 'brake', 'release'])).answer).toEqual({ release: 0 });
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
