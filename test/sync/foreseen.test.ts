import { describe, expect, it } from 'vitest';
import { openStates } from '../../functions/events/source-state.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import { type DryRunOptions, dryRun } from '../../functions/sources/dry-run/dry-run.ts';
import { readDryRun, wantingDryRun } from '../../functions/sources/dry-run/state.ts';
import { doWantedDryRun } from '../../functions/sources/dry-run/wanted.ts';
import { FetchError } from '../../functions/sources/fetcher.ts';
import type { SourceProviders } from '../../functions/sources/provider.ts';
import { CursorLost, type Listing } from '../../functions/sources/sync/listing.ts';
import { holdState } from '../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';
import { openScript, row } from './script.ts';
import { PLAIN } from './world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A source that says what a test has written down, and dry runs of it. */
function open(given: Parameters<typeof openScript>[0] = {}) {
  const world = openScript(given);
  const { services, clock } = world;
  const settings = sourceSchema.parse({ preset: 'workos', fetch: { directory: 'd' }, sync: {} });
  const tenant = { ...demoTenant(), ...PLAIN, sources: { people: settings } } as TenantConfiguration;
  const provisioning = openTenant('demo', tenant, services);
  const { table } = services;
  if (table === undefined) throw new Error('no table');
  const states = openStates(services);
  const of = { provisioning, services, table };
  const unlisted: SourceProviders = { ...world.providers, listing: async () => undefined };
  return {
    ...world,
    unlisted,
    states,
    see: (options: Partial<DryRunOptions> = {}, providers = world.providers) =>
      dryRun(providers, of, 'people', settings, {
        kind: 'initial',
        catalogue: undefined,
        until: clock.now() + 10 * MINUTE_MS,
        ...options,
      }),
    /** Asks for a dry run as an operator does. */
    want: () => states.change('demo', 'people', (state) => wantingDryRun(state, 'grace', clock.now())),
    isWanted: async () => (await states.get('demo', 'people')).dryRunWanted !== undefined,
    work: (providers = world.providers, until = clock.now() + 10 * MINUTE_MS) =>
      doWantedDryRun(providers, of, states, 'people', settings, until),
    kept: () => readDryRun(services, 'demo', 'people'),
  };
}

describe('a dry run', () => {
  it('stores nothing but when it was seen', async () => {
    const { see, everybody, state, rung, numbers, clock } = open();
    expect(await see()).toMatchObject({ outcome: 'done', kind: 'initial', finished: { counts: { new: 5 } } });
    expect(await everybody()).toEqual([]);
    expect(rung).toEqual([]);
    expect(numbers.of('SyncDrift')).toEqual({});
    expect(await state()).toEqual({ dryRunAt: new Date(clock.now()).toISOString() });
  });

  it('counts what the reading itself will: of two accounts with one user name one is new', async () => {
    const { see, synced, script } = open();
    const emails = (address: string) => ({ userName: 'ada', emails: [{ value: address, primary: true }] });
    script.rows = [row(1, emails('ada@acme.test')), row(2, emails('ada@example.test'))];
    const seen = await see();
    const { counts } = await synced('initial');
    expect(counts).toEqual({ new: 1, ambiguous: 1 });
    expect(seen).toMatchObject({ finished: { counts } });
  });

  it('says what would become of agents where the names of SmartAssist are known', async () => {
    const { see, script } = open();
    script.rows = [row(1), row(2), row(3, { active: false })];
    const seen = await see({ catalogue: demoCatalogue });
    expect(seen).toMatchObject({ outlook: { effects: { create: 2 } } });
    expect(await see()).not.toHaveProperty('outlook');
  });

  it('names those of whom no agent can be made, and why', async () => {
    const { see } = open({ people: 52 });
    const empty: Catalogue = { ...demoCatalogue, agentGroups: [], skills: [], queues: [], roles: [] };
    const seen = await see({ catalogue: empty });
    if (seen.outcome !== 'done') throw new Error(seen.outcome);
    expect(seen.failing).toHaveLength(50);
    for (const { userName, problem } of seen.failing ?? []) {
      expect(userName).toMatch(/^person-\d+@acme.test$/);
      expect(problem).not.toBe('');
      expect(problem.length).toBeLessThanOrEqual(400);
    }
    expect(await see({ catalogue: demoCatalogue })).not.toHaveProperty('failing');
  });

  it('is not seen where it did not come to its end', async () => {
    const { see, script, state } = open();
    script.errors.push(new FetchError('answered 400', { status: 400 }));
    expect(await see()).toMatchObject({
      outcome: 'done',
      finished: { outcome: 'incomplete', reason: 'answered 400' },
    });
    expect(await state()).toEqual({});
  });

  it('of what changed is one of everybody where it is not known since when, and says so', async () => {
    const world = open();
    await world.synced('initial');
    world.script.errors.push(new CursorLost('it is gone'));
    const seen = await world.see({ kind: 'delta' });
    expect(seen).toMatchObject({ outcome: 'done', kind: 'full', lost: 'it is gone', finished: { rows: 5 } });
    // The cursor itself is not given up by looking.
    expect((await world.state()).cursor?.value).toBe('begun');
    expect(await world.see({ kind: 'delta' })).not.toHaveProperty('lost');
  });

  it('of what changed has no end where reading everybody in its place has none', async () => {
    const world = open({ listing: { changes: undefined } as unknown as Partial<Listing> });
    await world.synced('initial');
    world.script.errors.push(new FetchError('answered 429', { status: 429, retryAfterMs: 60 * MINUTE_MS }));
    expect(await world.see({ kind: 'delta' })).toMatchObject({ outcome: 'later', reason: 'answered 429' });
  });

  it('of everybody whose place is lost has no end', async () => {
    const { see, script } = open();
    script.errors.push(new CursorLost('another file'));
    expect(await see()).toEqual({ outcome: 'cursor-lost', reason: 'another file' });
  });

  it('is none of a source that can not be listed, or that is being read', async () => {
    const { see, services, unlisted } = open();
    expect(await see({}, unlisted)).toEqual({ outcome: 'unlisted' });
    await holdState(services, 'demo', 'people');
    expect(await see()).toEqual({ outcome: 'busy' });
  });

  it('takes a list that an operator accepts', async () => {
    const world = open({ people: 10 });
    await world.synced('initial');
    world.script.rows = world.script.rows.slice(0, 3);
    expect(await world.see({ kind: 'full' })).toMatchObject({ finished: { outcome: 'incomplete' } });
    expect(await world.see({ kind: 'full', accept: 3 })).toMatchObject({ finished: { outcome: 'complete' } });
  });
});

describe('a dry run that an operator asked for', () => {
  it('is done once, and kept for a week with the one who asked', async () => {
    const { want, work, kept, isWanted, clock, script } = open();
    await work();
    expect(await kept()).toEqual({});
    await want();
    await work();
    const at = new Date(clock.now()).toISOString();
    expect(await kept()).toEqual({
      last: { at, by: 'grace', seen: expect.objectContaining({ kind: 'initial' }) },
    });
    expect((await kept()).last?.seen).not.toHaveProperty('outcome');
    expect(await isWanted()).toBe(false);
    script.asked.length = 0;
    await work();
    expect(script.asked).toEqual([]);
    clock.advance(7 * DAY_MS - 1_000);
    expect((await kept()).last?.at).toBe(at);
    clock.advance(2_000);
    expect(await kept()).toEqual({});
  });

  it('is of what comes next', async () => {
    const world = open();
    await world.synced('initial');
    await world.want();
    await world.work();
    expect((await world.kept()).last?.seen?.kind).toBe('delta');
  });

  it.each<[string, (world: ReturnType<typeof open>) => unknown, string]>([
    [
      'the source is being read',
      ({ services }) => holdState(services, 'demo', 'people'),
      'the source is being read now; ask again when that is over',
    ],
    [
      'the place in the list is lost',
      ({ script }) => script.errors.push(new CursorLost('another file')),
      'another file',
    ],
    ['something of our own fails', ({ script }) => script.errors.push(new Error('our own')), 'our own'],
  ])('says why there is nothing to be seen: %s', async (_, happens, problem) => {
    const world = open();
    await world.want();
    await happens(world);
    await world.work();
    const { last } = await world.kept();
    expect(last).toMatchObject({ by: 'grace', problem });
    expect(last).not.toHaveProperty('seen');
    expect(await world.isWanted()).toBe(false);
  });

  it('says so of a source that can not be listed', async () => {
    const { want, work, kept, unlisted } = open();
    await want();
    await work(unlisted);
    expect((await kept()).last?.problem).toBe('the people of the source can not be listed');
  });

  it('shows how far it is, every five seconds', async () => {
    const shown: unknown[] = [];
    const world = open({
      listing: {
        list: async (_, place) => {
          const number = Number(place ?? 1);
          shown.push((await world.kept()).running);
          world.clock.advance(3_000);
          return { rows: [row(number)], next: number < 6 ? String(number + 1) : undefined, total: 6 };
        },
      },
    });
    await world.want();
    await world.work();
    const rows = (shown as ({ rows: number; total?: number } | undefined)[]).map((each) => [
      each?.rows,
      each?.total,
    ]);
    expect(rows[0]).toEqual([0, undefined]);
    // Known at most five seconds late, and not written with each page.
    expect(new Set(rows.map(([read]) => read)).size).toBeLessThan(5);
    expect(rows.at(-1)?.[0]).toBeGreaterThan(1);
    expect(rows.at(-1)?.[1]).toBe(6);
    expect((await world.kept()).running).toBeUndefined();
  });

  it('is left to the function that does it, until that has said nothing for three minutes', async () => {
    const world = open();
    const { want, work, kept, clock, script, directory } = world;
    const form = 'sync:people:dry-run';
    await want();
    await directory.writeDocument('demo', form, {
      running: { holder: 'another', until: clock.now() + 1, rows: 7 },
    });
    await work();
    expect(script.asked).toEqual([]);
    expect((await kept()).running?.rows).toBe(7);
    clock.advance(1);
    await work();
    expect((await kept()).last?.seen?.finished.rows).toBe(5);
  });

  it('that another function has taken over meanwhile is left to it', async () => {
    const world = open({
      listing: {
        list: async (_, place) => {
          const number = Number(place ?? 1);
          if (number === 2) {
            world.clock.advance(10_000);
            const until = world.clock.now() + MINUTE_MS;
            await world.directory.writeDocument('demo', 'sync:people:dry-run', {
              running: { holder: 'another', until, rows: 1 },
            });
          }
          return { rows: [row(number)], next: number < 4 ? String(number + 1) : undefined };
        },
      },
    });
    await world.want();
    await world.work();
    expect(await world.kept()).toMatchObject({ running: { holder: 'another' } });
    expect(await world.kept()).not.toHaveProperty('last');
    expect(await world.isWanted()).toBe(true);
  });

  it('that is asked for once more meanwhile is done once more', async () => {
    const world = open({
      listing: {
        list: async () => {
          world.clock.advance(1_000);
          await world.want();
          return { rows: [row(1)] };
        },
      },
    });
    await world.want();
    await world.work();
    expect((await world.kept()).last).toBeDefined();
    expect(await world.isWanted()).toBe(true);
  });
});

describe('the dry run that is kept', () => {
  it('keeps what a newer version has stored beside it', async () => {
    const { directory, want, work, kept } = open();
    await directory.writeDocument('demo', 'sync:people:dry-run', { newer: 1 });
    await want();
    await work();
    expect(await kept()).toMatchObject({ newer: 1, last: { by: 'grace' } });
  });

  it.each([
    ['one that nobody does', { running: { until: 1, rows: 1 } }],
    ['one that nobody asked for', { last: { at: 'x' } }],
    ['one of no reading', { last: { at: 'x', by: 'y', seen: { finished: {} } } }],
    ['one that has not ended', { last: { at: 'x', by: 'y', seen: { kind: 'full' } } }],
    [
      'a failure without a person',
      { last: { at: 'x', by: 'y', seen: { kind: 'full', finished: {}, failing: [{}] } } },
    ],
    ['a problem that is no text', { last: { at: 'x', by: 'y', problem: 1 } }],
  ])('is not guessed from %s', async (_, stored) => {
    const { directory, kept } = open();
    await directory.writeDocument('demo', 'sync:people:dry-run', stored);
    await expect(kept()).rejects.toThrow();
  });
});
