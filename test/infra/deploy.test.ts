import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DeleteTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextOf, deploy, pushArguments, targetIn } from '../../infra/deploy.ts';
import { type DynamoDbLocal, hasJava, startDynamoDbLocal } from '../contract/dynamodb-local.ts';

const OUTPUTS = {
  'AgentProvisioner-test-Firewall': { Arn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/1' },
  'AgentProvisioner-test': {
    TableName: 'table-1',
    AlarmTopic: 'arn:aws:sns:eu-central-1:123456789012:topic',
  },
};

describe('the step of a deployment behind the code', () => {
  it('finds the directory and its region among the outputs', () => {
    expect(targetIn(OUTPUTS)).toEqual({ table: 'table-1', region: 'eu-central-1' });
  });

  it('says so where no stack has a directory', () => {
    expect(() => targetIn({ Other: {} })).toThrow('names no table');
  });

  it.each([
    [[], {}, 'provisioner.yaml', undefined],
    [['--context', 'configuration=other.yaml'], {}, 'other.yaml', undefined],
    [['-c', 'stage=test', '--context=configuration=other.yaml'], {}, 'other.yaml', 'test'],
    [[], { configuration: 'kept.yaml', stage: 'kept', '@aws-cdk/core:flag': true }, 'kept.yaml', 'kept'],
    [['-c', 'stage=told'], { configuration: 'kept.yaml', stage: 'kept' }, 'kept.yaml', 'told'],
    [['-c', 'stage='], { stage: 'kept' }, 'provisioner.yaml', undefined],
  ])('pushes the configuration that was deployed: %j beside %j in cdk.json', (args, kept, file, stage) => {
    const pushed = pushArguments(contextOf(args, { context: kept }), targetIn(OUTPUTS));
    expect(pushed).toEqual([
      '--table',
      'table-1',
      ...(stage === undefined ? [] : ['--stage', stage]),
      '--configuration',
      expect.stringMatching(new RegExp(`/${file}$`)),
      'push',
      '--deployed',
      '--reason',
      'npm run deploy',
    ]);
  });
});

/** DescribeStacks as CloudFormation documents it: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
const stack = (
  status: string,
  outputs: Readonly<Record<string, string>>,
) => `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult><Stacks><member>
    <StackName>AgentProvisioner</StackName><StackStatus>${status}</StackStatus>
    <Outputs>${Object.entries(outputs)
      .map(
        ([key, value]) => `<member>
          <OutputKey>${key}</OutputKey>
          <OutputValue>${value}</OutputValue>
        </member>`,
      )
      .join('\n')}</Outputs>
  </member></Stacks></DescribeStacksResult>
</DescribeStacksResponse>`;
const error = (code: string, message: string) =>
  `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
const GONE = { status: 400, body: error('ValidationError', 'Stack with id AgentProvisioner does not exist') };

const LEFT = 'AgentProvisioner-DirectoryTable41A6B8F2-1ABCDEFGHIJKL';
const OTHER = 'AgentProvisioner-DirectoryTable41A6B8F2-ZYXWVUTSRQPON';

describe.skipIf(!hasJava())('a deployment', { timeout: 60_000 }, () => {
  let local: DynamoDbLocal;
  let cloudFormation: Server;
  let answer: { status: number; body: string };
  const asked: string[] = [];
  const made: string[] = [];

  beforeAll(async () => {
    local = await startDynamoDbLocal();
    cloudFormation = createServer(async (request, response) => {
      asked.push(await text(request));
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
    });
    await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    cloudFormation?.close();
    await local?.stop();
  });
  beforeEach(async () => {
    const { port } = cloudFormation.address() as AddressInfo;
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', `http://127.0.0.1:${port}/`);
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', local.endpoint);
    for (const name of made.splice(0)) await local.client.send(new DeleteTableCommand({ TableName: name }));
    asked.length = 0;
    answer = GONE;
  });

  async function table(name: string, isEmpty = false): Promise<void> {
    await local.createTable(name);
    made.push(name);
    if (isEmpty) return;
    const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
    await local.client.send(new PutItemCommand({ TableName: name, Item }));
  }

  /** A deployment whose programs are noted in the place of being run. */
  async function deployed(...args: string[]) {
    const ran: string[][] = [];
    const said: string[] = [];
    const code = await deploy(
      args,
      (_, argv) => {
        ran.push([...argv]);
        const file = argv[argv.indexOf('--outputs-file') + 1];
        if (argv[0] === 'deploy') writeFileSync(file ?? '', JSON.stringify(OUTPUTS));
        return 0;
      },
      (line) => void said.push(line),
    );
    const [cdk = [], push = []] = ran;
    const context = cdk.flatMap((word, index) => (word === '--context' ? (cdk[index + 1] ?? []) : []));
    return {
      code,
      said: said.join('\n'),
      context,
      isDeployed: ran.length > 0,
      isPushed: push.includes('push'),
    };
  }

  it('without anything before it makes a table of its own', async () => {
    expect(await deployed()).toEqual({ code: 0, said: '', context: [], isDeployed: true, isPushed: true });
    expect(asked).toEqual(['Action=DescribeStacks&Version=2010-05-15&StackName=AgentProvisioner']);
  });

  it('takes the table of a deleted stack again, and says that the address is another one', async () => {
    await table(LEFT);
    const { said, ...rest } = await deployed();
    expect(rest).toEqual({ code: 0, context: [`table=${LEFT}`], isDeployed: true, isPushed: true });
    expect(said).toContain(`its table ${LEFT} is, and is taken again`);
    expect(said).toContain('docs/runbooks/stack-deleted.md');
  });

  it('goes on with it the next time, although nothing says so', async () => {
    await table(LEFT);
    answer = { status: 200, body: stack('UPDATE_COMPLETE', { ScimUrl: 'https://x', ImportedTable: LEFT }) };
    expect(await deployed()).toMatchObject({ code: 0, context: [`table=${LEFT}`] });
  });

  it('of a stack that is there with its own table looks at no other one', async () => {
    await table(LEFT);
    answer = { status: 200, body: stack('UPDATE_ROLLBACK_COMPLETE', { TableName: OTHER }) };
    expect(await deployed()).toMatchObject({ code: 0, said: '', context: [], isDeployed: true });
  });

  it('passes over the empty table of a first deployment that failed, and says how it goes', async () => {
    await table(OTHER, true);
    answer = { status: 200, body: stack('ROLLBACK_COMPLETE', {}) };
    const alone = await deployed();
    expect(alone).toMatchObject({ code: 0, context: [], isDeployed: true });
    expect(alone.said).toContain(`${OTHER} has nothing in it`);
    await table(LEFT);
    expect(await deployed()).toMatchObject({ code: 0, context: [`table=${LEFT}`] });
  });

  it('guesses between no two: it stops before anything is deployed', async () => {
    await table(LEFT);
    await table(OTHER);
    const { said, ...rest } = await deployed();
    expect(rest).toEqual({ code: 1, context: [], isDeployed: false, isPushed: false });
    expect(said).toContain(`  ${LEFT}, about 1 items\n  ${OTHER}, about 1 items`);
    expect(said).toContain('npm run deploy -- --context table=<name>');
  });

  it.each([
    ['table=Chosen', ['table=Chosen']],
    ['table=', ['table=']],
  ])('does as it is told: %s', async (told, context) => {
    await table(LEFT);
    expect(await deployed('--context', told)).toMatchObject({ code: 0, said: '', context });
    expect(asked).toEqual([]);
  });

  it("takes no other stage's table", async () => {
    await table('AgentProvisioner-test-DirectoryTable41A6B8F2-1ABCDEFGHIJKL');
    expect(await deployed()).toMatchObject({ code: 0, said: '', context: [] });
    const { context } = await deployed('-c', 'stage=test');
    expect(context).toEqual(['table=AgentProvisioner-test-DirectoryTable41A6B8F2-1ABCDEFGHIJKL']);
    expect(asked.at(-1)).toContain('StackName=AgentProvisioner-test');
  });

  it('stops where the stack is gone and tables can not be listed', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:1');
    const { said, ...rest } = await deployed();
    expect(rest).toMatchObject({ code: 1, isDeployed: false });
    expect(said).toContain('--context table= begins with an empty one');
  });

  it('goes on with a warning where CloudFormation does not say whether the stack is there', async () => {
    answer = {
      status: 403,
      body: error('AccessDenied', 'User: x is not authorized to perform: cloudformation:DescribeStacks'),
    };
    const { said, ...rest } = await deployed();
    expect(rest).toMatchObject({ code: 0, context: [], isDeployed: true, isPushed: true });
    expect(said).toContain('not authorized to perform: cloudformation:DescribeStacks');
    expect(said).toContain('docs/runbooks/stack-deleted.md');
  });
});

it('a deployment that the CDK fails pushes nothing', async () => {
  vi.stubEnv('AWS_PROFILE', undefined);
  const ran: unknown[] = [];
  const code = await deploy(
    ['--context', 'table=', '--profile', 'ops'],
    (_, [command], { AWS_PROFILE }) => {
      ran.push({ command, AWS_PROFILE });
      return 3;
    },
    () => {},
  );
  vi.unstubAllEnvs();
  expect({ code, ran }).toEqual({ code: 3, ran: [{ command: 'deploy', AWS_PROFILE: 'ops' }] });
});
