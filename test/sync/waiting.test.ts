import { expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { openOktaWorld, profileOf } from './okta.ts';

it('reads who could not be read while the credentials had run out, once the source is read again', async () => {
  const { okta, send, settle, synced, clock, services, inService } = openOktaWorld(2);
  clock.advance(3_600_000);
  await synced('initial');
  await synced('delta');
  const [id = ''] = okta.users.keys();
  okta.trouble.expireAfter = 0;
  okta.deactivate(id);
  okta.delete(id);
  const events = okta.log.slice(-2);
  const body = { eventType: 'com.okta.event_hook', data: { events } };
  expect(await send('people', { body, headers: { authorization: 'a-secret-of-some-length' } })).toMatchObject(
    {
      status: 200,
    },
  );
  for (let minute = 0; minute < 5; minute += 1) {
    await settle();
    clock.advance(60_000);
  }
  const waiting = async () => (await listAwaitingConfirmation(services, 'demo', { limit: 10 })).events.length;
  expect(await waiting()).toBe(1);
  okta.trouble.expireAfter = undefined;
  await synced('delta');
  for (let minute = 0; minute < 5; minute += 1) {
    await settle();
    clock.advance(60_000);
  }
  expect(await inService()).toEqual([profileOf(2).login]);
  expect(await waiting()).toBe(0);
});
