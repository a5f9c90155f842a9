import { type GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecrets, SecretError, type Secrets } from '../../functions/tenant/secrets.ts';
import { type SecretsServer, serveSecrets } from '../../local/secrets-manager.ts';
import { openNumbers } from '../runtime/numbers.ts';

const NAME = 'agent-provisioner/demo';
const GOOD = { clientId: 'cs-1', clientSecret: 'top secret' };
const MINUTE = 60_000;

/** Secrets Manager as a client sees it: holds `value`, counts calls, and can be made to wait or fail. */
function bench() {
  const stub = {
    now: 1_000_000,
    value: JSON.stringify(GOOD) as string | undefined,
    failure: undefined as Error | undefined,
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
      return { SecretString: value };
    },
  } as unknown as SecretsManagerClient;
  const clock = { now: () => stub.now, sleep: () => Promise.resolve() };
  const numbers = openNumbers();
  return Object.assign(stub, { secrets: openSecrets(client, clock, numbers), numbers });
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

const clientSecretOf = async (secret: ReturnType<Secrets['get']>) => (await secret).clientSecret;
const unreachable = Object.assign(new Error('connect'), { name: 'TimeoutError' });

describe('a secret', () => {
  it('is asked for by its name, and has its lists even where they are not written', async () => {
    const stub = bench();
    expect(await stub.secrets.get(NAME)).toEqual({ ...GOOD, scimTokens: [], sources: {} });
    expect(stub.calls).toEqual([NAME]);
  });

  it('that gives nothing usable is counted, each time that it was really read', async () => {
    const stub = bench();
    stub.failure = Object.assign(new Error(), { name: 'ResourceNotFoundException' });
    for (let times = 0; times < 3; times += 1) {
      await expect(stub.secrets.get(NAME)).rejects.toThrow(SecretError);
    }
    expect(stub.numbers.of('SecretUnusable')).toEqual({ 'secret-missing': 1 });
    stub.now += MINUTE;
    stub.failure = undefined;
    stub.value = '{}';
    await expect(stub.secrets.get(NAME)).rejects.toThrow(SecretError);
    expect(stub.numbers.of('SecretUnusable')).toEqual({ 'secret-missing': 1, 'secret-malformed': 1 });
  });

  it('is kept for five minutes', async () => {
    const stub = bench();
    await stub.secrets.get(NAME);
    rotate(stub, 'new');
    stub.now += 5 * MINUTE - 1;
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('top secret');
    stub.now += 1;
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('new');
    expect(stub.calls).toHaveLength(2);
  });

  it('is five minutes old counted from when it was asked for, not from when the answer came', async () => {
    const stub = bench();
    stub.takes = MINUTE;
    await stub.secrets.get(NAME);
    stub.now += 4 * MINUTE;
    await stub.secrets.get(NAME);
    expect(stub.calls).toHaveLength(2);
  });

  it('is asked for once, however many want it at the same time', async () => {
    const stub = bench();
    const open = gateOf(stub);
    const wanted = [stub.secrets.get(NAME), stub.secrets.get(NAME), stub.secrets.get(NAME)];
    open();
    expect(await Promise.all(wanted)).toHaveLength(3);
    expect(stub.calls).toEqual([NAME]);
  });

  it('of one name is not the one of another', async () => {
    const stub = bench();
    await stub.secrets.get(NAME);
    rotate(stub, 'of another tenant');
    expect(await clientSecretOf(stub.secrets.get('other'))).toBe('of another tenant');
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('top secret');
  });
});

describe('a secret that was rotated', () => {
  it('is there at once when what is known was refused', async () => {
    const stub = bench();
    await stub.secrets.get(NAME);
    rotate(stub, 'new');
    expect(await clientSecretOf(stub.secrets.refresh(NAME))).toBe('new');
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('new');
    expect(stub.calls).toHaveLength(2);
  });

  it('is asked for at most every thirty seconds', async () => {
    const stub = bench();
    await stub.secrets.refresh(NAME);
    rotate(stub, 'new');
    stub.now += 29_999;
    expect(await clientSecretOf(stub.secrets.refresh(NAME))).toBe('top secret');
    expect(stub.calls).toHaveLength(1);
    stub.now += 1;
    expect(await clientSecretOf(stub.secrets.refresh(NAME))).toBe('new');
  });

  it('is asked for in its own thirty seconds, whatever is asked of other secrets', async () => {
    const stub = bench();
    await stub.secrets.refresh('other');
    await stub.secrets.get(NAME);
    rotate(stub, 'new');
    expect(await clientSecretOf(stub.secrets.refresh(NAME))).toBe('new');
  });

  it('reaches all who ask for it while it is on its way', async () => {
    const stub = bench();
    await stub.secrets.get(NAME);
    rotate(stub, 'new');
    const open = gateOf(stub);
    const wanted = [stub.secrets.refresh(NAME), stub.secrets.refresh(NAME)];
    open();
    expect(await Promise.all(wanted.map(clientSecretOf))).toEqual(['new', 'new']);
    expect(stub.calls).toHaveLength(2);
  });

  it('keeps nobody waiting whom the known one serves', async () => {
    const stub = bench();
    await stub.secrets.get(NAME);
    rotate(stub, 'new');
    const open = gateOf(stub);
    const refreshed = stub.secrets.refresh(NAME);
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('top secret');
    open();
    await refreshed;
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('new');
  });

  it('does not take the known one away when it cannot be had', async () => {
    const stub = bench();
    await stub.secrets.get(NAME);
    stub.failure = unreachable;
    const refreshed = stub.secrets.refresh(NAME);
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('top secret');
    await expect(refreshed).rejects.toMatchObject({ code: 'secret-unreadable' });
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('top secret');
    expect(stub.calls).toHaveLength(2);
  });
});

describe('a failure', () => {
  it('is remembered for two seconds from when it came', async () => {
    const stub = bench();
    stub.failure = unreachable;
    stub.takes = 10_000;
    await expect(stub.secrets.get(NAME)).rejects.toBeInstanceOf(SecretError);
    stub.failure = undefined;
    stub.now += 1_999;
    await expect(stub.secrets.get(NAME)).rejects.toBeInstanceOf(SecretError);
    expect(stub.calls).toHaveLength(1);
    stub.now += 1;
    expect(await clientSecretOf(stub.secrets.get(NAME))).toBe('top secret');
  });

  it('of a refresh is remembered too where nothing good is known', async () => {
    const stub = bench();
    stub.failure = unreachable;
    await expect(stub.secrets.refresh(NAME)).rejects.toBeInstanceOf(SecretError);
    await expect(stub.secrets.get(NAME)).rejects.toBeInstanceOf(SecretError);
    expect(stub.calls).toHaveLength(1);
  });
});

describe('what cannot be used', () => {
  it.each([
    ['no value', undefined, 'the whole value'],
    ['no JSON', '{"clientSecret": "hunter2"', 'the whole value'],
    ['no object', '"hunter2"', 'the whole value'],
    ['a missing field', '{"clientSecret":"hunter2"}', 'clientId'],
    ['an empty field', '{"clientId":"cs-1","clientSecret":""}', 'clientSecret'],
    ['a token as it is', '{"clientId":"c","clientSecret":"s","scimTokens":["hunter2"]}', 'scimTokens.0'],
    [
      'a source that is no list',
      '{"clientId":"c","clientSecret":"s","sources":{"okta":"hunter2"}}',
      'sources.okta',
    ],
  ])('is malformed: %s', async (_, value, where) => {
    const stub = bench();
    stub.value = value;
    const failure = await stub.secrets.get(NAME).catch((error: SecretError) => error);
    expect(failure).toMatchObject({ name: 'SecretError', code: 'secret-malformed' });
    const { message } = failure as SecretError;
    expect(message).toContain(NAME);
    expect(message.endsWith(`look at ${where}`)).toBe(true);
    expect(message).not.toContain('hunter2');
  });

  it('is unreadable where Secrets Manager says no, and its reason is named without its words', async () => {
    const stub = bench();
    stub.failure = Object.assign(new Error('token hunter2 is not authorized'), {
      name: 'AccessDeniedException',
    });
    await expect(stub.secrets.get(NAME)).rejects.toMatchObject({
      code: 'secret-unreadable',
      message: `secret ${NAME} could not be read: AccessDeniedException`,
    });
  });

  it('is no digest in capital letters: those are taken', async () => {
    const stub = bench();
    const scimTokens = [`sha256:${'AB'.repeat(32)}`];
    stub.value = JSON.stringify({ ...GOOD, scimTokens });
    expect(await stub.secrets.get(NAME)).toMatchObject({ scimTokens });
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
    secrets = openSecrets(client, { now: () => 0, sleep: () => Promise.resolve() });
  });

  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  it('a secret that does not exist is missing', async () => {
    await expect(secrets.get(NAME)).rejects.toMatchObject({
      code: 'secret-missing',
      message: `secret ${NAME} does not exist, or has no value yet`,
    });
  });

  it('a Secrets Manager that is not there is unreadable', async () => {
    await server.close();
    await expect(secrets.get(NAME)).rejects.toMatchObject({
      code: 'secret-unreadable',
      message: expect.stringContaining(NAME),
    });
  });

  it('a secret that exists is read', async () => {
    server.set(NAME, JSON.stringify(GOOD));
    expect(await secrets.get(NAME)).toMatchObject(GOOD);
  });
});
