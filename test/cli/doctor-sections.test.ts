import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { openStates } from '../../functions/events/source-state.ts';
import { accept } from '../../functions/provision/accept.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { person, prepareCentre } from './centre.ts';
import { PATIENCE_MS } from './program.ts';
import { closeStores, STORES, type Store } from './stores.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:AgentProvisioner-Topic';
/** Subscriptions as SNS lists them: an ARN, or what it says before one is confirmed. */
let subscriptions: readonly string[] | 'denied' = [];
let aws: Server;
let url = '';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
  aws = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { status, xml } = answerOf(new URLSearchParams(body));
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  const address = aws.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}, PATIENCE_MS);
afterAll(async () => {
  prepared.remove();
  aws.close();
  await closeStores();
});

/** Answers of CloudFormation and SNS as their API references show them. */
function answerOf(query: URLSearchParams): { status: number; xml: string } {
  const result = (xml: string) => ({ status: 200, xml });
  if (query.get('Action') === 'DescribeStackResources' && query.get('PhysicalResourceId') !== null) {
    return result(
      '<DescribeStackResourcesResult><StackResources><member><StackName>AgentProvisioner</StackName></member></StackResources></DescribeStackResourcesResult>',
    );
  }
  if (query.get('Action') === 'DescribeStacks' && query.get('StackName') === 'AgentProvisioner') {
    return result(
      `<DescribeStacksResult><Stacks><member><Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://a.example</OutputValue></member><member><Description>SNS</Description><OutputKey>AlarmTopic</OutputKey><OutputValue>${TOPIC}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult>`,
    );
  }
  if (query.get('Action') !== 'ListSubscriptionsByTopic' || query.get('TopicArn') !== TOPIC) {
    return { status: 400, xml: '<ErrorResponse><Error><Message>unknown</Message></Error></ErrorResponse>' };
  }
  if (subscriptions === 'denied') {
    const message = 'User: arn:aws:iam::1:user/x is not authorized to perform: SNS:ListSubscriptionsByTopic';
    return {
      status: 403,
      xml: `<ErrorResponse><Error><Message>${message}</Message></Error></ErrorResponse>`,
    };
  }
  const members = subscriptions.map((arn) => `<member><SubscriptionArn>${arn}</SubscriptionArn></member>`);
  return result(
    `<ListSubscriptionsByTopicResult><Subscriptions>${members.join('')}</Subscriptions></ListSubscriptionsByTopicResult>`,
  );
}

describe.each(STORES)('sections of doctor on %s', { timeout: PATIENCE_MS }, (kind, open) => {
  let store: Store;
  let secrets: Map<string, string>;
  const isDeployed = kind !== 'SQLite';
  beforeEach(async () => {
    store = await open(prepared);
    secrets = await store.connect();
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  const doctor = async (argv: readonly string[] = []) => {
    const environment = { AWS_ENDPOINT_URL_SNS: url, AWS_ENDPOINT_URL_CLOUDFORMATION: url };
    const { stdout, stderr, code } = await store.run([...argv, 'doctor'], { environment });
    expect(stderr).toBe('');
    return { lines: stdout.split('\n'), code };
  };

  it('says what failed, that a source is paused or has no secret, and which configuration is active', async () => {
    const configuration = prepared.configuration('sourced.yaml', [
      '    scim: { profile: auto }\n',
      '    scim: { profile: auto }\n    sources: { okta: { preset: okta-event-hook }, hr: { preset: file, fetch: { file: p.csv, content: full } } }\n',
    ]);
    const { services, provisioning } = store.centre;
    await accept('demo', services, {
      person: person('cleo', 'Sales', { name: { givenName: 'C', familyName: 'x'.repeat(60) } }),
      source: 'scim',
      priority: PRIORITY.backfill,
    });
    await drain(provisioning, services, Date.now() + 60_000);
    await store.run(['push']);
    await openStates(services).change('demo', 'okta', (state) => ({
      ...state,
      paused: { at: '2030-01-01T00:00:00.000Z', reason: 'the app is gone' },
    }));
    const { lines, code } = await doctor(['-c', configuration]);
    expect(code).toBe(1);
    expect(lines).toContain('✗ source okta: paused since 2030-01-01T00:00:00.000Z: the app is gone');
    expect(lines).toContainEqual(expect.stringMatching(/^! okta: the source has no secret/));
    // A file sends nothing.
    expect(lines.filter((line) => line.startsWith('! hr'))).toEqual([]);
    expect(lines).toContain('! failed: 1 of 1 people');
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^! configuration: generation 1 is active, and .*sourced\.yaml has demo otherwise$/,
      ),
    );
  });

  it.skipIf(!isDeployed)('says which secret is malformed, whatever is in it', async () => {
    secrets.set('agent-provisioner/default/demo/door', '{"scimTokens": ["hunter2"]}');
    const { lines, code } = await doctor();
    expect(code).toBe(1);
    const line = lines.find((each) => each.startsWith('✗ door: '));
    expect(line).toContain('look at scimTokens.0');
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  it.skipIf(!isDeployed)('says whether alarms reach an operator', async () => {
    subscriptions = [];
    expect((await doctor()).lines).toContain(`! alarms: nobody is subscribed to ${TOPIC}`);
    subscriptions = ['PendingConfirmation'];
    expect((await doctor()).lines).toContain('! alarms: the subscription is not confirmed');
    subscriptions = [`${TOPIC}:1`];
    expect((await doctor()).lines).toContain('✓ alarms: reach 1 confirmed subscription');
    subscriptions = 'denied';
    expect((await doctor()).lines).toContainEqual(
      expect.stringMatching(/^! alarms: can not be looked at: .*SNS:ListSubscriptionsByTopic/),
    );
  });

  it('says how many seats are taken, and whom notifications reach', async () => {
    const configuration = prepared.configuration('told.yaml', [
      '    scim: { profile: auto }\n',
      `    scim: { profile: auto }\n    seats: 1\n    notify: { webhook: operators, topic: '${TOPIC}' }\n`,
    ]);
    await store.centre.arrive(person('ada', 'Sales'));
    subscriptions = ['PendingConfirmation'];
    const { lines } = await doctor(['-c', configuration]);
    expect(lines).toContain('! seats: 1 of 1 are taken');
    const from = lines.indexOf('notifications');
    expect(lines.slice(from + 1, lines.indexOf('installation'))).toEqual(
      isDeployed
        ? [
            '! webhook operators: the secret door has no address of it, so it is told nothing',
            '    Put it into the secret door as webhooks: {"operators": "https://…"}.',
            '! topic: the subscription is not confirmed',
            '    The receiver confirms it by the link in the mail of SNS.',
          ]
        : ['✓ notify: npm start prints what needs a person; webhook and topic are used once deployed'],
    );
    expect((await doctor()).lines).toContainEqual(expect.stringMatching(/^✓ notify: not configured/));
  });
});
