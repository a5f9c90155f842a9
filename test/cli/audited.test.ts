import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../cli/main.ts';
import { openStates } from '../../functions/events/source-state.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { Okta } from '../../local/providers/okta.ts';
import { type Served, serveStandIn } from '../../local/providers/stand-in.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { openCentre, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

const TOKEN = 'okta-api-token';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let served: Served;
let smartassist: Awaited<ReturnType<typeof serveSimulator>>;
let folder: string;
let configuration: string;

/** One of each that waits: two events in confirm, a source that is paused, one whose people can be read. */
beforeAll(async () => {
  prepared = await prepareCentre();
  const okta = new Okta({ now: Date.now, token: TOKEN });
  okta.add({ login: 'o@acme.example', email: 'o@acme.example', firstName: 'O', lastName: 'Kay' });
  served = await serveStandIn(okta);
  const sources = `okta: { preset: okta-event-hook, fetch: { baseUrl: '${served.url}' } }, pay: { preset: gusto, fetch: {} }`;
  const text = 'scim: { profile: auto }';
  configuration = prepared.configuration('audited.yaml', [
    text,
    `${text}\n    timeZone: Europe/Berlin\n    sources: { ${sources} }`,
  ]);
  folder = prepared.copy('audited');
  const centre = openCentre(folder);
  smartassist = await serveSimulator(centre.simulator, { port: 0 });
  for (const id of ['one', 'two']) {
    const subject = { id };
    const event = { source: 'okta', type: 'user.lifecycle.create', subject, kind: 'upsert' } as const;
    await centre.services.directory.putPendingEvent({
      tenant: 'demo',
      id: `fetch:okta/${id}`,
      body: {
        do: 'fetch',
        event: { ...event, completeness: 'thin', trust: 'signed' },
        attempts: 8,
        since: '2026-11-23T10:00:00.000Z',
      },
    });
  }
  const paused = { at: '2026-11-23T10:00:00.000Z', reason: 'told so' };
  await openStates(centre.services).change('demo', 'okta', (state) => ({ ...state, paused }));
  centre.close();
}, PATIENCE_MS);
afterAll(async () => {
  await served.close();
  await smartassist.close();
  prepared.remove();
});

/** Commands that change nothing, or only what their own next run reads (names, the sight of a dry run). */
const READING = [
  'check',
  'preview',
  'plan',
  'generations',
  'explain',
  'people',
  'failures',
  'report',
  'secret check',
  'audit',
  'read',
  'token',
  // What it sends comes in by the door of sources, as the provider's.
  'trigger',
  'tail',
];

/** How each is called, and the action that it leaves; or the test that calls it and looks at the action. */
const WRITING: Readonly<Record<string, readonly [argv: readonly string[] | string, action: string]>> = {
  push: [['push'], 'push'],
  rollback: ['test/cli/push-stores.test.ts', 'rollback'],
  retry: [['retry', 'ada@example.com'], 'retry'],
  provision: [['provision', 'bob@example.com'], 'retry'],
  export: [['export', 'bob@example.com'], 'export'],
  erase: [['erase', 'pat@example.com', '--now', '--yes', 'pat@example.com'], 'erase'],
  remap: [['remap'], 'remap'],
  pause: [['pause'], 'pause'],
  resume: [['resume'], 'resume'],
  reconcile: [['reconcile', '--start'], 'reconcile start'],
  'reconcile repair': ['test/cli/reconcile.test.ts', 'reconcile repair'],
  'reconcile adopt': ['test/cli/reconcile.test.ts', 'reconcile adopt'],
  'reconcile ignore': ['test/cli/reconcile.test.ts', 'reconcile ignore'],
  'secret set': ['test/cli/secret.test.ts', 'secret set'],
  import: [['import', '-', '--apply'], 'import end'],
  'brake release': [['brake', 'release', '--all'], 'brake release'],
  'brake discard': [['brake', 'discard', '--all'], 'brake discard'],
  'confirm accept': [['confirm', 'accept', 'KEY'], 'confirm accept'],
  'confirm discard': [['confirm', 'discard', '--all'], 'confirm discard'],
  sources: [['sources', '--resume', 'okta'], 'source resume'],
  'sources --drop': [['sources', '--drop', 'gone'], 'source drop'],
  'sources expect': [['sources', 'expect', 'pay'], 'source expect'],
  sync: [['sync', 'okta', '--apply'], 'sync'],
  replay: [['replay', '--source', 'okta', '--person', 'three', '--apply'], 'replay'],
  doctor: ['test/cli/probe.test.ts', 'doctor probe'],
};

/** Every command that there is, those with decisions once for each that is not `show`. */
function namesOf(command: Command, prefix = ''): string[] {
  return command.commands.flatMap((each) => {
    const name = `${prefix}${each.name()}`;
    const decisions = each.registeredArguments
      .filter((argument) => argument.name() === 'decision')
      .flatMap((argument) => argument.argChoices ?? [])
      .filter((choice) => choice !== 'show');
    const below = namesOf(each, `${name} `);
    // A group of commands that does nothing by itself.
    if (each.registeredArguments.length === 0 && below.length > 0) return below;
    return [
      ...(decisions.length > 0 && name !== 'reconcile' ? [] : [name]),
      ...below,
      ...decisions.map((one) => `${name} ${one}`),
    ];
  });
}

function commandOf(name: string): Command | undefined {
  let found: Command | undefined = program;
  for (const word of name.split(' ')) {
    const below: Command | undefined = found?.commands.find((each) => each.name() === word);
    if (below === undefined) break;
    found = below;
  }
  return found;
}

describe('a command that changes something', { timeout: PATIENCE_MS }, () => {
  it('is known as one, and takes who did it and why', () => {
    const known = [...READING, ...Object.keys(WRITING).filter((name) => !name.includes('--'))];
    expect(known.toSorted()).toEqual(namesOf(program).toSorted());
    const silent = Object.keys(WRITING).filter((name) => {
      const longs = commandOf(name)?.options.map(({ long }) => long) ?? [];
      return !longs.includes('--by') || !longs.includes('--why');
    });
    expect(silent).toEqual([]);
  });

  it('leaves who did it and why in the audit', async () => {
    const at = ['--configuration', configuration, '--data-dir', folder];
    const environment = {
      SMARTASSIST_URL: `http://127.0.0.1:${smartassist.port}`,
      SOURCE_SECRETS: JSON.stringify({ 'okta.fetch': [TOKEN] }),
    };
    const surroundings = {
      environment,
      input: 'userName,name.givenName,name.familyName\nnew@example.com,New,Comer\n',
    };
    await run([...at, 'sync', 'okta'], surroundings);
    const { answer } = await runJson([...at, 'confirm']);
    const [{ key } = { key: '' }] = answer.held as { key: string }[];
    for (const [name, [argv, action]] of Object.entries(WRITING)) {
      if (typeof argv === 'string') {
        expect(readFileSync(argv, 'utf8'), argv).toContain(`action: '${action}'`);
        continue;
      }
      const words = argv.map((word) => (word === 'KEY' ? key : word));
      const ended = await run([...at, ...words, '--by', 'grace', '--why', `for ${name}`], surroundings);
      expect(ended, name).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
      const centre = openCentre(folder);
      const { entries } = await listActions(centre.services, 'demo', { limit: 1 });
      centre.close();
      expect(entries, name).toMatchObject([
        { action, by: `grace (${userInfo().username}, this machine)`, via: 'machine', reason: `for ${name}` },
      ]);
    }
    const again = await run([...at, 'confirm', 'accept', key]);
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toMatch(
      /^nothing waits under \w{8} any more: grace \(.+, this machine\) did confirm accept at \S+Z: for confirm accept\n$/,
    );
  });
});
