import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { notify } from '../../functions/operate/notify/notify.ts';
import { httpTransport } from '../../functions/runtime/transport.ts';
import { person, provisionBench } from '../provision/bench.ts';

const REGION = 'eu-central-1';
const TOPIC = `arn:aws:sns:${REGION}:000000000000:operators`;
const WEBHOOK = 'https://hooks.slack.com/services/T0/B0/secret-of-the-webhook';

let server: FauxqsServer;
let inbox: SQSClient;
const before = { ...process.env };
beforeAll(async () => {
  server = await startFauxqs({
    port: 0,
    host: '127.0.0.1',
    logger: false,
    defaultRegion: REGION,
    init: {
      queues: [{ name: 'inbox' }],
      topics: [{ name: 'operators' }],
      subscriptions: [{ topic: 'operators', queue: 'inbox' }],
    },
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SNS: server.address,
    // The function's own; the topic's is another.
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  inbox = new SQSClient({ endpoint: server.address, region: REGION, credentials });
});
afterAll(async () => {
  process.env = before;
  inbox?.destroy();
  await server?.stop();
});

/** A tenant where two people wait for a seat, and what its channels were sent. */
async function told(notified: { readonly webhook?: string; readonly topic?: string }, status = 200) {
  const bench = provisionBench({ tenant: { notify: notified, seats: 1 } });
  for (const name of ['ada', 'bob', 'cyd']) await bench.stored(person(name), { inline: undefined } as never);
  await bench.settled();
  const sent: { readonly url: string; readonly authorization: string | undefined }[] = [];
  const secret = { scimTokens: [], sources: {}, keys: [], webhooks: { operators: WEBHOOK } };
  const services: typeof bench.services = {
    ...bench.services,
    secrets: { ...bench.services.secrets, get: async () => secret as never },
    transport: async (request) => {
      const { url, headers } = request;
      if (!url.startsWith(server.address) && url !== WEBHOOK) return bench.services.transport(request);
      sent.push({ url, authorization: headers.authorization });
      return url === WEBHOOK ? { status, headers: {}, body: '' } : httpTransport(request);
    },
  };
  await notify(bench.provisioning, services);
  return { bench, sent };
}

async function received() {
  const { Messages: [message] = [] } = await inbox.send(
    new ReceiveMessageCommand({ QueueUrl: `${server.address}/000000000000/inbox` }),
  );
  return message?.Body === undefined ? undefined : JSON.parse(message.Body);
}

const TEXT =
  'Agent Provisioner, demo: needs a person\n' +
  '• 2 people wait for one of 1 seats: agent-provisioner --tenant demo people --state waiting --reason no-seat';

it('a topic gets the message, signed for SNS in the region of the topic', async () => {
  const { bench, sent } = await told({ topic: TOPIC });
  expect(await received()).toMatchObject({
    TopicArn: TOPIC,
    Subject: 'Agent Provisioner, demo: needs a person',
    Message: TEXT,
  });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-central-1\/sns\/aws4_request, /,
  );
  expect(bench.numbers.of('ScheduleFailed')).toEqual({});
});

it('a webhook that refuses keeps nothing from the topic', async () => {
  const { bench } = await told({ topic: TOPIC, webhook: 'operators' }, 500);
  expect(await received()).toMatchObject({ Message: TEXT });
  expect(bench.logged.join('\n')).toContain('the webhook operators answered 500');
});

it('a topic that is not there stops nothing, and is counted with what SNS said', async () => {
  const gone = TOPIC.replace('operators', 'gone');
  const { bench, sent } = await told({ topic: gone, webhook: 'operators' });
  expect(sent.map(({ url }) => url)).toContain(WEBHOOK);
  expect(bench.numbers.of('ScheduleFailed')).toEqual({ '': 1 });
  expect(bench.logged.join('\n')).toMatch(
    new RegExp(`the topic ${gone} was not published to: .*not exist`, 'i'),
  );
});
