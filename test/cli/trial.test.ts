import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineFilter } from '../../cli/tail/line-filter.ts';
import { lineOf } from '../../cli/tail/log-line.ts';
import { NO_LIMITS } from '../../functions/runtime/limits.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import { type Local, startLocal } from '../../local/server.ts';
import { simulatedAgents } from '../../local/simulated-agents.ts';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson, start } from './program.ts';

const SECRET = 'a-secret-of-some-length';
const environment = { SOURCE_SECRETS: JSON.stringify({ auth0: [SECRET], okta: [SECRET] }) };

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let local: Local;
let aws: Server;
let configuration: string;
const folder = mkdtempSync(join(tmpdir(), 'trial-'));
const dataDir = join(folder, 'data');

beforeAll(async () => {
  prepared = await prepareCentre();
  const text = 'scim: { profile: auto }';
  configuration = prepared.configuration('trial.yaml', [
    text,
    `${text}\n    sources: { auth0: { preset: auth0 }, okta: { preset: okta-event-hook } }`,
  ]);
  local = await startLocal({
    port: 0,
    simulatorPort: 0,
    dataDir,
    configurationFile: configuration,
    scimToken: 'a-token',
    sourceSecrets: JSON.parse(environment.SOURCE_SECRETS),
    limits: NO_LIMITS,
    log: silentLog,
    lines: () => {},
  });
}, PATIENCE_MS);
afterAll(async () => {
  await local.close();
  aws?.close();
  prepared.remove();
  rmSync(folder, { recursive: true, force: true });
});

const argv = (...rest: string[]) => ['--configuration', configuration, '--data-dir', dataDir, ...rest];

describe('trigger and tail', { timeout: PATIENCE_MS }, () => {
  it('send an event as the provider would, and tell what becomes of it', async () => {
    const tail = start(process.execPath, ['cli/main.ts', ...argv('tail', '--search', 'zoe@')], {});
    await new Promise<void>((resolve) =>
      tail.child.stderr?.on('data', (text: string) => text.includes('Ctrl-C') && resolve()),
    );
    let told = '';
    tail.child.stdout?.on('data', (text: string) => {
      told += text;
    });
    const sent = await run(argv('trigger', 'auth0', 'created', '--user', 'zoe@example.com'), { environment });
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(sent.stdout).toMatch(/^created of auth0: 200/);
    const again = await runJson(argv('trigger', 'auth0', 'updated', '--user', 'zoe@example.com'), {
      environment,
    });
    expect(again.answer).toMatchObject({ source: 'auth0', event: 'updated', status: 200 });
    await expect
      .poll(async () => (await simulatedAgents(local.simulatorUrl)).agents, { timeout: PATIENCE_MS })
      .toMatchObject([{ emailId: 'zoe@example.com', name: 'Nick Müller' }]);
    await expect.poll(() => told, { timeout: PATIENCE_MS }).toMatch(/^agent zoe@example\.com created/m);
    tail.child.kill('SIGINT');
    const { code, stdout } = await tail.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^agent zoe@example\.com created/m);
    expect(stdout).not.toContain('hooks/');
  });

  it('begin with a directory that has nobody of an earlier version', async () => {
    expect(await run(argv('people', '--state', 'failed'))).toMatchObject({ code: 0, stderr: '' });
  });

  it('lists the events of a source, and says what is right of a name that there is not', async () => {
    const listed = await run(argv('trigger', 'okta'));
    expect(listed.stdout).toMatch(/^deactivated +user\.lifecycle\.deactivate$/m);
    const wrong = await run(argv('trigger', 'okta', 'deactivate'), { environment });
    expect(wrong.stderr).toMatch(/^okta-event-hook has no event deactivate\. Did you mean "deactivated"/);
    const source = await run(argv('trigger', 'oktta', 'created'), { environment });
    expect(source.stderr).toBe(
      'the tenant demo has no source oktta; it has auth0, okta. Did you mean "okta"?\n',
    );
    const secret = await run(argv('trigger', 'okta', 'created'));
    expect(secret.stderr).toMatch(/^there is no secret for okta: give both npm start and this command/);
    const none = await run(['--data-dir', prepared.data, '-c', configuration, 'tail']);
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^no server runs on .*: npm start/),
    });
    const twoWords = await run(argv('tail', '--status', 'not found'));
    expect(twoWords.stderr).toMatch(/^--status not found: one word is right/);
  });

  it('tail of a deployed stack has the AWS CLI listen to the log groups of its functions', async () => {
    const member = (type: string, id: string, name: string) =>
      `<member><PhysicalResourceId>${name}</PhysicalResourceId><ResourceType>${type}</ResourceType><LogicalResourceId>${id}</LogicalResourceId></member>`;
    aws = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const query = new URLSearchParams(body);
      const isList = query.get('Action') === 'ListStackResources';
      const isSecond = query.get('NextToken') === 'more';
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          !isList
            ? '<DescribeStackResourcesResult><StackResources><member><StackName>Stack</StackName><StackId>arn:aws:cloudformation:eu-west-1:111122223333:stack/Stack/1</StackId></member></StackResources></DescribeStackResourcesResult>'
            : isSecond
              ? `<R>${member('AWS::Logs::LogGroup', 'DrainLog', 'Stack-DrainLog-2')}</R>`
              : `<R>${member('AWS::Logs::LogGroup', 'ScimLog', 'Stack-ScimLog-1')}${member('AWS::Logs::LogGroup', 'ApiAccessLog', 'Stack-Access')}${member('AWS::SNS::Topic', 'Topic', 'arn')}<NextToken>more</NextToken></R>`,
        );
    });
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
    const address = aws.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const cli = join(folder, 'aws');
    const line = JSON.stringify({
      level: 'WARN',
      message: 'a SCIM request was refused',
      tenant: 'demo',
      status: 409,
    });
    writeFileSync(
      cli,
      `#!/bin/sh\necho "2026-11-26T10:00:00Z $*" >&2\nprintf '%s\\n' '${line}' '{"level":"INFO","message":"other","tenant":"demo"}'\n`,
    );
    chmodSync(cli, 0o755);
    const surroundings = {
      AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${port}/`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const told = await run(['--table', 'T', '--tenant', 'demo', 'tail', '--status', '4xx'], {
      environment: { ...surroundings, AWS_CLI: cli },
    });
    expect(told).toMatchObject({ code: 0, stdout: 'warn a SCIM request was refused status 409\n' });
    writeFileSync(cli, '#!/bin/sh\necho "$*" >&2\nexit 3\n');
    const failed = await run(['--table', 'T', '--tenant', 'demo', 'tail'], {
      environment: { ...surroundings, AWS_CLI: cli },
    });
    expect(failed.stderr).toContain(
      'start-live-tail --mode print-only --log-group-identifiers arn:aws:logs:eu-west-1:111122223333:log-group:Stack-ScimLog-1 arn:aws:logs:eu-west-1:111122223333:log-group:Stack-DrainLog-2 --log-event-filter-pattern { $.tenant = "demo" }',
    );
    const absent = await run(['--table', 'T', 'tail'], {
      environment: { ...surroundings, AWS_CLI: join(folder, 'none') },
    });
    expect(absent.stderr).toContain('tail of a deployed stack needs the AWS CLI');
  });
});

it('lines are chosen by a status, a class of it, a word, and any text', () => {
  const line = 'POST Users ada@example.com 409 uniqueness 12 ms: exists';
  const is = (filter: Parameters<typeof lineFilter>[0]) => lineFilter(filter)(line);
  expect([
    is({}),
    is({ status: '409' }),
    is({ status: '4xx' }),
    is({ status: 'Uniqueness' }),
    is({ search: 'ADA@' }),
  ]).toEqual(Array(5).fill(true));
  expect([is({ status: '5xx' }), is({ status: '12', search: 'bob' }), is({ status: '40' })]).toEqual(
    Array(3).fill(false),
  );
});

it('a line of a log is told without what metrics and Lambda write', () => {
  expect(lineOf('{"_aws":{},"Stored":1}')).toBeUndefined();
  expect(lineOf('{"type":"platform.start","time":"now"}')).toBeUndefined();
  expect(
    lineOf(
      '2026 stream {"level":"ERROR","message":"m","tenant":"t","correlationId":"12345678-abc","code":"x"}',
    ),
  ).toEqual({
    tenant: 't',
    text: 'error m code x (12345678)',
  });
});
