import { expect, it } from 'vitest';
import { providers } from '../../functions/providers/registry.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import { activate } from '../../functions/tenant/generation/store.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { webhookDoors } from '../../functions/webhook/generations.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { openHooks, SECONDS, sign } from './hooks.ts';
import { fixture } from './providers.ts';

const WHSEC = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const SOURCES = { generic: { preset: 'standard-webhooks' } };

/** The door as it is deployed: with the configuration of the directory. */
function open(change: object = {}) {
  const hooks = openHooks({ sources: SOURCES, secrets: { generic: [WHSEC] } });
  const { directory, clock, services } = hooks;
  const generations = openGenerations({ directory: { ...directory, ...change }, clock });
  const door = webhookDoors(generations, services, providers);
  const send = (method: string, path: string, body?: string) => {
    const headers = {
      'content-type': 'application/json',
      ...(body === undefined ? {} : sign.standard(WHSEC, 'msg_1', SECONDS, body)),
    };
    return door(scimEvent(method, path, { headers, ...(body === undefined ? {} : { body }) }), contextWith());
  };
  const push = async () => {
    const sources = { generic: sourceSchema.parse(SOURCES.generic) };
    const configuration = { tenants: { demo: { ...demoTenant(), sources } } };
    const terms = { after: undefined, now: clock.now(), by: 'anna', isDeployment: true };
    await activate(directory, configuration, terms);
  };
  return { ...hooks, send, push };
}

const PATHS = [
  '/demo/hooks/generic',
  '/demo/hooks/unknown',
  '/unknown/hooks/generic',
  '/demo/events',
  '/nowhere',
];

it.each(PATHS)(
  '%s answers 503 as long as no generation is active, says so, and keeps nothing',
  async (path) => {
    const { send, stored, logged } = open();
    const answer = await send('POST', path, JSON.stringify(fixture('standard-webhooks').create));
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } });
    expect(answer.body).toContain('No configuration is active yet: npm run deploy activates one');
    expect(await stored()).toEqual([]);
    // Each sender repeats: a line a request would be all that the log has.
    expect(logged).toEqual([]);
  },
);

it('/health says that the function is alive all the same', async () => {
  expect(await open().send('GET', '/health')).toEqual({ statusCode: 204 });
});

it('takes the delivery that was turned away once a generation is active, within a second', async () => {
  const { send, push, clock, stored } = open();
  const body = JSON.stringify(fixture('standard-webhooks').create);
  expect(await send('POST', '/demo/hooks/generic', body)).toMatchObject({ statusCode: 503 });
  await push();
  clock.advance(1_000);
  const again = await send('POST', '/demo/hooks/generic', body);
  expect(again.statusCode).toBeLessThan(300);
  expect(await stored()).toHaveLength(1);
});

it('answers that it failed, and says why in the log alone, where the configuration can not be read', async () => {
  const { send, logged } = open({
    readDocument: async () => {
      throw new Error('the table is away');
    },
  });
  const answer = await send('POST', '/demo/hooks/generic', '{}');
  expect(answer.statusCode).toBeGreaterThanOrEqual(500);
  expect(answer.body).not.toContain('the table is away');
  expect(logged.join()).toContain('the configuration can not be read');
  expect(logged.join()).toContain('the table is away');
});
