import { expect, it } from 'vitest';
import { notify } from '../../functions/operate/notify/notify.ts';
import { bodyFor } from '../../functions/operate/notify/webhook-body.ts';
import type { HttpRequest } from '../../functions/runtime/transport.ts';
import { readSecret } from '../../functions/tenant/secrets/secret.ts';
import { person, provisionBench } from '../provision/bench.ts';

const URL_ = 'https://hooks.slack.com/services/T0/B0/secret-of-the-webhook';
const HOUR_MS = 3_600_000;
const WAITS = { inline: undefined } as never;

/** A tenant with notifications, and what its webhook was sent. */
async function told(status = 200) {
  const bench = provisionBench({ tenant: { notify: { webhook: 'operators' }, seats: 1 } });
  const sent: HttpRequest[] = [];
  const secret = { scimTokens: [], sources: {}, keys: [], webhooks: { operators: URL_ } };
  const services = {
    ...bench.services,
    secrets: { ...bench.services.secrets, get: async () => secret as never },
    transport: async (request: HttpRequest) => {
      if (request.url !== URL_) return bench.services.transport(request);
      sent.push(request);
      return { status, headers: {}, body: '' };
    },
  };
  const look = () => notify(bench.provisioning, services, { origin: 'https://api.example.com' });
  const texts = () => sent.map(({ body = '' }) => JSON.parse(body).text as string);
  return { bench, sent, look, texts };
}

async function waiting({ bench }: Awaited<ReturnType<typeof told>>, ...names: string[]) {
  for (const name of names) await bench.stored(person(name), WAITS);
  await bench.settled();
}

it('nothing is told while nothing needs a person', async () => {
  const world = await told();
  await waiting(world, 'ada');
  await world.look();
  expect(world.sent).toEqual([]);
});

it('what needs a person is told with its number and the command, and no person is named', async () => {
  const world = await told();
  await waiting(world, 'ada', 'bob', 'cyd');
  await world.look();
  expect(world.texts()).toEqual([
    'Agent Provisioner, demo: needs a person\n' +
      '• 2 people wait for one of 1 seats: agent-provisioner --tenant demo people --state waiting --reason no-seat',
  ]);
  expect(world.sent[0]).toMatchObject({ method: 'POST', timeoutMs: 5_000 });
  expect(world.sent[0]?.body).not.toMatch(/bob|cyd|@|\d{5}/);
});

it('a kind is told once an hour at most, and what stays the same once a day', async () => {
  const world = await told();
  await waiting(world, 'ada', 'bob');
  await world.look();
  await waiting(world, 'cyd');
  world.bench.clock.advance(HOUR_MS / 2);
  await world.look();
  expect(world.sent).toHaveLength(1);
  world.bench.clock.advance(HOUR_MS / 2);
  await world.look();
  expect(world.texts().at(-1)).toContain('2 people wait');
  for (let hour = 0; hour < 23; hour += 1) {
    world.bench.clock.advance(HOUR_MS);
    await world.look();
  }
  expect(world.sent).toHaveLength(2);
  world.bench.clock.advance(HOUR_MS);
  await world.look();
  expect(world.sent).toHaveLength(3);
});

it('two functions at once tell it once', async () => {
  const world = await told();
  await waiting(world, 'ada', 'bob');
  await Promise.all([world.look(), world.look(), world.look()]);
  expect(world.sent).toHaveLength(1);
});

it('a webhook that refuses stops nothing, is counted, and its address is in no log', async () => {
  const world = await told(500);
  await waiting(world, 'ada', 'bob');
  await expect(world.look()).resolves.toBeUndefined();
  expect(world.bench.numbers.of('ScheduleFailed')).toEqual({ '': 1 });
  expect(world.bench.logged.join('\n')).toContain('the webhook operators answered 500');
  expect(world.bench.logged.join('\n')).not.toContain('secret-of-the-webhook');
});

it.each([
  ['https://hooks.slack.com/services/T/B/x', { text: 'a\nb' }],
  ['https://example.com/hook', { text: 'a\nb' }],
])('a text is what %s takes', (url, body) => {
  expect(bodyFor(url, 'a\nb')).toEqual(body);
});

it('a card is what a workflow of Teams takes', () => {
  const url = 'https://prod-1.westeurope.logic.azure.com/workflows/x';
  expect(bodyFor(url, 'a\nb')).toMatchObject({
    type: 'message',
    attachments: [{ content: { body: [{ text: 'a' }, { text: 'b' }] } }],
  });
});

it.each([
  ['http://hooks.slack.com/x', false],
  ['hooks.slack.com', false],
  [URL_, true],
])('the secret takes https:// addresses alone: %s', (url, isGood) => {
  const read = readSecret('door', { webhooks: { operators: url } });
  expect('secret' in read).toBe(isGood);
  if ('wrong' in read) expect(read.wrong).toEqual(['webhooks.operators']);
});
