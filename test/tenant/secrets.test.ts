import { type GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretError } from '../../functions/tenant/secrets/secret-error.ts';
import type { SecretOwner } from '../../functions/tenant/secrets/secret-name.ts';
import { openSecrets, type Secrets, type SmartAssistSecret } from '../../functions/tenant/secrets/secrets.ts';
import { type SecretsServer, serveSecrets } from '../../local/secrets-manager.ts';
import { openNumbers } from '../runtime/numbers.ts';

const PREFIX = 'agent-provisioner/test';
const DEMO: SecretOwner = { name: 'demo', tenant: { smartassist: {} } };
const OTHER: SecretOwner = { name: 'other', tenant: { smartassist: {} } };
const NAME = 'agent-provisioner/test/demo/smartassist';
const GOOD = { clientId: 'cs-1', clientSecret: 'top secret' };
const KEY = 'a random text of 32 characters, or more';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Secrets Manager as a client sees it: holds `value`, counts calls, and can be made to wait or fail. */
function bench() {
  const stub = {
    now: 1_000_000,
    value: JSON.stringify(GOOD) as string | undefined,
    failure: undefined as Error | undefined,
    missing: 'ResourceNotFoundException',
    isThere: (_name: string | undefined) => true,
    calls: [] as (string | undefined)[],
    /** Milliseconds that an answer takes on the clock. */
    takes: 0,
    gate: Promise.resolve(),
  };
  const client = {
    send: async (command: GetSecretValueCommand) => {
      stub.calls.push(command.input.SecretId);
      const { value } = stub;
      await stub.gate;
      stub.now += stub.takes;
      if (stub.failure !== undefined) throw stub.failure;
      if (!stub.isThere(command.input.SecretId)) {
        throw Object.assign(new Error(), { name: stub.missing });
      }
      return { SecretString: value };
    },
  } as unknown as SecretsManagerClient;
  const clock = { now: () => stub.now, sleep: () => Promise.resolve() };
  const numbers = openNumbers();
  const logged: string[] = [];
  const write = (message: string, fields = {}) => void logged.push(JSON.stringify({ message, ...fields }));
  const log = { debug: write, info: write, warn: write, error: write };
  return Object.assign(stub, {
    secrets: openSecrets({ client, clock, prefix: PREFIX, metrics: numbers, log }),
    numbers,
    logged,
  });
}

/** Keeps answers back until `open` is called. */
function gateOf(stub: ReturnType<typeof bench>): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  stub.gate = promise;
  return resolve;
}

function rotate(stub: ReturnType<typeof bench>, clientSecret: string): void {
  stub.value = JSON.stringify({ ...GOOD, clientSecret });
}

const clientSecretOf = async (secret: Promise<SmartAssistSecret>) => (await secret).clientSecret;
const unreachable = Object.assign(new Error('connect'), { name: 'TimeoutError' });

describe('a secret', () => {
  it('is asked for by stage, tenant and kind', async () => {
    const stub = bench();
    expect(await stub.secrets.get('smartassist', DEMO)).toEqual({ ...GOOD, admin: undefined });
    stub.value = '{}';
    await stub.secrets.get('door', DEMO);
    await stub.secrets.get('door', OTHER);
    expect(stub.calls).toEqual([NAME, `${PREFIX}/demo/door`, `${PREFIX}/other/door`]);
  });

  it('of the door has its lists even where they are not written, and nothing of another kind', async () => {
    const stub = bench();
    stub.value = JSON.stringify({ ...GOOD, keys: [KEY] });
    expect(await stub.secrets.get('door', DEMO)).toEqual({ scimTokens: [], sources: {}, keys: [KEY] });
  });

  it('that gives nothing usable is counted, each time that it was really read', async () => {
    const stub = bench();
    stub.failure = Object.assign(new Error(), { name: 'ResourceNotFoundException' });
    for (let times = 0; times < 3; times += 1) {
      await expect(stub.secrets.get('smartassist', DEMO)).rejects.toThrow(SecretError);
    }
    expect(stub.numbers.of('SecretUnusable')).toEqual({ 'secret-missing': 1 });
    stub.now += MINUTE;
    stub.failure = undefined;
    stub.value = '{}';
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toThrow(SecretError);
    expect(stub.numbers.of('SecretUnusable')).toEqual({ 'secret-missing': 1, 'secret-malformed': 1 });
  });

  it('is kept for five minutes', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'new');
    stub.now += 5 * MINUTE - 1;
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
    stub.now += 1;
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('new');
    expect(stub.calls).toHaveLength(2);
  });

  it('is five minutes old counted from when it was asked for, not from when the answer came', async () => {
    const stub = bench();
    stub.takes = MINUTE;
    await stub.secrets.get('smartassist', DEMO);
    stub.now += 4 * MINUTE;
    await stub.secrets.get('smartassist', DEMO);
    expect(stub.calls).toHaveLength(2);
  });

  it('is asked for once, however many want it at the same time', async () => {
    const stub = bench();
    const open = gateOf(stub);
    const wanted = [
      stub.secrets.get('smartassist', DEMO),
      stub.secrets.get('smartassist', DEMO),
      stub.secrets.get('smartassist', DEMO),
    ];
    open();
    expect(await Promise.all(wanted)).toHaveLength(3);
    expect(stub.calls).toEqual([NAME]);
  });

  it('of one name is not the one of another', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'of another tenant');
    expect(await clientSecretOf(stub.secrets.get('smartassist', OTHER))).toBe('of another tenant');
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
  });
});

describe('a secret that was rotated', () => {
  it('is there at once when what is known was refused', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'new');
    expect(await clientSecretOf(stub.secrets.refresh('smartassist', DEMO))).toBe('new');
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('new');
    expect(stub.calls).toHaveLength(2);
  });

  it('is asked for at most every thirty seconds', async () => {
    const stub = bench();
    await stub.secrets.refresh('smartassist', DEMO);
    rotate(stub, 'new');
    stub.now += 29_999;
    expect(await clientSecretOf(stub.secrets.refresh('smartassist', DEMO))).toBe('top secret');
    expect(stub.calls).toHaveLength(1);
    stub.now += 1;
    expect(await clientSecretOf(stub.secrets.refresh('smartassist', DEMO))).toBe('new');
  });

  it('is asked for in its own thirty seconds, whatever is asked of other secrets', async () => {
    const stub = bench();
    await stub.secrets.refresh('smartassist', OTHER);
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'new');
    expect(await clientSecretOf(stub.secrets.refresh('smartassist', DEMO))).toBe('new');
  });

  it('reaches all who ask for it while it is on its way', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'new');
    const open = gateOf(stub);
    const wanted = [stub.secrets.refresh('smartassist', DEMO), stub.secrets.refresh('smartassist', DEMO)];
    open();
    expect(await Promise.all(wanted.map(clientSecretOf))).toEqual(['new', 'new']);
    expect(stub.calls).toHaveLength(2);
  });

  it('keeps nobody waiting whom the known one serves', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'new');
    const open = gateOf(stub);
    const refreshed = stub.secrets.refresh('smartassist', DEMO);
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
    open();
    await refreshed;
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('new');
  });

  it('does not take the known one away when it cannot be had', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    stub.failure = unreachable;
    const refreshed = stub.secrets.refresh('smartassist', DEMO);
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
    await expect(refreshed).rejects.toMatchObject({ code: 'secret-unreadable' });
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
    expect(stub.calls).toHaveLength(2);
  });
});

describe('a failure', () => {
  it('is remembered for two seconds from when it came', async () => {
    const stub = bench();
    stub.failure = unreachable;
    stub.takes = 10_000;
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toBeInstanceOf(SecretError);
    stub.failure = undefined;
    stub.now += 1_999;
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toBeInstanceOf(SecretError);
    expect(stub.calls).toHaveLength(1);
    stub.now += 1;
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
  });

  it('of a refresh is remembered too where nothing good is known', async () => {
    const stub = bench();
    stub.failure = unreachable;
    await expect(stub.secrets.refresh('smartassist', DEMO)).rejects.toBeInstanceOf(SecretError);
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toBeInstanceOf(SecretError);
    expect(stub.calls).toHaveLength(1);
  });
});

describe('while Secrets Manager errs', () => {
  it.each([
    ['door', 1],
    ['smartassist', 12],
  ] as const)(
    'the last value of the kind %s is used for %d hours, logged and counted',
    async (kind, hours) => {
      const stub = bench();
      const read = await stub.secrets.get(kind, DEMO);
      stub.failure = unreachable;
      stub.now += hours * HOUR - 1;
      expect(await stub.secrets.get(kind, DEMO)).toBe(read);
      expect(stub.numbers.of('SecretUnusable')).toEqual({ 'secret-stale': 1 });
      expect(stub.logged).toEqual([
        JSON.stringify({
          message: 'the last value of a secret is used',
          reason: `secret ${PREFIX}/demo/${kind} could not be read: TimeoutError`,
          minutes: hours * 60 - 1,
        }),
      ]);
      expect(stub.logged.join()).not.toContain('top secret');
      stub.now += 1;
      await expect(stub.secrets.get(kind, DEMO)).rejects.toMatchObject({ code: 'secret-unreadable' });
    },
  );

  it('it is asked once in thirty seconds, and nobody else waits for the answer', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    stub.failure = unreachable;
    for (let time = 0; time < 10 * MINUTE; time += 1_000) {
      await stub.secrets.get('smartassist', DEMO);
      stub.now += 1_000;
    }
    expect(stub.calls).toHaveLength(1 + 10);
    const open = gateOf(stub);
    stub.now += MINUTE;
    const first = stub.secrets.get('smartassist', DEMO);
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('top secret');
    open();
    expect(await clientSecretOf(first)).toBe('top secret');
    expect(stub.calls).toHaveLength(1 + 10 + 1);
  });

  it('a rotated value is used within thirty seconds of its end', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    stub.failure = unreachable;
    stub.now += HOUR;
    await stub.secrets.get('smartassist', DEMO);
    rotate(stub, 'new');
    stub.failure = undefined;
    stub.now += 30_000;
    expect(await clientSecretOf(stub.secrets.get('smartassist', DEMO))).toBe('new');
  });

  it.each([
    ['gone', 'ResourceNotFoundException', 'secret-missing'],
    ['marked for deletion', 'InvalidRequestException', 'secret-missing'],
    ['denied', 'AccessDeniedException', 'secret-denied'],
    ['encrypted with a key that was taken back', 'DecryptionFailure', 'secret-denied'],
  ])('but not of a secret that it says is %s: not then, and not later', async (_, name, code) => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    stub.now += 5 * MINUTE;
    stub.failure = Object.assign(new Error(), { name });
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toMatchObject({ code });
    stub.failure = unreachable;
    stub.now += MINUTE;
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toMatchObject({ code: 'secret-unreadable' });
  });

  it('but not in the place of a value that is malformed', async () => {
    const stub = bench();
    await stub.secrets.get('smartassist', DEMO);
    stub.now += 5 * MINUTE;
    stub.value = '{}';
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toMatchObject({ code: 'secret-malformed' });
  });
});

describe('a single secret of 0.1.0', () => {
  const SINGLE: SecretOwner = { name: 'demo', tenant: { smartassist: { secret: 'agent-provisioner/demo' } } };

  /** Secrets Manager without the two secrets. */
  function singleBench() {
    const stub = bench();
    stub.isThere = (name) => name === 'agent-provisioner/demo';
    const scimTokens = [`sha256:${'ab'.repeat(32)}`];
    stub.value = JSON.stringify({ ...GOOD, scimTokens });
    return { stub, scimTokens };
  }

  it('is read where the two are not there, with a warning that names them', async () => {
    const { stub, scimTokens } = singleBench();
    expect(await stub.secrets.get('door', SINGLE)).toMatchObject({ scimTokens, sources: {}, keys: [] });
    expect(await stub.secrets.get('smartassist', SINGLE)).toMatchObject(GOOD);
    const single = 'agent-provisioner/demo';
    expect(stub.calls).toEqual([`${PREFIX}/demo/door`, single, NAME, single]);
    const warning = {
      message: 'a single secret is read, which the next version will not do',
      tenant: 'demo',
    };
    expect(stub.logged).toEqual([
      JSON.stringify({ ...warning, secret: single, instead: `${PREFIX}/demo/door` }),
      JSON.stringify({ ...warning, secret: single, instead: NAME }),
    ]);
  });

  it('is read, too, where AWS says of a secret which is not there that it is denied', async () => {
    const { stub } = singleBench();
    stub.missing = 'AccessDeniedException';
    expect(await stub.secrets.get('smartassist', SINGLE)).toMatchObject(GOOD);
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toMatchObject({ code: 'secret-denied' });
  });

  it('is left alone from when the two are there, without a deployment', async () => {
    const { stub } = singleBench();
    await stub.secrets.get('smartassist', SINGLE);
    stub.isThere = () => true;
    rotate(stub, 'of the two');
    stub.now += 5 * MINUTE;
    expect(await clientSecretOf(stub.secrets.get('smartassist', SINGLE))).toBe('of the two');
    expect(stub.calls.slice(2)).toEqual([NAME]);
  });

  it('is not read in the place of one of the two that is malformed or out of reach', async () => {
    const { stub } = singleBench();
    stub.isThere = () => true;
    stub.value = '{}';
    await expect(stub.secrets.get('smartassist', SINGLE)).rejects.toMatchObject({ code: 'secret-malformed' });
    stub.now += MINUTE;
    stub.failure = unreachable;
    await expect(stub.secrets.get('smartassist', SINGLE)).rejects.toMatchObject({
      code: 'secret-unreadable',
    });
    expect(stub.calls).toEqual([NAME, NAME]);
  });

  it('is malformed where any part of it is', async () => {
    const { stub } = singleBench();
    stub.value = '{"clientId":"cs-1","scimTokens":["hunter2"]}';
    await expect(stub.secrets.get('door', SINGLE)).rejects.toThrow(/look at clientSecret, scimTokens\.0$/);
  });
});

describe('what cannot be used', () => {
  it.each([
    ['smartassist', 'no value', undefined, 'the whole value'],
    ['smartassist', 'no JSON', '{"clientSecret": "hunter2"', 'the whole value'],
    ['door', 'no object', '"hunter2"', 'the whole value'],
    ['smartassist', 'a missing field', '{"clientSecret":"hunter2"}', 'clientId'],
    ['smartassist', 'an empty field', '{"clientId":"cs-1","clientSecret":""}', 'clientSecret'],
    [
      'smartassist',
      'an admin app without its secret',
      '{"clientId":"c","clientSecret":"s","admin":{"clientId":"hunter2"}}',
      'admin.clientSecret',
    ],
    ['door', 'a token as it is', '{"scimTokens":["hunter2"]}', 'scimTokens.0'],
    ['door', 'a source that is no list', '{"sources":{"okta":"hunter2"}}', 'sources.okta'],
    ['door', 'a key that could be guessed', '{"keys":["hunter2"]}', 'keys.0'],
    ['door', 'a console that is a text', '{"console":"hunter2"}', 'console'],
    ['door', 'a client secret that is none', '{"console":{"clientSecret":""}}', 'console.clientSecret'],
    ['door', 'a private key that is a text', '{"console":{"privateKey":"hunter2"}}', 'console.privateKey'],
  ] as const)('is malformed: %s, %s', async (kind, _, value, where) => {
    const stub = bench();
    stub.value = value;
    const failure = await stub.secrets.get(kind, DEMO).catch((error: SecretError) => error);
    expect(failure).toMatchObject({ name: 'SecretError', code: 'secret-malformed' });
    const { message } = failure as SecretError;
    expect(message).toContain(`${PREFIX}/demo/${kind}`);
    expect(message.endsWith(`look at ${where}`)).toBe(true);
    expect(message).not.toContain('hunter2');
  });

  it('is denied where Secrets Manager says no, and its reason is named without its words', async () => {
    const stub = bench();
    stub.failure = Object.assign(new Error('token hunter2 is not authorized'), {
      name: 'AccessDeniedException',
    });
    await expect(stub.secrets.get('smartassist', DEMO)).rejects.toMatchObject({
      code: 'secret-denied',
      message: `secret ${NAME} could not be read: AccessDeniedException, which AWS also says of a secret that does not exist`,
    });
  });

  it('is no digest in capital letters: those are taken', async () => {
    const stub = bench();
    const scimTokens = [`sha256:${'AB'.repeat(32)}`];
    stub.value = JSON.stringify({ scimTokens });
    expect(await stub.secrets.get('door', DEMO)).toMatchObject({ scimTokens });
  });
});

describe("by the AWS SDK's own errors", () => {
  let server: SecretsServer;
  let client: SecretsManagerClient;
  let secrets: Secrets;

  beforeEach(async () => {
    server = await serveSecrets(new Map(), { port: 0 });
    client = new SecretsManagerClient({
      endpoint: server.url,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    secrets = openSecrets({
      client,
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      prefix: PREFIX,
    });
  });

  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  it('a secret that does not exist is missing', async () => {
    await expect(secrets.get('smartassist', DEMO)).rejects.toMatchObject({
      code: 'secret-missing',
      message: `secret ${NAME} does not exist, or has no value yet`,
    });
  });

  it('a Secrets Manager that is not there is unreadable', async () => {
    await server.close();
    await expect(secrets.get('smartassist', DEMO)).rejects.toMatchObject({
      code: 'secret-unreadable',
      message: expect.stringContaining(NAME),
    });
  });

  it('a secret that exists is read', async () => {
    server.set(NAME, JSON.stringify(GOOD));
    expect(await secrets.get('smartassist', DEMO)).toMatchObject(GOOD);
  });
});
