import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SecretsServer, serveSecrets } from '../../local/secrets-manager.ts';

const NAME = 'agent-provisioner/demo';
let secrets: Map<string, string>;
let server: SecretsServer;
let client: SecretsManagerClient;

beforeEach(async () => {
  secrets = new Map([[NAME, '{"clientId":"cs-1"}']]);
  server = await serveSecrets(secrets, { port: 0 });
  client = new SecretsManagerClient({
    endpoint: server.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const read = (id: string) => client.send(new GetSecretValueCommand({ SecretId: id }));

test('a secret is read by the real SDK, with what Secrets Manager says about it', async () => {
  const secret = await read(NAME);
  expect(secret).toMatchObject({
    Name: NAME,
    SecretString: '{"clientId":"cs-1"}',
    VersionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    VersionStages: ['AWSCURRENT'],
  });
  expect(Math.abs((secret.CreatedDate?.getTime() ?? 0) - Date.now())).toBeLessThan(10_000);
  expect((await read(secret.ARN ?? '')).SecretString).toBe('{"clientId":"cs-1"}');
});

test("a secret that isn't there is the SDK's own exception", async () => {
  await expect(read('agent-provisioner/other')).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(read('agent-provisioner/other')).rejects.toMatchObject({
    $metadata: { httpStatusCode: 400 },
    message: expect.stringContaining("can't find"),
  });
});

test('a rotated secret is a new version, one that stays is the same', async () => {
  const first = await read(NAME);
  expect((await read(NAME)).VersionId).toBe(first.VersionId);
  server.set(NAME, 'rotated');
  const second = await read(NAME);
  expect(second.SecretString).toBe('rotated');
  expect(second.VersionId).not.toBe(first.VersionId);
  secrets.set(NAME, 'changed in the map');
  expect((await read(NAME)).SecretString).toBe('changed in the map');
});

test('only the current version is kept', async () => {
  const earlier = client.send(new GetSecretValueCommand({ SecretId: NAME, VersionStage: 'AWSPREVIOUS' }));
  await expect(earlier).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('a deleted secret is gone', async () => {
  server.delete(NAME);
  await expect(read(NAME)).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('secrets are made and changed through the SDK', async () => {
  const made = await client.send(new CreateSecretCommand({ Name: 'new', SecretString: 'one' }));
  expect(made.VersionId).toBe((await read('new')).VersionId);
  const put = await client.send(new PutSecretValueCommand({ SecretId: 'new', SecretString: 'two' }));
  expect(put).toMatchObject({ Name: 'new', VersionStages: ['AWSCURRENT'] });
  expect(await read('new')).toMatchObject({ SecretString: 'two', VersionId: put.VersionId });
  expect(secrets.get('new')).toBe('two');
  const same = await client.send(new PutSecretValueCommand({ SecretId: 'new', SecretString: 'two' }));
  expect(same.VersionId).not.toBe(put.VersionId);
});

test('a name that is taken, and a value for a secret that is not there, are refused', async () => {
  const again = client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'x' }));
  await expect(again).rejects.toBeInstanceOf(ResourceExistsException);
  const put = client.send(new PutSecretValueCommand({ SecretId: 'none', SecretString: 'x' }));
  await expect(put).rejects.toBeInstanceOf(ResourceNotFoundException);
  expect(secrets).toEqual(new Map([[NAME, '{"clientId":"cs-1"}']]));
});

test('describing and listing secrets shows no value', async () => {
  const described = await client.send(new DescribeSecretCommand({ SecretId: NAME }));
  expect(described).toMatchObject({ Name: NAME, VersionIdsToStages: expect.any(Object) });
  const listed = await client.send(new ListSecretsCommand({}));
  expect(listed.SecretList?.map(({ Name }) => Name)).toEqual([NAME]);
  expect(JSON.stringify([described, listed])).not.toContain('cs-1');
});

test('calls are counted, those that fail included', async () => {
  expect(server.requests()).toBe(0);
  await read(NAME);
  await read('none').catch(() => undefined);
  expect(server.requests()).toBe(2);
});

test.each([
  ['secretsmanager.DeleteSecret', '{}', 'UnknownOperationException'],
  ['secretsmanager.toString', '{}', 'UnknownOperationException'],
  ['secretsmanager.GetSecretValue', '{', 'SerializationException'],
  ['secretsmanager.GetSecretValue', '{}', 'InvalidParameterException'],
])('%s with %s is a %s', async (target, body, type) => {
  const response = await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': target }, body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: type, message: expect.any(String) });
});

test('closing ends kept connections at once', { timeout: 4_000 }, async () => {
  await read(NAME);
  await server.close();
  await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});
