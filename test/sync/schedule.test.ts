import { describe, expect, it } from 'vitest';
import { openStates, resumeSource } from '../../functions/events/source-state.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { dueReading, slotOf } from '../../functions/sources/sync/due.ts';
import { readDueSources } from '../../functions/sources/sync/schedule.ts';
import { syncSettingsOf } from '../../functions/sources/sync/settings.ts';
import { holdState, type SyncState } from '../../functions/sources/sync/state.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks } from '../webhook/hooks.ts';
import { type OktaWorld, openOktaWorld } from './okta.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The clock's minute, for the tenant of a world. */
function minuteOf({ services, clock }: OktaWorld) {
  const source = sourceSchema.parse({
    preset: 'okta-event-hook',
    fetch: { domain: 'acme.okta.com' },
    sync: {},
  });
  const provisioning = openTenant(
    'demo',
    { ...demoTenant(), rules: [], sources: { people: source } },
    services,
  );
  return () => readDueSources(providers, provisioning, services, clock.now() + 15 * MINUTE_MS);
}

const callsOf = ({ okta }: OktaWorld) => [...okta.calls.values()].reduce((sum, calls) => sum + calls, 0);

/** Lets the clock go on, minute by minute. */
async function pass(
  world: OktaWorld,
  minute: () => Promise<void>,
  milliseconds: number,
  step = 5 * MINUTE_MS,
) {
  for (let passed = 0; passed < milliseconds; passed += step) {
    world.clock.advance(step);
    await minute();
  }
}

describe('the clock', () => {
  it('reads nothing before an operator has had everybody read', async () => {
    const world = openOktaWorld(5);
    const minute = minuteOf(world);
    await pass(world, minute, 2 * DAY_MS, HOUR_MS);
    expect(callsOf(world)).toBe(0);
    expect(await world.stored()).toEqual([]);
  });

  it('reads what changed every quarter of an hour, and everybody once a day', async () => {
    const world = openOktaWorld(5);
    await world.synced('initial');
    await pass(world, minuteOf(world), DAY_MS);
    const { delta, full } = await world.state();
    expect(full?.outcome).toBe('complete');
    expect(delta?.outcome).toBe('complete');
    // A hundred deltas or so of two calls, and one list.
    expect(callsOf(world)).toBeGreaterThan(170);
    expect(callsOf(world)).toBeLessThan(200);
    expect(world.numbers.of('SyncAge')['']).toBeLessThanOrEqual(1_200);
    expect(world.numbers.of('SyncDrift')).toEqual({ new: 0, changed: 0, gone: 0 });
  });

  it('heals within a quarter of an hour what hooks have lost', async () => {
    const world = openOktaWorld(5);
    await world.synced('initial');
    const minute = minuteOf(world);
    await pass(world, minute, HOUR_MS);
    world.okta.deactivate([...world.okta.users.keys()][0] ?? '');
    await pass(world, minute, 20 * MINUTE_MS);
    await world.settle();
    expect((await world.inService()).length).toBe(4);
  });

  it('reads everybody after a lost cursor, at once', async () => {
    const world = openOktaWorld(5);
    await world.synced('initial');
    await world.synced('delta');
    world.okta.cursors.expire();
    world.clock.advance(HOUR_MS);
    await minuteOf(world)();
    expect((await world.state()).full?.outcome).toBe('complete');
    expect(world.logged.join('\n')).toContain('a cursor is lost; everybody is read anew');
  });

  it('waits after a failure, and longer each time', async () => {
    const world = openOktaWorld(5);
    await world.synced('initial');
    const minute = minuteOf(world);
    world.okta.trouble.expireAfter = 0;
    await pass(world, minute, 15 * MINUTE_MS);
    const calls = callsOf(world);
    await pass(world, minute, 10 * MINUTE_MS);
    expect(callsOf(world)).toBe(calls);
    await pass(world, minute, 12 * HOUR_MS);
    expect((await world.state()).failures).toBeGreaterThanOrEqual(3);
    expect(callsOf(world) - calls).toBeLessThan(8);
    world.okta.trouble.expireAfter = undefined;
    await pass(world, minute, 7 * HOUR_MS);
    expect(await world.state()).not.toHaveProperty('failures');
  });

  it('goes on with a reading that its function could not end, and leaves the source to one function', async () => {
    const world = openOktaWorld(450);
    await world.sync('initial', { until: world.clock.now() + 5_000 });
    const held = await holdState(world.services, 'demo', 'people');
    await minuteOf(world)();
    expect((await world.state()).initial).toBeUndefined();
    await held?.release();
    await minuteOf(world)();
    expect((await world.state()).initial).toMatchObject({ outcome: 'complete' });
  });

  it.each([
    [
      'has been silent',
      (world: OktaWorld) => openStates(world.services).want('demo', 'people', 'the source was silent'),
    ],
    [
      'is resumed',
      async (world: OktaWorld) => {
        const states = openStates(world.services);
        const paused = { at: new Date(world.clock.now()).toISOString(), reason: 'gone' };
        await states.change('demo', 'people', (state) => ({ ...state, paused }));
        await minuteOf(world)();
        await resumeSource(states, 'demo', 'people');
      },
    ],
  ])('reads a source at once that %s', async (_, happen) => {
    const world = openOktaWorld(5);
    await world.synced('initial');
    await world.synced('delta');
    const before = callsOf(world);
    await happen(world);
    expect(callsOf(world)).toBe(before);
    world.clock.advance(MINUTE_MS);
    await minuteOf(world)();
    expect(callsOf(world)).toBeGreaterThan(before);
    const after = callsOf(world);
    await minuteOf(world)();
    expect(callsOf(world)).toBe(after);
  });
});

describe('a subscription that has lost notifications', () => {
  // https://learn.microsoft.com/graph/change-notifications-lifecycle-events
  it.each([
    ['missed', 'the provider said missed'],
    ['subscriptionRemoved', 'the provider said subscriptionRemoved'],
    ['reauthorizationRequired', undefined],
  ])('of Graph that says %s has what changed read', async (lifecycleEvent, reason) => {
    const hooks = openHooks({
      sources: { people: { preset: 'entra-graph', sync: {} } },
      secrets: { people: ['a-client-state'] },
    });
    const value = [{ subscriptionId: 's-1', clientState: 'a-client-state', lifecycleEvent }];
    expect((await hooks.send('people', { body: { value } })).status).toBe(202);
    const { syncWanted } = await openStates(hooks.services).get('demo', 'people');
    expect(syncWanted?.reason).toBe(reason);
    expect(syncWanted?.kind).toBe(reason === undefined ? undefined : 'delta');
  });
});

describe('what is due', () => {
  const finished = (at: number) => ({
    startedAt: new Date(at).toISOString(),
    finishedAt: new Date(at).toISOString(),
    outcome: 'complete' as const,
    rows: 1,
    calls: 1,
    counts: {},
    findings: [],
  });
  const now = Date.parse('2027-03-01T12:00:00Z');
  const state: SyncState = {
    initial: finished(now - 10 * DAY_MS),
    full: finished(now - HOUR_MS),
    cursor: { value: 'c', of: 'x', at: new Date(now).toISOString() },
  };
  const changes = async () => ({ rows: [] });
  const due = (given: SyncState, listing = {}) =>
    dueReading('demo/people', given, undefined, syncSettingsOf({}), { changes, ...listing }, now);

  it('is a night of a source of its own', () => {
    const slots = Array.from({ length: 50 }, (_, number) => slotOf(`demo/${number}`, DAY_MS, now) % DAY_MS);
    expect(new Set(slots).size).toBeGreaterThan(45);
    expect(Math.max(...slots)).toBeLessThan(5 * HOUR_MS);
  });

  it('is nothing by the clock where the vendor asks not to be polled', () => {
    expect(due(state)).toBe('delta');
    expect(due(state, { isNotPolled: true })).toBeUndefined();
  });

  it('is nothing while a pause is to be kept, and then what is under way', () => {
    const underWay = {
      kind: 'full' as const,
      startedAt: new Date(now).toISOString(),
      phase: 'pages' as const,
      rows: 0,
      people: 0,
      pages: 0,
      calls: 0,
      counts: {},
      findings: [],
      chunks: 0,
    };
    expect(due({ ...state, underWay, notBefore: new Date(now + 1).toISOString() })).toBeUndefined();
    expect(due({ ...state, underWay, notBefore: new Date(now).toISOString() })).toBe('full');
  });
});
