import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { openServed } from '../../functions/provision/served.ts';
import { openTenants } from '../../functions/provision/tenant.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import {
  activate,
  FORM,
  type GenerationEntry,
  listGenerations,
  readActive,
} from '../../functions/tenant/generation/store.ts';
import { type Centre, openCentre, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

const onMachine = (name: string) => `${name} (${userInfo().username}, this machine)`;

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let data: string;
let copies = 0;

beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => prepared.remove());
beforeEach(() => {
  copies += 1;
  data = prepared.copy(`copy-${copies}`);
});

const command = (configuration: string, ...argv: string[]) => [
  '--data-dir',
  data,
  '--configuration',
  configuration,
  ...argv,
];
const SHIPPED = 'provisioner.yaml';

/** Billing's people become Sales'. */
const moved = () =>
  prepared.configuration('moved.yaml', ['set: { agentGroup: Billing }', 'set: { agentGroup: Sales }']);
/** Nobody has a first name. */
const nameless = () =>
  prepared.configuration('nameless.yaml', [
    'firstName: name.givenName | displayName | userName',
    'firstName: nickName',
  ]);
/** Six of eight leave. */
const fewer = () =>
  prepared.configuration('fewer.yaml', [
    "provisionWhen: 'not (active eq false)'",
    `provisionWhen: 'active eq true and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Billing"'`,
  ]);

async function within<T>(work: (centre: Centre) => Promise<T>): Promise<T> {
  const centre = openCentre(data);
  try {
    return await work(centre);
  } finally {
    centre.close();
  }
}

const active = () => within(async ({ directory }) => (await readActive(directory))?.entry);

/** Lets functions that read the active generation provision what is due. */
const provision = () =>
  within(async ({ directory, services, provisioning }) => {
    const generations = openGenerations({
      directory,
      clock: services.clock,
      adapt: ({ tenants: { demo } }) => ({
        tenants:
          demo === undefined ? {} : { demo: { ...demo, smartassist: provisioning.tenant.smartassist } },
      }),
    });
    const served = await openServed(generations, services, (configuration, its) => ({
      demo: openTenants(configuration, its)('demo'),
      its,
    }))();
    if (served?.demo === undefined) throw new Error('no tenant is served');
    await drain(served.demo, served.its, services.clock.now() + 60_000);
  });

describe('push', { timeout: PATIENCE_MS }, () => {
  it('makes the first generation, and writes nothing when the same is active', async () => {
    const first = await run(command(SHIPPED, 'push', '--by', 'anna', '--reason', 'begin'));
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('Generation 1 is active.');
    expect(await active()).toMatchObject({ number: 1, by: onMachine('anna'), reason: 'begin', deployed: 1 });
    const again = await runJson(command(SHIPPED, 'push'));
    expect(again).toMatchObject({ code: 0, answer: { outcome: 'unchanged', generation: 1 } });
  });

  it('refuses a configuration that does not check before anything is written', async () => {
    const broken = prepared.configuration('broken.yaml', ["'not (active eq false)'", "'active eqq true'"]);
    const { code, stderr } = await run(command(broken, 'push'));
    expect(code).toBe(2);
    expect(stderr).toContain('provisionWhen');
    expect(await active()).toBeUndefined();
  });

  it('refuses names that SmartAssist does not have', async () => {
    const unknown = prepared.configuration('unknown.yaml', ['agentGroup: Billing', 'agentGroup: Biling']);
    const { code, stdout } = await run(command(unknown, 'push'));
    expect(code).toBe(1);
    expect(stdout).toContain('Biling');
    expect(stdout).toContain('nothing was activated');
    expect(await active()).toBeUndefined();
  });

  it.each([
    ['the name of a tenant', '  demo:', '  other:', 'tenants: demo → other: deploy first'],
    ["an account's id", "'000000000000000000000000'", "'000000000000000000000001'", 'accountId'],
    [
      'a sign-up',
      '    rules:',
      '    sources: { pool: { preset: cognito, userPoolId: eu-west-1_AbCdEf123 } }\n    rules:',
      'tenants.demo.sources.pool.userPoolId: nothing → eu-west-1_AbCdEf123: deploy first',
    ],
    [
      'phone numbers as E.164',
      '\'phoneNumbers[type eq "work"].value | phoneNumbers.value\', as: digits',
      "'phoneNumbers.value', as: e164, region: DE",
      'deploy first',
    ],
  ])('refuses %s, which infrastructure is made of, unless it was deployed', async (_, from, to, words) => {
    await run(command(SHIPPED, 'push'));
    const other = prepared.configuration('infrastructure.yaml', [from, to]);
    const { code, stdout } = await run(command(other, 'push'));
    expect(code).toBe(1);
    expect(stdout).toContain(words);
    expect(await active()).toMatchObject({ number: 1 });
    expect(await run(command(other, 'push', '--deployed'))).toMatchObject({ code: 0 });
    expect(await active()).toMatchObject({ number: 2, deployed: 2 });
  });

  it('compares with what was deployed last, not with what was pushed since', async () => {
    await run(command(SHIPPED, 'push', '--deployed'));
    await run(command(moved(), 'push'));
    expect(await active()).toMatchObject({ number: 2, deployed: 1 });
    expect(await run(command(SHIPPED, 'push'))).toMatchObject({ code: 0 });
  });

  it('follows a generation of a later version where that code was taken back', async () => {
    await run(command(SHIPPED, 'push', '--deployed'));
    await run(command(moved(), 'push', '--deployed'));
    await within(async ({ directory }) => {
      const found = await readActive(directory);
      if (found === undefined) throw new Error('no generation is active');
      const later = { ...found.entry, form: FORM + 1 };
      await directory.writeDocument('configuration:', 'active', later, { version: found.version });
    });
    const refused = await run(command(SHIPPED, 'push'));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('by a later version') });
    expect(await run(command(moved(), 'push', '--deployed'))).toMatchObject({ code: 0 });
    expect(await active()).toMatchObject({ number: 3, form: FORM, deployed: 3 });
  });

  it('says who wins when another generation is activated while it plans', async () => {
    await run(command(SHIPPED, 'push'));
    const { code, stdout } = await within(async ({ directory }) => {
      const after = await readActive(directory);
      const other = loadConfiguration(readFileSync(moved(), 'utf8'), 'moved.yaml');
      const won = await activate(directory, other, {
        after,
        now: Date.parse('2026-11-26T08:00:00Z'),
        by: 'berta',
        isDeployment: false,
      });
      expect(won.outcome).toBe('activated');
      const lost = await activate(directory, other, {
        after,
        now: Date.now(),
        by: 'anna',
        isDeployment: true,
      });
      expect(lost).toMatchObject({ outcome: 'lost', entry: { number: 2, by: 'berta' } });
      const { said } = await import('../../cli/commands/configuration/push.ts');
      const lines: string[] = [];
      const output = {
        json: false,
        row() {},
        data() {},
        note() {},
        paint: (_: unknown, painted: string) => ({ painted }),
      };
      const write = (...parts: readonly (string | { painted: string })[]) =>
        void lines.push(parts.map((part) => (typeof part === 'string' ? part : part.painted)).join(''));
      return { code: said(lost, { ...output, line: write }), stdout: lines.join('\n') };
    });
    expect(code).toBe(1);
    expect(stdout).toContain('generation 2, of berta, was activated at 2026-11-26T08:00:00.000Z');
  });

  it('is kept with who and why, for each tenant that changes', async () => {
    await run(command(SHIPPED, 'push', '--by', 'anna'));
    await run(command(moved(), 'push', '--by', 'berta', '--reason', 'Sales takes over'));
    const entries = await within(
      async ({ services }) => (await listActions(services, 'demo', { limit: 5 })).entries,
    );
    expect(entries).toMatchObject([
      { action: 'push', by: onMachine('berta'), reason: 'Sales takes over', generation: 2 },
      { action: 'push', by: onMachine('anna'), generation: 1 },
    ]);
  });
});

describe('push --plan', { timeout: PATIENCE_MS }, () => {
  const saved = async (configuration: string) => {
    await run(command(SHIPPED, 'push'));
    await provision();
    const file = prepared.at(`plan-${copies}.json`);
    await run(command(configuration, 'plan', '--save', file));
    return file;
  };

  it('knows the plan again whatever number of calls its times were reckoned with', async () => {
    await run(command(SHIPPED, 'push'));
    const file = prepared.at(`plan-${copies}.json`);
    const environment = { CALLS_PER_MINUTE: '500' };
    await run(command(moved(), 'plan', '--save', file), { environment });
    const pushed = await run(command(moved(), 'push', '--plan', file), { environment });
    expect(pushed).toMatchObject({ code: 0, stdout: expect.stringContaining('Generation 2 is active.') });
  });

  it('lets exactly what was planned pass the brake', async () => {
    const file = await saved(fewer());
    const pushed = await run(command(fewer(), 'push', '--plan', file));
    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.stdout).toContain('6 persons as planned');
    await provision();
    const states = await within(async ({ directory }) =>
      (await directory.listPersons('demo', { limit: 20 })).persons.map(({ state, held }) => held ?? state),
    );
    // Each centre has a SmartAssist of its own, which knows none of the agents: a person whom the brake lets pass has none.
    expect(states.toSorted()).toEqual([...Array(2).fill('provisioned'), ...Array(6).fill('waiting')]);
  });

  it('is held by the brake without the plan', async () => {
    await saved(fewer());
    await run(command(fewer(), 'push'));
    await provision();
    const held = await within(
      async ({ directory }) => (await directory.heldPersons('demo', { limit: 20 })).persons,
    );
    expect(held.length).toBe(2);
  });

  it('stops when the configuration is another than the one that was planned', async () => {
    const file = await saved(fewer());
    const { code, stderr } = await run(command(moved(), 'push', '--plan', file));
    expect(code).toBe(2);
    expect(stderr).toContain('configured in another way than was planned');
    expect(await active()).toMatchObject({ number: 1 });
  });

  it('stops when another generation was activated since, and says whose', async () => {
    const file = await saved(fewer());
    await run(command(moved(), 'push', '--by', 'berta'));
    const { code, stderr } = await run(command(fewer(), 'push', '--plan', file));
    expect(code).toBe(2);
    expect(stderr).toContain('generation 2, of berta');
  });

  it('stops when more persons differ than may, and says who', async () => {
    const file = await saved(fewer());
    await within(async (centre) => {
      for (const name of ['uma', 'vic', 'wes', 'xia']) await centre.arrive(person(name, 'Sales'));
    });
    const stopped = await run(command(fewer(), 'push', '--plan', file));
    expect(stopped.code).toBe(2);
    expect(stopped.stdout).toContain('uma@example.com: planned nothing, now suspend');
    expect(stopped.stderr).toContain('4 persons would be changed in another way than was planned; 3 may');
    expect(await active()).toMatchObject({ number: 1 });
    expect(await run(command(fewer(), 'push', '--plan', file, '--differences', '4'))).toMatchObject({
      code: 0,
    });
  });
});

describe('plan --detailed-exitcode', { timeout: PATIENCE_MS }, () => {
  it.each([
    ['0 when nothing would change', () => SHIPPED, 0],
    ['2 when something would', moved, 2],
    ['1 when it can not be said', () => 'missing.yaml', 1],
    ['1 when nothing would change but somebody would fail', nameless, 1],
  ])('ends with %s', async (_, configuration, code) => {
    expect(await run(command(configuration(), 'plan', '--detailed-exitcode'))).toMatchObject({ code });
  });
});

describe('rollback', { timeout: PATIENCE_MS }, () => {
  it('makes what an older generation holds the next one', async () => {
    await run(command(SHIPPED, 'push', '--by', 'anna'));
    await run(command(moved(), 'push', '--by', 'berta'));
    const { code, stdout } = await run(
      command(SHIPPED, 'rollback', '1', '--by', 'clara', '--reason', 'oops'),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Generation 3 is active.');
    const [newest, , first] = await within(async ({ directory }) => {
      const now = await readActive(directory);
      const found: GenerationEntry[] = [];
      if (now !== undefined) for await (const each of listGenerations(directory, now.entry)) found.push(each);
      return found;
    });
    expect(newest).toMatchObject({
      number: 3,
      restores: 1,
      by: onMachine('clara'),
      digest: first?.digest,
    });
    const listed = await run(command(SHIPPED, 'generations'));
    expect(listed.stdout).toMatch(
      /3 active +\S+ +clara \(.+\) +rolled back to 1: oops\n2 +\S+ +berta \(.+\)\n1 +\S+ +anna \(.+\)/,
    );
  });

  it('shows the plan first where a name is gone from SmartAssist', async () => {
    await run(command(SHIPPED, 'push'));
    await run(command(moved(), 'push'));
    const names = JSON.parse(readFileSync(prepared.catalogue, 'utf8'));
    const without = names.agentGroups.filter(({ name }: { name: string }) => name !== 'Billing');
    const catalogue = prepared.write('gone.json', JSON.stringify({ ...names, agentGroups: without }));
    const rollback = command(SHIPPED, 'rollback', '1', '--catalogue', catalogue);
    const { code, stdout } = await run(rollback);
    expect(code).toBe(1);
    expect(stdout).toContain('fail     ada@example.com');
    expect(stdout).toContain("SmartAssist doesn't have");
    expect(await active()).toMatchObject({ number: 2 });
    expect(await run([...rollback, '--anyway'])).toMatchObject({ code: 0 });
    expect(await active()).toMatchObject({ number: 3, restores: 1 });
  });

  it.each(['9', 'x', '0', '1.5'])(
    'says which generations there are where there is none: %s',
    async (which) => {
      await run(command(SHIPPED, 'push'));
      const { code, stderr } = await run(command(SHIPPED, 'rollback', which));
      expect(code).toBe(2);
      expect(stderr).toContain(`there is no generation ${which}; generations lists them, up to 1`);
    },
  );

  it('is refused where it needs a deployment', async () => {
    await run(command(SHIPPED, 'push', '--deployed'));
    const other = prepared.configuration('account.yaml', [
      "'000000000000000000000000'",
      "'000000000000000000000001'",
    ]);
    await run(command(other, 'push', '--deployed'));
    const { code, stdout } = await run(command(SHIPPED, 'rollback', '1'));
    expect(code).toBe(1);
    expect(stdout).toContain('deploy first');
  });
});
