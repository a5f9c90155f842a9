import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallCounts } from '../../local/simulator/calls.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { openCentre, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let smartassist: Awaited<ReturnType<typeof serveSimulator>>;
let calls: () => CallCounts;
let folder: string;

/** Eight agents, one person who failed, and a pause. */
beforeAll(async () => {
  prepared = await prepareCentre();
  folder = prepared.copy('paused');
  const centre = openCentre(folder);
  const { simulator } = centre;
  calls = () => simulator.calls();
  smartassist = await serveSimulator(simulator, { port: 0 });
  await centre.arrive(person('cleo', 'Sales', { active: false }));
  centre.close();
  await paused(['pause', '--by', 'lea', '--why', 'SmartAssist\nis being\u001b[31m moved.']);
}, PATIENCE_MS);
afterAll(async () => {
  await smartassist.close();
  prepared.remove();
});

const paused = (argv: readonly string[]) =>
  run(['--data-dir', folder, ...argv], {
    environment: { SMARTASSIST_URL: `http://127.0.0.1:${smartassist.port}` },
  });

const PAUSE = `Paused since \\S+Z by lea \\(${userInfo().username}, this machine\\): SmartAssist is being \\[31m moved\\.`;

/** What takes a call, with what is promised of it. */
const PROMISED: readonly (readonly [argv: readonly string[], promise: string])[] = [
  [['retry', 'cleo@example.com'], '1 person will be tried again'],
  [['provision', 'bob@example.com'], 'bob@example.com is due, and provisioned'],
  [['remap'], '9 persons will be evaluated again,'],
  [['reconcile', '--start'], 'A reconciliation begins'],
];

it.each(PROMISED)('%j: is done after resume, and says who paused and why', async (argv, promise) => {
  const { code, stdout, stderr } = await paused(argv);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`${promise} after resume\\. ${PAUSE}\\n`));
  expect(stdout).not.toMatch(/minute/);
  expect(stderr).toMatch(new RegExp(`^demo: ${PAUSE} resume ends it\\.\\n$`));
});

it('does not call SmartAssist for what can not wait, and says what can be done', async () => {
  const { find, close } = openCentre(folder);
  const before = calls();
  for (const [argv, said] of [
    [['erase', 'ada@example.com', '--now', '--agent', '--yes', 'ada@example.com'], 'nothing was erased'],
    [['provision', 'ada@example.com', '--now'], 'provision again after resume'],
    [['doctor', '--probe', '--mailbox', 'it@example.com', '--yes'], 'no agent was made'],
    [['reconcile', 'adopt', 'a-00000000-1', '--as', 'cleo@example.com'], 'is to be no agent'],
  ] as const) {
    const ended = await paused(argv);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  }
  expect(calls()).toEqual(before);
  expect((await find('ada@example.com')).agent.presence).toBe('active');
  // Without the agent no call is needed.
  const ended = await paused(['erase', 'ada@example.com', '--now', '--yes', 'ada@example.com']);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('so delete it there') });
  expect(calls()).toEqual(before);
  close();
});
