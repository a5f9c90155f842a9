import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { rowOf } from '../../functions/directory/dynamodb/row.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { activate } from '../../functions/tenant/generation/store.ts';
import { traceReader } from '../../infra/trace.ts';
import { serveSecrets } from '../../local/secrets-manager.ts';
import { environmentOf } from './environment.ts';
import { type Assembly, ROOT, resourceOf, SHIPPED, synthesiseWithCode } from './synthesis.ts';

/** A source that is read: only then there is the function that reads. */
const READING = `
tenants:
  demo:
    smartassist: { host: platform.kore.ai, streamId: st-1 }
    sources: { okta: { preset: okta-event-hook, fetch: { domain: acme.okta.com }, sync: {} } }
`;

let shipped: Assembly;
let reading: Assembly;
beforeAll(() => {
  shipped = synthesiseWithCode(SHIPPED);
  reading = synthesiseWithCode(READING);
});
afterAll(() => {
  shipped?.dispose();
  reading?.dispose();
});

/** Where the function's asset is in the cloud assembly. */
function assetOf(name: string): string {
  const { template, directory } = name === 'Sync' ? reading : shipped;
  const { Properties } = resourceOf(template, 'AWS::Lambda::Function', name);
  return join(directory, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
}

/** The code of an asset: the texts of its files by their names. */
function codeIn(asset: string): Map<string, string> {
  const names = readdirSync(asset).filter((name) => name.endsWith('.js'));
  return new Map(names.map((name) => [name, readFileSync(join(asset, name), 'utf8')]));
}

const isIn = (code: ReadonlyMap<string, string>, marker: string) =>
  [...code.values()].some((text) => text.includes(marker));

/** The parts of providers that each function is never asked for: rows of the registry name them, nothing loads them. */
const PARTS_LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  Webhook: ['api', 'list', 'subscription'],
  Drain: ['webhook', 'list', 'subscription', 'partner'],
  Census: ['webhook', 'api', 'list', 'partner'],
  Sync: ['webhook', 'subscription', 'partner'],
};

describe.each([
  { name: 'Scim', kilobytes: 350 },
  { name: 'Webhook', kilobytes: 370 },
  { name: 'Drain', kilobytes: 410 },
  { name: 'Census', kilobytes: 385 },
  // What its client of S3 shares with the others is in the first file; no caller waits for its start.
  { name: 'Sync', kilobytes: 460 },
])('the asset of the function $name', ({ name, kilobytes }) => {
  let code: Map<string, string>;
  beforeAll(() => {
    code = codeIn(assetOf(name));
  });

  it('is the code alone: no configuration, which changes without it, and no source map', () => {
    expect(readdirSync(assetOf(name)).filter((file) => !code.has(file))).toEqual([]);
    expect(isIn(code, 'sourceMappingURL')).toBe(false);
  });

  it(`starts with under ${kilobytes} KB`, () => {
    expect(Buffer.byteLength(code.get('index.js') ?? '') / 1024).toBeLessThan(kilobytes);
  });

  it('loads nothing but what Node has built in, and its own files, each of them', () => {
    const loaded = new Set(
      [...code.values()].flatMap((text) =>
        [...text.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, module = '']) => module),
      ),
    );
    const own = [...code.keys()].map((file) => `./${file}`);
    expect(own.filter((file) => file !== './index.js' && !loaded.has(file))).toEqual([]);
    // The SDK imports it at the first stream of events; no call here has one.
    loaded.delete('@smithy/core/event-streams');
    // Tried by the client of S3 for access points of several regions, and done without.
    loaded.delete('@aws-sdk/signature-v4-crt');
    const parts = PARTS_LEFT_OUT[name] ?? [];
    const isLeftOut = (module: string) =>
      parts.some((part) => new RegExp(`^\\./[\\w-]+/${part}\\.ts$`).test(module));
    const isOther = (module: string) => !isBuiltin(module) && !own.includes(module) && !isLeftOut(module);
    expect([...loaded].filter(isOther)).toEqual([]);
    expect(loaded).toContain('node:https');
  });

  // Text of a module that has no place here. The module is read as well, so that a marker that went stale is noticed.
  it.each([
    ['the tests', 'test/infra/synthesis.ts', 'provisioner-infra-'],
    ['the simulator', 'local/simulator/control.ts', '_simulator'],
    ['the YAML parser', 'node_modules/yaml/dist/compose/resolve-block-map.js', 'Implicit map keys need'],
    [
      'the phone numbers of the world, which no rule asks for',
      'node_modules/libphonenumber-js/metadata.min.json.js',
      '001|',
    ],
    ["zod's other languages", 'node_modules/zod/v4/locales/de.js', 'Eingabe'],
    [
      "the SDK's look-up of profiles",
      'node_modules/@aws-sdk/credential-provider-sso/dist-es/resolveSSOCredentials.js',
      'The SSO session',
    ],
  ])('has no trace of %s', (_, source, marker) => {
    expect(readFileSync(join(ROOT, source), 'utf8').includes(marker)).toBe(true);
    expect(isIn(code, marker)).toBe(false);
  });

  it('starts without the schema library, and has it for the first schema', () => {
    const marker = 'Invalid input: expected';
    expect(code.get('index.js')?.includes(marker)).toBe(false);
    expect(code.get('zod-library.js')?.includes(marker)).toBe(true);
  });

  it('exports the handler in a fresh process, and loads without a word', async () => {
    const { stdout, stderr } = await runBundle(name, 'console.log(typeof handler)');
    expect({ stdout, stderr }).toEqual({ stdout: 'function\n', stderr: '' });
  });

  it('loads each file on demand, in any order', async () => {
    const files = [...code.keys()].filter((file) => file !== 'index.js').toReversed();
    const load = `for (const file of ${JSON.stringify(files)}) require(${JSON.stringify(assetOf(name))} + '/' + file);`;
    const { stdout, stderr } = await runBundle(name, `${load} console.log('loaded');`);
    expect({ stdout, stderr }).toEqual({ stdout: 'loaded\n', stderr: '' });
  });

  it('fails to start with the name of an environment variable that is missing', async () => {
    const { status, stderr } = await runBundle(name, '', { TABLE_NAME: undefined });
    expect(status).toBe(1);
    expect(stderr).toContain('TABLE_NAME');
  });
});

describe('assets', () => {
  it('come out the same, wherever and whenever they are built', { timeout: 60_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'provisioner-infra-'));
    const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
    const { status } = await runNode([join(ROOT, 'infra/app.ts')], {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // As for the other one: the rules are another test's matter.
      CDK_VALIDATION: 'false',
    });
    expect(status).toBe(0);
    const template = readFileSync(join(directory, 'AgentProvisioner.template.json'), 'utf8');
    rmSync(directory, { recursive: true });
    expect(JSON.parse(template).Resources).toEqual(shipped.template.toJSON().Resources);
  });
});

describe('the SCIM function after a first deployment', () => {
  it('answers 503 as long as the secret is empty, and says in the log which one', async () => {
    const secrets = await serveSecrets(new Map(), { port: 0 });
    const table = memoryTable(systemClock);
    const configuration = loadConfiguration(SHIPPED, 'provisioner.yaml');
    const terms = { after: undefined, now: Date.now(), by: 'npm run deploy', isDeployment: true };
    await activate(openDirectory(table, systemClock), configuration, terms);
    const database = await serveItems(table);
    try {
      const { stdout, stderr } = await runBundle('Scim', SCIM_CALL, {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
        AWS_ENDPOINT_URL_DYNAMODB: database.url,
      });
      expect(secrets.requests()).toBe(1);
      expect(JSON.parse(stderr)).toMatchObject({
        level: 'ERROR',
        reason: 'secret agent-provisioner/default/demo/door does not exist, or has no value yet',
        correlationId: 'request-1',
      });
      const [answer, ...metrics] = stdout
        .trimEnd()
        .split('\n')
        .reverse()
        .map((line) => JSON.parse(line));
      expect(answer).toMatchObject({
        statusCode: 503,
        headers: { 'content-type': expect.stringContaining('application/scim+json') },
      });
      expect(stdout).not.toContain('agent-provisioner/default');
      // Written before the answer is handed over, one flush an invocation.
      expect(metrics.map(({ _aws, ...line }) => line).toReversed()).toEqual([
        { requestId: 'request-1', kind: 'scim', ColdStart: 1 },
        { requestId: 'request-1', reason: 'secret-missing', SecretUnusable: 1 },
      ]);
    } finally {
      await secrets.close();
      database.close();
    }
  });

  it('answers 503 as long as no generation of the configuration is active, and says so', async () => {
    const database = await serveItems(memoryTable(systemClock));
    const { stdout } = await runBundle('Scim', SCIM_CALL, { AWS_ENDPOINT_URL_DYNAMODB: database.url });
    database.close();
    const { statusCode, headers, body } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect({ statusCode, retryAfter: headers['retry-after'] }).toEqual({ statusCode: 503, retryAfter: '30' });
    expect(JSON.parse(body).detail).toContain('No configuration is active yet: npm run deploy activates one');
  });
});

// That of Sync has the client of S3, which needs both.
describe.each(['Scim', 'Webhook', 'Drain', 'Census'])('the function %s', (name) => {
  it('starts without zlib', async () => {
    const { stdout } = await runBundle(
      name,
      "console.log(process.moduleLoadList.includes('NativeModule zlib'))",
    );
    expect(stdout).toBe('false\n');
  });

  // V8 reads the body of an arrow function `() => value` in full when it reads what is around it.
  it('leaves the bodies of its functions for when they are called', () => {
    const code = codeIn(assetOf(name));
    expect([...code.keys()].filter((file) => code.get(file)?.includes('=>'))).toEqual([]);
  });
});

describe('what the first request needs beside the start of the SCIM function', () => {
  const LOADED = `
    console.log(JSON.stringify([
      process.moduleLoadList.includes('NativeModule zlib'),
      ...Object.keys(require.cache).map((path) => path.split('/').at(-1)),
    ]))`;

  /** What is loaded when the table says that it has no configuration, which ends the request. */
  async function loadedBy(call: string): Promise<string[]> {
    const database = await serveItems(memoryTable(systemClock));
    const script = call.replace('console.log(JSON.stringify(answer))', LOADED);
    const { stdout } = await runBundle('Scim', script, { AWS_ENDPOINT_URL_DYNAMODB: database.url });
    database.close();
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  }

  it('is loaded while the table is asked for the configuration: zlib, and for a write what writes', async () => {
    expect(await loadedBy(SCIM_CALL)).toEqual([true, 'index.js']);
    const [hasZlib, ...files] = await loadedBy(SCIM_CALL.replace("'GET'", "'POST'"));
    expect(hasZlib).toBe(true);
    expect(files).toEqual(expect.arrayContaining(['scim-changes.js', 'provision-accept-inline.js']));
  });
});

describe('the function that reads sources', () => {
  it('reads an object of S3, whose checksum it verifies', async () => {
    const content = 'userName\nada@example.com\n';
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(content));
    const server = createServer(({ method }, response) => {
      response.writeHead(200, {
        etag: '"1"',
        'content-length': content.length,
        'x-amz-checksum-crc32': checksum.toString('base64'),
      });
      response.end(method === 'HEAD' ? undefined : content);
    });
    const url = await listening(server);
    const script = `
      const { openObject } = require(${JSON.stringify(join(assetOf('Sync'), 'file-s3.js'))});
      (async () => {
        const pieces = [];
        for await (const piece of (await openObject({ bucket: 'b', key: 'k' })).read(0)) pieces.push(piece);
        console.log(Buffer.concat(pieces).toString());
      })();`;
    const { stdout, stderr } = await runBundle('Sync', script, { AWS_ENDPOINT_URL_S3: url });
    server.close();
    expect({ stdout, stderr }).toEqual({ stdout: `${content}\n`, stderr: '' });
  });
});

describe('the drain', () => {
  it('is done at once while no generation is active', async () => {
    const database = await serveItems(memoryTable(systemClock));
    const { stdout } = await runBundle('Drain', DRAIN_CALL, { AWS_ENDPOINT_URL_DYNAMODB: database.url });
    database.close();
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual({ batchItemFailures: [] });
  });
});

/** DynamoDB as far as single items are read from it; it refuses all else. */
async function serveItems(table: Table): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { Key } = JSON.parse(await text(request));
    const isRead = request.headers['x-amz-target'] === 'DynamoDB_20120810.GetItem';
    const item = isRead ? await table.get({ pk: Key.pk.S, sk: Key.sk.S }) : undefined;
    response.writeHead(isRead ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(item === undefined ? {} : { Item: rowOf(item) }));
  });
  return { url: await listening(server), close: () => server.close() };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SCIM_CALL = `
  const event = {
    version: '2.0', routeKey: 'ANY /{tenant}/scim/v2/{proxy+}', isBase64Encoded: false,
    rawPath: '/demo/scim/v2/Users/1', rawQueryString: '', headers: { authorization: 'Bearer token' },
    requestContext: { stage: '$default', domainName: 'example.com', http: { method: 'GET' } },
  };
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 29_000 };
  handler(event, context).then((answer) => console.log(JSON.stringify(answer)));
`;

const DRAIN_CALL = `
  const event = { Records: [{ messageId: '1', body: '{"tenant":"gone"}' }] };
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };
  handler(event, context).then((answer) => console.log(JSON.stringify(answer)));
`;

/** Runs a script that finds `handler`, with the environment of a Lambda function and nothing of this machine's. */
function runBundle(
  name: string,
  script: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Run> {
  const load = `const { handler } = require(${JSON.stringify(join(assetOf(name), 'index.js'))});`;
  return runNode(['-e', `${load}\n${script}`], {
    ...environmentOf(assetOf(name)),
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    ...environment,
  });
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  /** Without the line of minified code that Node quotes. */
  readonly stderr: string;
}

function runNode(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: tmpdir(), env }, (_, stdout, stderr) => {
      const lines = stderr.split('\n').filter((line) => line.length < 2_000);
      resolve({ status: child.exitCode, stdout, stderr: lines.join('\n') });
    });
  });
}

describe('what sources need beside their door', () => {
  // Text of a module that has to be there, and that no other module would bring.
  it.each([
    ['Drain', 'reads a person from their provider', '/api/v1/employees/'],
    ['Drain', 'reads the directory of Google', 'admin/directory/v1/users/'],
    ['Census', 'polls streams of security events', 'returnImmediately'],
    ['Census', 'renews subscriptions', '/v1.0/subscriptions'],
    ['Census', 'notices silence', 'SourceSilent'],
  ])('is in the function %s: it %s', (name, _, marker) => {
    expect(isIn(codeIn(assetOf(name)), marker)).toBe(true);
  });

  it.each([
    ['Drain', 'the signatures of webhooks', 'X-Okta-Verification-Challenge'.toLowerCase()],
    ['Census', 'an XML parser', 'unclosed tag'],
  ])('leaves out of the function %s what only the door needs: %s', (name, _, marker) => {
    expect(isIn(codeIn(assetOf(name)), marker)).toBe(false);
    expect(isIn(codeIn(assetOf('Webhook')), marker)).toBe(true);
  });

  it('is read when a source asks for it, not at each start', () => {
    const webhook = codeIn(assetOf('Webhook'));
    const markers = ['unclosed tag', 'X-Okta-Verification-Challenge'.toLowerCase()];
    expect(markers.filter((marker) => webhook.get('index.js')?.includes(marker))).toEqual([]);
  });
});

describe('a configuration that writes phone numbers as E.164', () => {
  it('has the numbering of the world in its bundles', { timeout: 60_000 }, () => {
    const synthesis = synthesiseWithCode(readFileSync(join(ROOT, 'examples/sales-and-support.yaml'), 'utf8'));
    try {
      const { Properties } = resourceOf(synthesis.template, 'AWS::Lambda::Function', 'Scim');
      const asset = join(synthesis.directory, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
      expect(isIn(codeIn(asset), '001|')).toBe(true);
    } finally {
      synthesis.dispose();
    }
  });
});

describe('a stack trace of a deployed function', { timeout: 120_000 }, () => {
  it('names file and line of the source, once it has gone through npm run trace', () => {
    const bundle = join(assetOf('Drain'), 'index.js');
    // As it begins without its environment: the error comes from deep within the bundle.
    const { stderr } = spawnSync(process.execPath, [bundle], { encoding: 'utf8', env: {} });
    const trace = stderr.slice(stderr.indexOf('Error: the environment variable'));
    expect(trace).toMatch(/index\.js:\d+:\d+/);

    const readable = traceReader('Drain').readable?.(trace) ?? '';
    expect(readable).not.toContain('index.js');
    const [, line = '0'] = /functions\/lambda\/services\.ts:(\d+):\d+/.exec(readable) ?? [];
    const source = readFileSync(join(ROOT, 'functions/lambda/services.ts'), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('is missing`');
    expect(readable).toMatch(/functions\/lambda\/drain\.ts:\d+:\d+/);
  });
});
