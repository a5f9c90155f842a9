import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveSimulator } from '../../local/simulator/server.ts';
import { openCentre, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runAlone } from './program.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let smartassist: Awaited<ReturnType<typeof serveSimulator>>;
let at: string[];
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  prepared = await prepareCentre();
  at = ['--data-dir', prepared.data];
  const centre = openCentre(prepared.data);
  smartassist = await serveSimulator(centre.simulator, { port: 0 });
  centre.close();
  environment = { SMARTASSIST_URL: `http://127.0.0.1:${smartassist.port}` };
}, PATIENCE_MS);
afterAll(async () => {
  await smartassist.close();
  prepared.remove();
});

const isJson = (text: string) => expect(() => JSON.parse(text)).not.toThrow();

/** Each command that writes a file, told to write it to standard output. */
const WRITING: readonly (readonly [argv: readonly string[], hold: (stdout: string) => void])[] = [
  [
    ['people', '--csv', '-'],
    (text) => expect(text).toMatch(/^userName,email,.*\r?\n(?:.+@example\.com,.*\r?\n){8}$/),
  ],
  [['report', '-'], (text) => expect(text).toMatch(/^userName,kind,value,/)],
  [['plan', '--save', '-'], isJson],
  [['check', '--live', '--save', '-'], isJson],
  [
    ['import', '-', '--rejects', '-'],
    (text) => expect(JSON.parse(text)).toMatchObject({ line: 3, reason: expect.any(String) }),
  ],
];

it.each(WRITING)(
  '%j: has the file alone on standard output',
  { timeout: PATIENCE_MS },
  async (argv, hold) => {
    const input = 'userName\nx@example.com\nx@example.com\n';
    const { stdout, stderr } = await run([...at, ...argv], { environment, input });
    expect(stderr).not.toContain('    at ');
    hold(stdout);
    expect(existsSync('-')).toBe(false);
  },
);

it('refuses two answers on one standard output, and tells of a file that can not be written', async () => {
  const both = await run([...at, '--json', 'people', '--csv', '-']);
  expect(both).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('one of them') });
  const file = prepared.at('no/such/folder/file');
  for (const argv of [
    ['people', '--csv', file],
    ['report', file],
    ['plan', '--save', file],
    ['check', '--live', '--save', file],
  ]) {
    const { code, stderr } = await run([...at, ...argv], { environment });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\S+file can not be written: ENOENT.*\n$/);
  }
});

it('reads what is given as a file from standard input, too', { timeout: PATIENCE_MS }, async () => {
  const input = readFileSync(prepared.catalogue, 'utf8');
  const { code, stdout } = await runAlone([...at, 'check', '--catalogue', '-'], { input });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('has every name in it') });
});
