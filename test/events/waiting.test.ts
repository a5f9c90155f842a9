import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { openRejections } from '../../functions/events/rejections.ts';
import { MAX_WAITING } from '../../functions/events/waiting/sign-ups.ts';
import { providers } from '../../functions/providers/registry.ts';
import { accept } from '../../functions/provision/accept.ts';
import { tendSources } from '../../functions/sources/schedule.ts';
import { demoTenant } from '../mapping/demo.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { ago, openWith, TEXT, zitadel } from './story.ts';

const DAY_MS = 86_400_000;
const ADA = { userName: 'ada@example.com', emails: [{ value: 'ada@example.com' }], active: false };

async function open() {
  const hooks = openWith({ a: { preset: 'auth0' }, b: { preset: 'auth0' } });
  await accept('demo', hooks.services, { person: ADA, source: 'scim', priority: 0 });
  return hooks;
}

/** A stranger signs up with Ada's address, which nobody has verified. */
const signUp = (hooks: Hooks, source: string, user: string) =>
  hooks.send(source, {
    headers: { authorization: `Bearer ${TEXT}` },
    body: {
      id: `evt-${source}-${user}`,
      type: 'user.created',
      time: ago(1),
      data: { object: { user_id: user, email: 'ada@example.com', email_verified: false, given_name: 'M' } },
    },
  });

async function waiting(hooks: Hooks, source: string): Promise<number> {
  const { events } = await listAwaitingConfirmation(hooks.services, 'demo', { limit: 1_000 });
  return events.filter(({ id }) => id.startsWith(`confirm:${source}/`)).length;
}

/** The hour of the schedule. */
const hour = (hooks: Hooks) =>
  tendSources(providers, { tenants: { demo: demoTenant() } }, hooks.services, () => undefined, 0);

describe('unverified sign-ups that wait for an operator', () => {
  it('are so many of a source at most; the others are refused, counted, and may come again', async () => {
    const hooks = await open();
    for (let each = 0; each < MAX_WAITING; each += 1) await signUp(hooks, 'a', `auth0|${each}`);
    expect(await waiting(hooks, 'a')).toBe(MAX_WAITING);
    expect((await signUp(hooks, 'a', 'auth0|more')).status).toBe(400);
    expect(await waiting(hooks, 'a')).toBe(MAX_WAITING);
    expect(hooks.numbers.of('Lapsed')).toEqual({ 'too-many': 1 });
    expect(hooks.numbers.of('Rejected')).toEqual({ 'bad-item': 1 });
    // What waits already may be said once more, and another source has a share of its own.
    const again = { ...hooks, clock: hooks.clock };
    await again.send('a', {
      headers: { authorization: `Bearer ${TEXT}` },
      body: {
        id: 'another',
        type: 'user.updated',
        time: ago(0),
        data: { object: { user_id: 'auth0|1', email: 'ada@example.com', email_verified: false } },
      },
    });
    expect(hooks.numbers.of('Rejected')).toEqual({ 'bad-item': 1 });
    await signUp(hooks, 'b', 'auth0|b');
    expect(await waiting(hooks, 'b')).toBe(1);
    hooks.clock.advance(30 * DAY_MS);
    await signUp(hooks, 'a', 'auth0|more');
    expect(await waiting(hooks, 'a')).toBe(1);
  });

  it('lapse after 30 days, which is counted; what else waits stays', async () => {
    const hooks = await open();
    await signUp(hooks, 'a', 'auth0|1');
    const event = { source: 'a', kind: 'suspend', type: 'x', subject: { id: '9' }, completeness: 'full' };
    await hooks.directory.putPendingEvent({
      tenant: 'demo',
      id: 'confirm:a/9',
      body: { do: 'confirm', attempts: 0, since: ago(0), event: { ...event, trust: 'caller' } },
    });
    hooks.clock.advance(29 * DAY_MS);
    await hour(hooks);
    expect(await waiting(hooks, 'a')).toBe(2);
    // They are looked through once an hour.
    hooks.clock.advance(DAY_MS + 1_800_000);
    await hour(hooks);
    expect(await waiting(hooks, 'a')).toBe(2);
    hooks.clock.advance(1_800_000);
    await hour(hooks);
    expect(await waiting(hooks, 'a')).toBe(1);
    expect(hooks.numbers.of('Lapsed')).toEqual({ age: 1 });
  });
});

describe('an id that fits nobody', () => {
  it('is counted, and kept beside what the source was refused', async () => {
    const hooks = openWith({ z: { preset: 'zitadel' } });
    await zitadel('z', 'user.deactivated', 7)(hooks);
    expect(hooks.numbers.of('Unmatched')).toEqual({ '': 1 });
    const { entries } = await openRejections(hooks.services).list('demo', 'z', { limit: 9 });
    expect(entries).toMatchObject([
      { code: 'unmatched', message: 'user.deactivated: no person here is known by 204523456789' },
    ]);
  });

  it('is one that the provider does not know either', async () => {
    const hooks = openWith(
      { okta: { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' } } },
      { secrets: { 'okta.fetch': ['token'] } },
    );
    await hooks.send('okta', {
      headers: { authorization: TEXT },
      body: {
        data: {
          events: [
            {
              uuid: '1',
              published: ago(1),
              eventType: 'user.account.update_profile',
              outcome: { result: 'SUCCESS' },
              target: [{ id: '00uMADEUP', type: 'User', alternateId: 'ada@example.com' }],
            },
          ],
        },
      },
    });
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await hooks.settle();
      hooks.clock.advance(60_000);
    }
    expect(hooks.numbers.of('Unmatched')).toEqual({ '': 1 });
  });
});
