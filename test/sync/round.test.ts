import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import type { PendingBody } from '../../functions/events/pending.ts';
import { openStates, type SourceState } from '../../functions/events/source-state.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { readDryRun, wantingDryRun } from '../../functions/sources/dry-run/state.ts';
import { FetchError } from '../../functions/sources/fetcher.ts';
import type { SourceProviders } from '../../functions/sources/provider.ts';
import { syncHandler } from '../../functions/sources/sync/handler.ts';
import { CursorLost } from '../../functions/sources/sync/listing.ts';
import { readDueSources } from '../../functions/sources/sync/schedule.ts';
import { holdState, readSyncState } from '../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith } from '../scim/event.ts';
import { openScript } from './script.ts';
import { PLAIN } from './world.ts';

const MINUTE_MS = 60_000;
const SOURCE = { preset: 'workos', fetch: { directory: 'd' }, sync: {} };

type Sources = Readonly<Record<string, object>>;

/** A tenant whose sources all say what a test has written down, and the rounds of the clock. */
function open(sources: Sources = { people: SOURCE }, given: Parameters<typeof openScript>[0] = {}) {
  const world = openScript(given);
  const { services, clock, script } = world;
  const parsed = Object.fromEntries(
    Object.entries(sources).map(([name, each]) => [name, sourceSchema.parse(each)]),
  );
  const tenant = { ...demoTenant(), ...PLAIN, sources: parsed } as TenantConfiguration;
  const provisioning = openTenant('demo', tenant, services);
  const states = openStates(services);
  const round = (until = clock.now() + 10 * MINUTE_MS, providers: SourceProviders = world.providers) =>
    readDueSources(providers, provisioning, services, until, states);
  return {
    ...world,
    tenant,
    round,
    /** What a round asks for. */
    asks: async (...terms: Parameters<typeof round>) => {
      script.asked.length = 0;
      await round(...terms);
      return [...script.asked];
    },
    put: (state: SourceState, source = 'people') =>
      states.change('demo', source, (before) => ({ ...before, ...state })),
    source: () => states.get('demo', 'people'),
    want: (kind: 'delta' | 'full', more: Partial<SourceState['syncWanted']> = {}) =>
      states.change('demo', 'people', (state) => ({
        ...state,
        syncWanted: { kind, reason: 'it was silent', at: new Date(clock.now()).toISOString(), ...more },
      })),
  };
}

/** The same after everybody was read, one minute ago. */
async function opened(...given: Parameters<typeof open>) {
  const world = open(...given);
  await world.want('full', { isFirst: true });
  await world.round();
  world.clock.advance(MINUTE_MS);
  return world;
}

describe('a round of the clock', () => {
  it('reads nothing that no operator wanted to be read', async () => {
    const { asks, numbers } = open();
    expect(await asks()).toEqual([]);
    expect(numbers.of('SyncAge')).toEqual({});
  });

  it('has everybody read for the first time once an operator wants it, once', async () => {
    const { want, asks, state, source } = open();
    await want('full', { isFirst: true });
    expect(await asks()).toEqual(['list first', 'list 2', 'list 4']);
    expect((await state()).initial?.outcome).toBe('complete');
    expect(await source()).not.toHaveProperty('syncWanted');
    expect(await asks()).toEqual([]);
  });

  it('reads what is wanted at once, and what is wanted meanwhile the next time', async () => {
    const world = await opened();
    const { want, asks, source, script, clock } = world;
    await want('delta');
    expect(await asks()).toEqual(['changes begun']);
    expect(await source()).not.toHaveProperty('syncWanted');
    await want('delta');
    clock.advance(1_000);
    script.changed = [{ is: 'changed', id: '1' }];
    const { byId } = script;
    Object.defineProperty(byId, 'get', {
      value: () => {
        clock.advance(1_000);
        void want('full');
      },
    });
    await asks();
    expect((await source()).syncWanted?.kind).toBe('full');
  });

  it('wants a reading again that did not come to its end', async () => {
    const { want, asks, source, script, clock } = await opened();
    await want('full');
    script.errors.push(new FetchError('answered 400', { status: 400 }));
    expect(await asks()).toEqual(['list first']);
    expect((await source()).syncWanted).toBeDefined();
    expect(await asks()).toEqual([]);
    clock.advance(15 * MINUTE_MS);
    expect(await asks()).toEqual(['list first', 'list 2', 'list 4']);
    expect(await source()).not.toHaveProperty('syncWanted');
  });

  it('reads everybody at once where a cursor is lost', async () => {
    const { want, asks, script, state } = await opened();
    await want('delta');
    script.errors.push(new CursorLost('it is gone'));
    expect(await asks()).toEqual(['changes begun', 'list first', 'list 2', 'list 4']);
    expect((await state()).full?.outcome).toBe('complete');
  });

  it.each<[string, Sources, SourceState]>([
    ['is paused', { people: SOURCE }, { paused: { at: '2026-11-23T10:00:00.000Z', reason: 'gone' } }],
    ['is not to be read', { people: { ...SOURCE, sync: undefined } }, {}],
  ])('reads no source that %s', async (_, sources, state) => {
    const { want, asks, put } = open(sources);
    await want('full', { isFirst: true });
    await put(state);
    expect(await asks()).toEqual([]);
  });

  it('reads no source whose people can not be listed', async () => {
    const { want, asks, providers, numbers } = open();
    await want('full', { isFirst: true });
    expect(await asks(undefined, { ...providers, listing: async () => undefined })).toEqual([]);
    expect(numbers.of('SyncFailed')).toEqual({});
  });

  it('begins nothing once the time is over', async () => {
    const { want, asks, clock } = open();
    await want('full', { isFirst: true });
    expect(await asks(clock.now())).toEqual([]);
  });

  it('goes on with other sources where one fails for our own fault', async () => {
    const { asks, services, script, numbers, put, clock } = open({ broken: SOURCE, people: SOURCE });
    const syncWanted = {
      kind: 'full',
      reason: 'x',
      at: new Date(clock.now()).toISOString(),
      isFirst: true,
    } as const;
    await put({ syncWanted }, 'broken');
    await put({ syncWanted });
    script.errors.push(new Error('our own'));
    expect((await asks()).length).toBe(4);
    expect(numbers.of('SyncFailed')).toEqual({ error: 1 });
    expect((await readSyncState(services, 'demo', 'people')).initial).toBeDefined();
  });

  it('measures how old what is known is, by the source that was read longest ago', async () => {
    const { put, round, clock, numbers } = open({ first: SOURCE, second: SOURCE });
    const wanted = () =>
      ({ kind: 'full', reason: 'x', at: new Date(clock.now()).toISOString(), isFirst: true }) as const;
    await put({ syncWanted: wanted() }, 'first');
    await round();
    clock.advance(7 * MINUTE_MS);
    await put({ syncWanted: wanted() }, 'second');
    await round();
    clock.advance(MINUTE_MS);
    await round();
    expect(numbers.of('SyncAge')).toEqual({ '': 8 * 60 });
  });

  it('does the dry run that an operator asked for, of a source that nobody has read yet', async () => {
    const { put, asks, services, clock, everybody } = open();
    await put(wantingDryRun({}, 'grace', clock.now()));
    expect((await asks()).length).toBe(3);
    expect((await readDryRun(services, 'demo', 'people')).last?.by).toBe('grace');
    expect(await everybody()).toEqual([]);
  });

  it('leaves a source to the function that reads it', async () => {
    const { want, asks, services, source } = await opened();
    await want('delta');
    await holdState(services, 'demo', 'people');
    expect(await asks()).toEqual([]);
    expect((await source()).syncWanted).toBeDefined();
  });
});

describe('the function that the clock calls', () => {
  const handlerOf = ({ providers, tenant, services }: ReturnType<typeof open>) =>
    syncHandler(providers, { tenants: { demo: tenant, other: { ...tenant, sources: {} } } }, services);

  it('reads as long as it has time, and goes on the next time', async () => {
    const world = open(undefined, { people: 6 });
    await world.want('full', { isFirst: true });
    const handler = handlerOf(world);
    // Fifteen seconds are left for the end, and ten within the reading.
    await handler({}, contextWith(20_000));
    expect(world.script.asked).toEqual([expect.stringContaining('list')]);
    expect((await world.state()).underWay).toMatchObject({ rows: 0 });
    await handler({}, contextWith(15 * MINUTE_MS));
    expect((await world.state()).initial).toMatchObject({ outcome: 'complete', rows: 6 });
  });

  it('goes on with other tenants where one can not be read at all', async () => {
    const world = open();
    const { directory } = world.services;
    const readDocument: typeof directory.readDocument = async (owner, name) => {
      if (owner === 'demo') throw new Error('no table');
      return directory.readDocument(owner, name);
    };
    const services = { ...world.services, directory: { ...directory, readDocument } };
    const asked: string[] = [];
    const providers = {
      ...world.providers,
      listing: async (...given: Parameters<SourceProviders['listing']>) => {
        asked.push(given[0].preset);
        return world.providers.listing(...given);
      },
    };
    const tenants = { demo: world.tenant, other: world.tenant };
    await syncHandler(providers, { tenants }, services)({}, contextWith(15 * MINUTE_MS));
    expect(asked).toHaveLength(2);
    expect(world.numbers.of('SyncFailed')).toEqual({ error: 1 });
  });
});

describe('who could not be read', () => {
  const event: AuthenticatedEvent = {
    source: 'people',
    trust: 'signed',
    kind: 'upsert',
    type: 'x',
    subject: { id: '1' },
    completeness: 'thin',
    occurredAt: '2026-11-23T10:00:00.000Z',
  };
  const waits = async ({ directory }: ReturnType<typeof open>, id: string, more: Partial<PendingBody> = {}) =>
    directory.putPendingEvent({
      tenant: 'demo',
      id,
      body: { do: 'fetch', attempts: 9, since: '2026-11-23T10:00:00.000Z', event, ...more },
    });

  it('is read again once the source answers, and others go on waiting', async () => {
    const world = await opened();
    const { directory, clock, services, want, round, rung } = world;
    await waits(world, 'fetch:a');
    await waits(world, 'fetch:b', { event: { ...event, source: 'others' } });
    await waits(world, 'fetch:c', { isRefused: true });
    await waits(world, 'confirm:d', { do: 'confirm' });
    rung.length = 0;
    await want('delta');
    await round();
    const due = await directory.duePendingEvents('demo', clock.now(), 9);
    expect(due).toMatchObject([{ id: 'fetch:a', body: { attempts: 0 } }]);
    const { events } = await listAwaitingConfirmation(services, 'demo', { limit: 9 });
    expect(events.map(({ id }) => id).toSorted()).toEqual(['confirm:d', 'fetch:b', 'fetch:c']);
    expect(rung).toEqual(['demo']);
  });

  it('is read again a hundred at a time, wherever they stand among those who wait', async () => {
    const world = await opened();
    const number = (each: number) => String(each).padStart(3, '0');
    for (let each = 0; each < 120; each += 1) await waits(world, `a:${number(each)}`, { do: 'confirm' });
    for (let each = 0; each < 130; each += 1) await waits(world, `fetch:${number(each)}`);
    const due = async () => (await world.directory.duePendingEvents('demo', world.clock.now(), 999)).length;
    await world.want('delta');
    await world.round();
    expect(await due()).toBe(100);
    await world.want('delta');
    await world.round();
    expect(await due()).toBe(130);
  });

  it('is nobody to be rung for where there is none', async () => {
    const { want, round, rung } = await opened();
    rung.length = 0;
    await want('delta');
    await round();
    expect(rung).toEqual([]);
  });
});
