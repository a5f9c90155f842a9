import { expect, it } from 'vitest';
import { providers } from '../../functions/providers/registry.ts';
import { signupDoor } from '../../functions/signup/handler.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import { activate } from '../../functions/tenant/generation/store.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith } from '../scim/event.ts';
import { openHooks } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';

const SOURCES = {
  signup: { preset: 'cognito', userPoolId: 'eu-west-1_x' },
  auth0: { preset: 'auth0', eventSource: 'aws.partner/auth0.com/acme-1/auth0.logs' },
};
const PARTNER = {
  version: '0',
  'detail-type': 'x',
  source: SOURCES.auth0.eventSource,
  detail: fixture('auth0').create,
};
const MESSAGE = 'No configuration is active yet: npm run deploy activates one, or agent-provisioner push.';

/** The function as it is deployed: with the configuration of the directory. */
function open() {
  const hooks = openHooks({ sources: SOURCES });
  const { directory, clock } = hooks;
  // A caller that waits here waits for ever: what is stored is stored before.
  const waiting = { now: () => clock.now(), sleep: () => new Promise<void>(() => {}) };
  const services = { ...hooks.services, clock: waiting };
  const door = signupDoor(openGenerations({ directory, clock }), services, providers);
  const push = async () => {
    const sources = Object.fromEntries(
      Object.entries(SOURCES).map(([name, each]) => [name, sourceSchema.parse(each)]),
    );
    const configuration = { tenants: { demo: { ...demoTenant(), sources } } };
    const terms = { after: undefined, now: clock.now(), by: 'anna', isDeployment: true };
    await activate(directory, configuration, terms);
    clock.advance(1_000);
  };
  return { ...hooks, push, handle: (event: unknown) => door(event, contextWith()) };
}

it('gives Cognito its event back while no generation is active, says so in the log, and raises an alarm', async () => {
  const { handle, logged, numbers, stored } = open();
  const { create } = fixture('cognito');
  expect(await handle(create)).toEqual(create);
  expect(logged.map((line) => JSON.parse(line))).toEqual([
    { message: 'a sign-up was not stored', reason: expect.stringContaining(MESSAGE) },
  ]);
  expect(numbers.of('SourceFailed')).toEqual({ 'sign-up': 1 });
  expect(await stored()).toEqual([]);
});

it('has EventBridge bring its event again, and loses none', async () => {
  const { handle, push, settle, agents } = open();
  await expect(handle(PARTNER)).rejects.toThrow(MESSAGE);
  await push();
  await handle(PARTNER);
  await settle();
  expect(agents().active).toEqual(['nick@example.com']);
});

it('takes sign-ups once a generation is active', async () => {
  const { handle, push, settle, agents } = open();
  await push();
  expect(await handle(fixture('cognito').create)).toEqual(fixture('cognito').create);
  await settle();
  expect(agents().active).toEqual(['cora@cognito.example']);
});
