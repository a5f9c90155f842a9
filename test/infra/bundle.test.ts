import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSecrets } from '../../local/secrets-manager.ts';
import { ROOT, resourcesOf, SHIPPED, type Synthesis, synthesiseWithCode } from './synthesis.ts';

const run = promisify(execFile);

let shipped: Synthesis;
let asset: string;
let code: string;
beforeAll(() => {
  shipped = synthesiseWithCode(SHIPPED);
  const [[, lambda] = ['', undefined]] = resourcesOf(shipped.template, 'AWS::Lambda::Function');
  asset = join(shipped.directory, `asset.${lambda?.Properties.Code.S3Key.replace(/\.zip$/, '')}`);
  code = readFileSync(join(asset, 'index.js'), 'utf8');
});
afterAll(() => shipped.dispose());

describe('the asset of the SCIM function', () => {
  it('is the code and the configuration, and no source map', () => {
    expect(readdirSync(asset).toSorted()).toEqual(['configuration.json', 'index.js']);
    expect(code.includes('sourceMappingURL')).toBe(false);
  });

  it('holds the configuration as it was checked', () => {
    const configuration = JSON.parse(readFileSync(join(asset, 'configuration.json'), 'utf8'));
    expect(configuration).toEqual(JSON.parse(JSON.stringify(shipped.configuration)));
  });

  it('stays under 520 KB', () => {
    expect(statSync(join(asset, 'index.js')).size).toBeLessThan(520_000);
  });

  it('loads nothing but what Node has built in', () => {
    const loaded = new Set([...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name));
    expect([...loaded].filter((name) => !isBuiltin(name))).toEqual([]);
    expect(loaded).toContain('node:https');
  });

  it('keeps the names of functions, so that stack traces can be read', () => {
    expect(code.includes('"scimHandler"')).toBe(true);
  });

  // Text of a module that has no place here. The module is read as well, so that a marker that went stale is noticed.
  it.each([
    ['the tests', 'test/infra/synthesis.ts', 'provisioner-infra-'],
    ['the simulator', 'local/simulator/control.ts', '_simulator'],
    ['the YAML parser', 'node_modules/yaml/dist/compose/resolve-block-map.js', 'Implicit map keys need'],
    ["zod's other languages", 'node_modules/zod/v4/locales/de.js', 'Eingabe'],
    [
      "the SDK's look-up of profiles",
      'node_modules/@aws-sdk/credential-provider-sso/dist-es/resolveSSOCredentials.js',
      'The SSO session',
    ],
  ])('has no trace of %s', (_, source, marker) => {
    expect(readFileSync(join(ROOT, source), 'utf8').includes(marker)).toBe(true);
    expect(code.includes(marker)).toBe(false);
  });

  it('comes out the same, wherever and whenever it is built', { timeout: 60_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'provisioner-infra-'));
    const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
    await run(process.execPath, [join(ROOT, 'infra/app.ts')], {
      cwd: tmpdir(),
      env: { ...process.env, CDK_OUTDIR: directory, CDK_CONTEXT_JSON: JSON.stringify(context) },
    });
    const template = readFileSync(join(directory, 'AgentProvisioner.template.json'), 'utf8');
    rmSync(directory, { recursive: true });
    expect(JSON.parse(template).Resources).toEqual(shipped.template.toJSON().Resources);
  });
});

describe('the bundle in a fresh process, as Lambda runs it', () => {
  it('exports the handler, and loads without a word', async () => {
    const { stdout, stderr } = await runBundle('console.log(typeof handler)');
    expect(stdout).toBe('function\n');
    expect(stderr).toBe('');
  });

  it('fails to start with the name of an environment variable that is missing', async () => {
    await expect(runBundle('', { TABLE_NAME: undefined })).rejects.toThrow('TABLE_NAME');
  });

  it('answers 503 as long as the secret is empty, and says in the log which one', async () => {
    const secrets = await serveSecrets(new Map(), { port: 0 });
    try {
      const { stdout, stderr } = await runBundle(CALL, { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url });
      expect(secrets.requests()).toBe(1);
      expect(JSON.parse(stderr)).toMatchObject({
        level: 'ERROR',
        reason: 'secret agent-provisioner/demo does not exist, or has no value yet',
        correlationId: 'request-1',
      });
      expect(JSON.parse(stdout)).toMatchObject({
        statusCode: 503,
        headers: { 'content-type': expect.stringContaining('application/scim+json') },
      });
      expect(stdout).not.toContain('agent-provisioner/demo');
    } finally {
      await secrets.close();
    }
  });
});

const CALL = `
  const event = {
    version: '2.0', routeKey: 'ANY /{tenant}/scim/v2/{proxy+}', isBase64Encoded: false,
    rawPath: '/demo/scim/v2/Users/1', rawQueryString: '', headers: { authorization: 'Bearer token' },
    requestContext: { stage: '$default', domainName: 'example.com', http: { method: 'GET' } },
  };
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 29_000 };
  handler(event, context).then((answer) => console.log(JSON.stringify(answer)));
`;

/** Runs a script that finds `handler`, with the environment of a Lambda function and nothing of this machine's. */
function runBundle(script: string, environment: Readonly<Record<string, string | undefined>> = {}) {
  const load = `const { handler } = require(${JSON.stringify(join(asset, 'index.js'))});`;
  return run(process.execPath, ['-e', `${load}\n${script}`], {
    cwd: tmpdir(),
    env: {
      TABLE_NAME: 'table',
      LAMBDA_TASK_ROOT: asset,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      ...environment,
    },
  });
}
