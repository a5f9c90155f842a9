import { describe, expect, it } from 'vitest';
import { FetchError } from '../../functions/sources/fetcher.ts';
import { CursorLost, type Listing, type Row } from '../../functions/sources/sync/listing.ts';
import { type ReadingEnd, reasonOf } from '../../functions/sources/sync/reading.ts';
import { holdState, type ReadingKind } from '../../functions/sources/sync/state.ts';
import { found, mail, openScript, row, type ScriptedWorld } from './script.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const iso = (at: number) => new Date(at).toISOString();
const nameless: Row = { is: 'unusable', id: 'row 1', reason: 'it is null', isNameless: true };
const all = (people: number) => Array.from({ length: people }, (_, index) => mail(index + 1));

/** A world whose people were read as a whole an hour ago. */
async function opened(...given: Parameters<typeof openScript>): Promise<ScriptedWorld> {
  const world = openScript(...given);
  await world.synced('initial');
  world.clock.advance(HOUR_MS);
  world.script.asked.length = 0;
  return world;
}

/** Reads a page, and has no time for the next one. */
const readOnePage = (world: ScriptedWorld, kind: ReadingKind) =>
  world.sync(kind, {
    until: world.clock.now() + 20_000,
    onPage: async () => void world.clock.advance(15_000),
  });

describe('a reading of everybody for the first time', () => {
  it('takes everybody in, and knows from where on changes go on', async () => {
    const { synced, state, inService, everybody, clock, rung, script } = openScript();
    const startedAt = iso(clock.now());
    const finished = await synced('initial');
    expect(finished).toEqual({
      startedAt,
      finishedAt: startedAt,
      outcome: 'complete',
      rows: 5,
      calls: 0,
      counts: { new: 5 },
      findings: [],
    });
    expect(await inService()).toEqual(all(5));
    expect((await everybody()).map(({ priority }) => priority)).toEqual([1, 1, 1, 1, 1]);
    expect(script.asked).toEqual(['list first', 'list 2', 'list 4']);
    expect(await state()).toEqual({
      initial: finished,
      complete: { at: startedAt, rows: 5, number: 1 },
      cursor: { value: 'begun', of: expect.any(String), at: startedAt },
    });
    expect(rung).toEqual(['demo']);
  });

  it('goes on at the page behind the last one that was applied', async () => {
    const world = openScript();
    const { script, clock, synced, state } = world;
    const startedAt = iso(clock.now());
    expect(await readOnePage(world, 'initial')).toEqual({
      outcome: 'later',
      reason: 'time is up',
      from: clock.now(),
    });
    expect(await state()).toMatchObject({
      underWay: { kind: 'initial', startedAt, phase: 'pages', place: '2', rows: 2, people: 2, pages: 1 },
      notBefore: iso(clock.now()),
    });
    script.asked.length = 0;
    clock.advance(MINUTE_MS);
    expect(await synced('initial')).toMatchObject({ startedAt, rows: 5, counts: { new: 5 } });
    expect(script.asked).toEqual(['list 2', 'list 4']);
    expect(await state()).not.toHaveProperty('underWay');
    expect(await state()).not.toHaveProperty('notBefore');
    // A part of the list is no shorter list.
    expect((await state()).complete).toEqual({ at: startedAt, rows: 5, number: 1 });
  });

  it('counts the calls of all its parts', async () => {
    const world = openScript({
      listing: {
        list: async (context, place) => {
          await context.call({ method: 'GET', url: 'https://idp.example/', headers: {} }).catch(() => {});
          return place === undefined ? { rows: [row(1)], next: '2' } : { rows: [row(2)] };
        },
      },
    });
    await readOnePage(world, 'initial');
    expect((await world.synced('initial')).calls).toBe(world.calls.length);
  });

  it('goes on behind the last page that was kept when its function died', async () => {
    const { script, sync, synced } = openScript();
    const died = new Error('the machine stops');
    const onPage = async ({ pages }: { readonly pages: number }) => {
      if (pages === 2) throw died;
    };
    await expect(sync('initial', { onPage })).rejects.toBe(died);
    script.asked.length = 0;
    expect(await synced('initial')).toMatchObject({ rows: 5, counts: { new: 3, unchanged: 2 } });
    expect(script.asked).toEqual(['list 2', 'list 4']);
  });

  it('is begun anew where another kind of reading was under way', async () => {
    const world = await opened();
    await readOnePage(world, 'full');
    const { script, synced, clock } = world;
    script.asked.length = 0;
    clock.advance(MINUTE_MS);
    expect(await synced('initial')).toMatchObject({ startedAt: iso(clock.now()), rows: 5 });
    expect(script.asked[0]).toBe('list first');
  });

  it('tells after each page how far it is', async () => {
    const told: unknown[] = [];
    const { synced, script } = openScript();
    script.page = { total: 5 };
    await synced('initial', {
      onPage: async ({ rows, pages, total }) => void told.push([rows, pages, total]),
    });
    expect(told).toEqual([
      [2, 1, 5],
      [4, 2, 5],
      [5, 3, 5],
    ]);
  });
});

describe('a list that is read to its end', () => {
  it.each<[string, readonly Row[], number, number]>([
    ['people, each once', [row(1), row(2), row(1), row(3)], 4, 3],
    [
      'people who changed or are nobody',
      [
        { is: 'changed', id: '1' },
        { is: 'unusable', id: '2', reason: 'x' },
      ],
      2,
      2,
    ],
    ['rows without a name, each', [nameless, nameless, nameless], 3, 3],
    [
      'nobody of whom only the log tells',
      [row(1), { is: 'event', item: { kind: 'ignored', type: 'x' } }],
      2,
      1,
    ],
    ['nobody who is gone', [row(1), { is: 'gone', id: '2', how: 'deleted' }], 2, 1],
  ])('counts %s', async (_, rows, read, people) => {
    const { synced, script, state } = openScript();
    script.rows = rows;
    script.byId.set('1', found(1));
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', rows: read });
    expect((await state()).complete?.rows).toBe(people);
  });

  it.each([
    [
      'its provider says there are more',
      { total: 6 },
      'the list has 5 people, and its provider says there are 6',
    ],
    [
      'its provider gives no more',
      { isCut: true },
      'the provider gives no more than 5 people, although there are more',
    ],
  ] as const)('is incomplete where %s', async (_, page, reason) => {
    const world = await opened();
    world.script.page = page;
    world.script.rows = world.script.rows.slice(0, 5);
    expect(await world.synced('full')).toMatchObject({ outcome: 'incomplete', reason, rows: 5 });
    expect((await world.state()).complete?.number).toBe(1);
  });

  it('is incomplete in parts where its provider said at first that there are more', async () => {
    const world = await opened();
    world.script.page = { total: 6 };
    await readOnePage(world, 'full');
    world.script.page = {};
    expect(await world.synced('full')).toMatchObject({ outcome: 'incomplete' });
  });

  it('is complete with as many as its provider said at first, while people come', async () => {
    const totals = [5, 6, 7];
    const world = await opened({
      listing: {
        list: async (_, place) => {
          const number = Number(place ?? 1);
          const rows = number === 3 ? [row(5)] : [row(2 * number - 1), row(2 * number)];
          return { rows, total: totals[number - 1], next: number < 3 ? String(number + 1) : undefined };
        },
      },
    });
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', rows: 5 });
  });

  it('is incomplete in parts where one of them was cut', async () => {
    const world = await opened();
    world.script.page = { isCut: true };
    await readOnePage(world, 'full');
    world.script.page = {};
    expect(await world.synced('full')).toMatchObject({ outcome: 'incomplete' });
  });

  it('is compared with the last complete one, and an operator may take a shorter one', async () => {
    const world = await opened({ people: 10, source: { sync: { expectAtLeast: 50 } } });
    const { script, synced, clock, state } = world;
    const [rows, half] = [script.rows, script.rows.slice(0, 4)];
    script.rows = half;
    expect((await synced('full')).reason).toBe(
      'the list has 4 people, and the last complete one had 10: less than 50 % of them',
    );
    expect(await synced('full', { accept: 5 })).toMatchObject({ outcome: 'incomplete' });
    script.rows = rows.slice(0, 5);
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ outcome: 'complete' });
    script.rows = rows.slice(0, 2);
    expect(await synced('full', { accept: 2 })).toMatchObject({ outcome: 'complete' });
    expect((await state()).complete).toMatchObject({ rows: 2, number: 3, at: iso(clock.now()) });
  });

  it('is as long as an operator has accepted, in all its parts', async () => {
    const world = await opened({ people: 10 });
    world.script.rows = world.script.rows.slice(0, 4);
    await world.sync('full', {
      accept: 4,
      until: world.clock.now() + 20_000,
      onPage: async () => void world.clock.advance(15_000),
    });
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete' });
  });

  it('of some people says nothing of how many there are', async () => {
    const world = await opened({ listing: { isOfSome: () => true } });
    world.script.rows = [row(1)];
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', rows: 1 });
    expect(await world.inService()).toEqual(all(5));
  });

  it('is measured by what no event had said, where everybody is read', async () => {
    const { synced, script, numbers, clock } = await opened();
    script.changed = [row(1, { title: 'Lead' })];
    await synced('delta');
    expect(numbers.of('SyncDrift')).toEqual({});
    script.rows = [
      row(1, { title: 'Lead' }),
      row(2, { title: 'Lead' }),
      row(3),
      row(4, { active: false }),
      row(5),
      row(6),
    ];
    clock.advance(MINUTE_MS);
    await synced('full');
    expect(numbers.of('SyncDrift')).toEqual({ new: 1, changed: 1, gone: 1 });
  });
});

describe('a reading of what changed', () => {
  it('goes on from where the one before ended', async () => {
    const world = await opened();
    const { script, synced, state, everybody, clock } = world;
    script.changed = [row(2, { title: 'Lead' }), row(6)];
    expect(await synced('delta')).toMatchObject({ outcome: 'complete', counts: { changed: 1, new: 1 } });
    expect((await state()).cursor).toMatchObject({ value: 'after begun', at: iso(clock.now()) });
    await synced('delta');
    expect(script.asked).toEqual(['changes begun', 'changes after begun']);
    expect((await state()).complete).toMatchObject({ number: 1, rows: 5 });
    // Before those of a back-fill.
    const six = (await everybody()).find(({ person }) => person.userName === mail(6));
    expect(six?.priority).toBe(0);
  });

  it('says nothing of those who are not in it, however few', async () => {
    const { synced, inService } = await opened();
    expect(await synced('delta')).toMatchObject({ outcome: 'complete', counts: {} });
    expect(await inService()).toEqual(all(5));
  });

  it('goes on behind the page that was applied', async () => {
    const world = await opened({
      listing: {
        changes: async (_, place) =>
          place === 'begun'
            ? { rows: [row(1, { title: 'A' })], next: 'p2' }
            : { rows: [row(2, { title: place })], cursor: 'c2' },
      },
    });
    expect((await readOnePage(world, 'delta')).outcome).toBe('later');
    expect(await world.synced('delta')).toMatchObject({ rows: 2, counts: { changed: 2 } });
    expect((await world.person(mail(2)))?.person.title).toBe('p2');
    expect((await world.state()).cursor?.value).toBe('c2');
  });

  it.each<[string, Partial<Listing>]>([
    ['the provider does not tell', { changes: undefined } as unknown as Partial<Listing>],
    ['it is not known since when', { begin: () => undefined }],
  ])('is one of everybody where %s', async (_, listing) => {
    const { sync } = await opened({ listing });
    const end = await sync('delta');
    expect(end).toEqual({ outcome: 'cursor-lost', reason: 'where changes go on is not known' });
    expect(reasonOf(end as Exclude<ReadingEnd, { outcome: 'done' }>)).toBe(
      'where changes go on is not known',
    );
  });

  it('goes on from a place as long as the provider keeps it, and no longer', async () => {
    const { sync, synced, clock, state, script } = await opened({ listing: { cursorLifeMs: 2 * HOUR_MS } });
    clock.advance(HOUR_MS);
    await synced('delta');
    clock.advance(2 * HOUR_MS + 1);
    script.asked.length = 0;
    expect(await sync('delta')).toEqual({ outcome: 'cursor-lost', reason: 'the cursor is too old' });
    expect(script.asked).toEqual([]);
    expect(await state()).not.toHaveProperty('cursor');
    expect((await state()).lostAt).toBe(iso(clock.now()));
  });

  it('is not begun from a place of another configuration', async () => {
    const { sync, configure } = await opened();
    configure({ preset: 'workos', fetch: { directory: 'another' }, sync: {} });
    expect(await sync('delta')).toEqual({
      outcome: 'cursor-lost',
      reason: 'the cursor is of another tenant or configuration',
    });
  });

  it('is given up where the provider has forgotten the place, and nothing of it is left', async () => {
    const world = await opened();
    world.script.errors.push(new CursorLost('it is gone'));
    expect(await world.sync('delta')).toEqual({ outcome: 'cursor-lost', reason: 'it is gone' });
    expect(await world.state()).not.toHaveProperty('underWay');
    expect(await world.state()).not.toHaveProperty('failures');
  });
});

describe('where changes go on', () => {
  it('is not asked for by a reading of everybody where it is known, and stays', async () => {
    let begun = 0;
    const begin = () => {
      begun += 1;
      return `begun ${begun}`;
    };
    const { synced, state, configure } = await opened({ listing: { begin } });
    await synced('full');
    expect(begun).toBe(1);
    expect((await state()).cursor?.value).toBe('begun 1');
    configure({ preset: 'workos', fetch: { directory: 'another' }, sync: {} });
    await synced('full');
    expect(begun).toBe(2);
    expect((await state()).cursor?.value).toBe('begun 2');
  });

  it('is what the last page of a list says, where nothing else did', async () => {
    const { synced, state, script } = openScript({
      listing: { begin: undefined } as unknown as Partial<Listing>,
    });
    script.page = { cursor: 'from the list' };
    await synced('initial');
    expect((await state()).cursor?.value).toBe('from the list');
    script.page = { cursor: 'another' };
    await synced('full');
    expect((await state()).cursor?.value).toBe('from the list');
  });

  it('is where the list began, and not where one of its later parts did', async () => {
    let begun = 0;
    const world = openScript({ listing: { begin: async () => `begun ${++begun}` } });
    await readOnePage(world, 'initial');
    await world.synced('initial');
    expect(begun).toBe(1);
    expect((await world.state()).cursor?.value).toBe('begun 1');
  });
});

describe('a provider in trouble', () => {
  it('is asked four times, a second, five and twenty later', async () => {
    const { script, synced, clock } = openScript();
    script.errors.push(...Array.from({ length: 3 }, () => new FetchError('answered 500', { status: 500 })));
    const before = clock.now();
    expect(await synced('initial')).toMatchObject({ outcome: 'complete' });
    expect(clock.now() - before).toBe(26_000);
  });

  const fail = ({ script }: ScriptedWorld, error = new FetchError('answered 500', { status: 500 })) => {
    script.errors.length = 0;
    script.errors.push(error, error, error, error);
  };

  it('is left alone for a quarter of an hour, then longer, and begun anew the third time', async () => {
    const world = await opened();
    const { sync, state, clock, script, numbers } = world;
    await readOnePage(world, 'full');
    for (const [failures, minutes] of [
      [1, 15],
      [2, 30],
    ] as const) {
      fail(world);
      const end = await sync('full');
      const from = clock.now() + minutes * MINUTE_MS;
      expect(end).toEqual({ outcome: 'later', reason: 'answered 500', from });
      expect(await state()).toMatchObject({
        failures,
        problem: { at: iso(clock.now()), reason: 'answered 500' },
        notBefore: iso(from),
        underWay: { kind: 'full', place: '2', people: 2 },
      });
      expect(numbers.of('SyncFailed')).toEqual({});
    }
    fail(world);
    expect(await world.synced('full')).toMatchObject({ outcome: 'incomplete', reason: 'answered 500' });
    expect(numbers.of('SyncFailed')).toEqual({ full: 1 });
    expect(await state()).not.toHaveProperty('underWay');
    expect((await state()).notBefore).toBe(iso(clock.now() + HOUR_MS));
    script.errors.length = 0;
    script.asked.length = 0;
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete' });
    expect(script.asked[0]).toBe('list first');
    for (const gone of ['failures', 'problem', 'notBefore']) expect(await state()).not.toHaveProperty(gone);
  });

  it('is left alone for six hours at most', async () => {
    const world = openScript();
    for (let times = 0; times < 8; times += 1) {
      fail(world);
      await world.sync('initial');
    }
    expect((await world.state()).failures).toBe(8);
    expect((await world.state()).notBefore).toBe(iso(world.clock.now() + 6 * HOUR_MS));
  });

  it.each([
    ['what is refused for good', new FetchError('answered 403', { status: 403, isPermanent: true })],
    ['what asking again does not change', new FetchError('answered 400', { status: 400 })],
  ])('%s is asked for once, and begun anew', async (_, error) => {
    const world = await opened();
    world.script.errors.push(error);
    const finished = await world.synced('full');
    expect(finished).toMatchObject({ outcome: 'incomplete', reason: error.message, rows: 0 });
    expect(world.script.asked).toEqual(['list first']);
    expect(await world.state()).toMatchObject({
      full: finished,
      failures: 1,
      initial: { outcome: 'complete' },
    });
    expect(await world.inService()).toEqual(all(5));
  });

  it.each([
    [401, 'answered 401; the credentials (people.fetch) need users:read'],
    [403, 'answered 403; the credentials (people.fetch) need users:read'],
    [404, 'answered 404'],
  ])('says what the credentials need where they are refused: %s', async (status, reason) => {
    const { script, synced } = openScript({ listing: { needs: 'users:read' } });
    script.errors.push(new FetchError(`answered ${status}`, { status, isPermanent: true }));
    expect((await synced('initial')).reason).toBe(reason);
  });

  it('says no more than it knows of what the credentials need', async () => {
    const { script, synced } = openScript();
    script.errors.push(new FetchError('answered 403', { status: 403, isPermanent: true }));
    expect((await synced('initial')).reason).toBe('answered 403');
  });

  it('leaves ten seconds for the end of a reading', async () => {
    const { script, clock, sync } = openScript();
    script.errors.push(new FetchError('answered 429', { status: 429, retryAfterMs: 50_000 }));
    expect((await sync('initial', { until: clock.now() + 60_000 })).outcome).toBe('later');
  });

  it('that has to be waited for loses the source to no other function meanwhile', async () => {
    const { script, clock, services, synced } = openScript();
    script.errors.push(new FetchError('answered 429', { status: 429, retryAfterMs: 10 * MINUTE_MS }));
    const sleep = clock.sleep.bind(clock);
    const others: unknown[] = [];
    clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      others.push(await holdState(services, 'demo', 'people'));
    };
    expect((await synced('initial')).outcome).toBe('complete');
    expect(others.length).toBeGreaterThan(10);
    expect(others.every((each) => each === undefined)).toBe(true);
  });

  it('has the call counted that it refused', async () => {
    const { synced, calls } = openScript({
      listing: {
        list: async (context) => {
          await context.call({ method: 'GET', url: 'https://idp.example/', headers: {} }).catch(() => {});
          throw new FetchError('answered 400', { status: 400 });
        },
      },
    });
    expect(await synced('initial')).toMatchObject({ outcome: 'incomplete', calls: 1 });
    expect(calls).toHaveLength(1);
  });

  it('that wants a longer pause than there is time is asked again then', async () => {
    const world = openScript();
    const { script, clock, sync, state } = world;
    script.errors.push(new FetchError('answered 429', { status: 429, retryAfterMs: 10 * MINUTE_MS }));
    const from = clock.now() + 10 * MINUTE_MS;
    expect(await sync('initial', { until: clock.now() + 5 * MINUTE_MS })).toEqual({
      outcome: 'later',
      reason: 'answered 429',
      from,
    });
    expect(await state()).toMatchObject({ notBefore: iso(from) });
    expect(await state()).not.toHaveProperty('failures');
  });

  it.each<[string, Partial<Listing>]>([
    [
      'with a place that it had',
      { list: async (_, place) => ({ rows: [row(Number(place ?? 0))], next: place === '1' ? '2' : '1' }) },
    ],
    ['with other places', { list: async (_, place) => ({ rows: [row(1)], next: `${place ?? ''}x` }) }],
  ])('that gives the same page again %s is not read for ever', async (_, listing) => {
    const { sync } = openScript({ listing });
    expect(await sync('initial')).toMatchObject({
      outcome: 'later',
      reason: 'the provider gives the same page again',
    });
  });

  it('may give one page without people after another', async () => {
    const list: Listing['list'] = async (_, place = '') => ({
      rows: place === 'xx' ? [row(1)] : [],
      next: place === 'xx' ? undefined : `${place}x`,
    });
    const { synced } = openScript({ listing: { list } });
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', rows: 1 });
  });

  it('whose fault is our own ends the reading, and lets others go on with it', async () => {
    const world = openScript();
    const own = new Error('our own');
    world.script.errors.push(own);
    await expect(world.sync('initial')).rejects.toBe(own);
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete' });
  });

  it('with one person is a matter of the whole page, which is read again', async () => {
    const world = openScript({ people: 2 });
    world.script.rows = [row(1), { is: 'changed', id: '2' }];
    world.script.byId.set('2', new FetchError('answered 400', { status: 400 }));
    expect(await world.synced('initial')).toMatchObject({
      outcome: 'incomplete',
      reason: 'answered 400',
      rows: 0,
    });
    world.script.byId.set('2', found(2));
    expect(await world.synced('initial')).toMatchObject({ counts: { unchanged: 1, new: 1 } });
  });
});

describe('a source that another function reads', () => {
  it('is left to it', async () => {
    const { services, sync, script } = openScript();
    const held = await holdState(services, 'demo', 'people');
    const end = await sync('initial');
    expect(end).toEqual({ outcome: 'busy' });
    expect(reasonOf({ outcome: 'busy' })).toBe('another function reads the source now');
    expect(script.asked).toEqual([]);
    await held?.release();
    expect((await sync('initial')).outcome).toBe('done');
  });

  it('since this one stood still is left to it, and nothing is written over', async () => {
    const { services, sync, clock, state } = openScript();
    let stolen: Awaited<ReturnType<typeof holdState>>;
    const end = await sync('initial', {
      onPage: async () => {
        clock.advance(4 * MINUTE_MS);
        stolen = await holdState(services, 'demo', 'people');
      },
    });
    expect(end).toEqual({ outcome: 'busy' });
    expect(stolen).toBeDefined();
    expect((await state()).lease).toEqual(stolen?.state().lease);
  });
});

describe('who is missing from a list', () => {
  const without = async (missing: readonly number[], ...given: Parameters<typeof openScript>) => {
    const world = await opened({ people: 10, ...given[0] });
    world.script.rows = world.script.rows.filter(
      ({ id }: Row & { id?: string }) => !missing.includes(Number(id)),
    );
    world.clock.advance(DAY_MS);
    return world;
  };

  it('is looked at, and leaves where the provider does not know the person', async () => {
    const world = await without([3]);
    const { script, synced, inService, state } = world;
    const finished = await synced('full');
    expect(finished).toMatchObject({ counts: { unchanged: 9, gone: 1 } });
    expect(finished).not.toHaveProperty('spares');
    expect(script.asked.at(-1)).toBe('3');
    expect(await inService()).toEqual(
      all(10)
        .filter((name) => name !== mail(3))
        .toSorted(),
    );
    expect(await state()).not.toHaveProperty('underWay');
  });

  it.each<[string, Parameters<typeof openScript>[0]]>([
    ['where the configuration says so', { source: { sync: { onAbsence: 'ignore' } } }],
    ['where the facts of the provider are not confirmed', { listing: { tellsAbsence: false } }],
    ['where the list is of some people', { listing: { isOfSome: () => true } }],
  ])('is nobody to be looked at %s', async (_, given) => {
    const world = await without([3], given);
    const finished = await world.synced('full');
    expect(finished).toMatchObject({ outcome: 'complete', counts: { unchanged: 9 } });
    expect(finished).not.toHaveProperty('spares');
    expect(world.script.asked).not.toContain('3');
    expect((await world.inService()).length).toBe(10);
  });

  it('is nobody for a first reading, or one that was never complete before', async () => {
    const world = await without([3]);
    await world.synced('initial');
    expect(world.script.asked).not.toContain('3');
    const first = openScript();
    first.script.page = { total: 6 };
    expect(await first.synced('initial')).toMatchObject({ outcome: 'incomplete', counts: { new: 5 } });
    first.script.page = {};
    first.script.rows = first.script.rows.slice(1);
    expect(await first.synced('full')).toMatchObject({ outcome: 'complete' });
    expect(first.script.asked).not.toContain('1');
  });

  it('stays where a row of the list is of nobody who can be told', async () => {
    const world = await without([3]);
    world.script.rows = [...world.script.rows, nameless];
    const finished = await world.synced('full');
    expect(finished.spares).toBe('a row without an id may be of any person who is missing');
    expect(world.script.asked).not.toContain('3');
    expect((await world.state()).full?.spares).toBe(finished.spares);
  });

  it('is spared by no such row where nobody could leave by being missing', async () => {
    const world = await without([3], { listing: { tellsAbsence: false } });
    world.script.rows = [...world.script.rows, nameless];
    expect(await world.synced('full')).not.toHaveProperty('spares');
  });

  it('stays where such a row was in an earlier part of the list', async () => {
    const world = await without([3]);
    world.script.rows = [nameless, ...world.script.rows];
    await readOnePage(world, 'full');
    expect((await world.synced('full')).spares).toBeDefined();
    expect((await world.inService()).length).toBe(10);
  });

  it('is told by another edition, and not by one that is read again', async () => {
    const world = await without([3]);
    world.script.page = { edition: 'monday' };
    // The first reading knew of no edition.
    expect(await world.synced('full')).toMatchObject({ counts: { gone: 1 } });
    world.script.rows = world.script.rows.slice(1);
    const before = (await world.state()).complete;
    expect(before).toMatchObject({ number: 2, edition: 'monday' });
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 8 } });
    expect((await world.state()).complete).toEqual(before);
    world.script.page = { edition: 'tuesday' };
    expect(await world.synced('full')).toMatchObject({ counts: { unchanged: 8, gone: 1 } });
    expect((await world.state()).complete).toMatchObject({ number: 3, edition: 'tuesday' });
  });

  it('is none who was seen in an earlier part of the reading', async () => {
    const world = await without([3]);
    await readOnePage(world, 'full');
    await readOnePage(world, 'full');
    expect(await world.synced('full')).toMatchObject({ rows: 9, counts: { unchanged: 9, gone: 1 } });
  });

  it('is not told by a reading of which it is forgotten whom it had seen: it begins anew', async () => {
    const world = await without([3]);
    await readOnePage(world, 'full');
    await world.directory.eraseDocument('demo', 'sync:people:ids:0');
    world.script.asked.length = 0;
    expect(await world.synced('full')).toMatchObject({ rows: 9, counts: { unchanged: 9, gone: 1 } });
    expect(world.script.asked[0]).toBe('list first');
  });

  it('is looked at later where the time is over, and the list is not read again', async () => {
    const world = await without([3, 4]);
    const { script, clock, sync, synced, state } = world;
    script.byId.set('3', found(3));
    script.byId.set('4', found(4));
    const until = clock.now() + 30_000;
    const end = await sync('full', {
      until,
      onPage: async ({ pages }) => void (pages === 4 && clock.advance(25_000)),
    });
    expect(end).toMatchObject({ outcome: 'later', reason: 'time is up' });
    expect((await state()).underWay).toMatchObject({ phase: 'absence', rows: 8 });
    script.asked.length = 0;
    expect(await synced('full')).toMatchObject({ rows: 8, counts: { unchanged: 8, kept: 2 } });
    expect(script.asked).toEqual(['3', '4']);
  });

  it('was in service: of others there is nothing to look at', async () => {
    const world = await opened();
    world.script.rows = [row(1), row(2), row(3), row(4), row(5, { active: false })];
    await world.synced('full');
    world.clock.advance(DAY_MS);
    world.script.rows = world.script.rows.slice(0, 4);
    world.script.asked.length = 0;
    expect(await world.synced('full')).toMatchObject({ counts: { unchanged: 4 } });
    expect(world.script.asked).not.toContain('5');
  });
});
