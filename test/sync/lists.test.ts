import { describe, expect, it } from 'vitest';
import type { Item, PersonEvent } from '../../functions/events/event.ts';
import type { FetchContext } from '../../functions/sources/fetcher.ts';
import { type ListFacts, whyIncomplete } from '../../functions/sources/sync/complete.ts';
import { cursorOwner } from '../../functions/sources/sync/cursor.ts';
import { CursorLost, cursorRefused, type Row } from '../../functions/sources/sync/listing.ts';
import { finishedOf, noted } from '../../functions/sources/sync/progress.ts';
import { idOf, inGroups, isNameless, signOf } from '../../functions/sources/sync/row-groups.ts';
import type { RowResult } from '../../functions/sources/sync/rows.ts';
import { syncSettingsOf } from '../../functions/sources/sync/settings.ts';
import { changesSince } from '../../functions/sources/sync/since.ts';
import type { UnderWay } from '../../functions/sources/sync/state.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';

const NOW = Date.parse('2027-03-01T12:00:00Z');

describe('a list', () => {
  const facts = (given: Partial<ListFacts>): ListFacts => ({
    rows: 100,
    totals: [],
    isCut: false,
    before: undefined,
    expectAtLeast: 70,
    accept: undefined,
    ...given,
  });

  it.each<[string, Partial<ListFacts>]>([
    ['the first one', { rows: 0 }],
    ['70 % of the last complete one', { rows: 70, before: 100 }],
    ['more than the last complete one', { before: 10 }],
    ['as many as its provider says', { totals: [100, 100] }],
    ['as many as its provider said at one time, while people came', { totals: [100, 130] }],
    ['as many as its provider said at one time, while people left', { totals: [130, 100] }],
    ['as many as an operator accepts, however many there were', { rows: 10, before: 100, accept: 10 }],
    ['as many as are expected', { rows: 1, before: 100, expectAtLeast: 1 }],
  ])('is complete: %s', (_, given) => {
    expect(whyIncomplete(facts(given))).toBeUndefined();
  });

  it.each<[Partial<ListFacts>, string]>([
    [
      { rows: 69, before: 100 },
      'the list has 69 people, and the last complete one had 100: less than 70 % of them',
    ],
    // 70 % of 101 people are 70.7 people.
    [
      { rows: 70, before: 101 },
      'the list has 70 people, and the last complete one had 101: less than 70 % of them',
    ],
    [{ totals: [101, 102] }, 'the list has 100 people, and its provider says there are 101'],
    [{ totals: [101], accept: 10 }, 'the list has 100 people, and its provider says there are 101'],
    [{ rows: 9, accept: 10 }, 'the list has 9 people, and 10 were accepted'],
    [{ isCut: true, accept: 1 }, 'the provider gives no more than 100 people, although there are more'],
  ])('is not complete: %j', (given, reason) => {
    expect(whyIncomplete(facts(given))).toBe(reason);
  });
});

describe('how a source is read', () => {
  const settingsOf = (sync: object) =>
    syncSettingsOf(sourceSchema.parse({ preset: 'workos', fetch: { directory: 'd' }, sync }));

  it('is every quarter of an hour and every day, with 70 % of the people, where nothing is said', () => {
    expect(settingsOf({})).toEqual({
      deltaMs: 15 * 60_000,
      fullMs: 24 * 3_600_000,
      expectAtLeast: 70,
      onAbsence: 'leave',
    });
    expect(syncSettingsOf({})).toEqual(settingsOf({}));
  });

  it('is as the configuration says', () => {
    expect(settingsOf({ delta: '5m', full: '12h', expectAtLeast: 90, onAbsence: 'ignore' })).toEqual({
      deltaMs: 5 * 60_000,
      fullMs: 12 * 3_600_000,
      expectAtLeast: 90,
      onAbsence: 'ignore',
    });
  });
});

describe('what a reading has come to', () => {
  const begun: UnderWay = {
    kind: 'full',
    startedAt: '2027-03-01T11:00:00.000Z',
    phase: 'pages',
    rows: 0,
    people: 0,
    pages: 0,
    calls: 3,
    counts: {},
    findings: [],
    chunks: 0,
  };

  it('counts each row, and names those that an operator should look at', () => {
    const results: [string, RowResult][] = [
      ['1', { verdict: 'new' }],
      ['2', { verdict: 'new' }],
      ['3', { verdict: 'ambiguous', reason: 'two' }],
      ['4', { verdict: 'unmatched', reason: 'none' }],
      ['5', { verdict: 'unusable', reason: 'a guest' }],
      ['6', { verdict: 'kept' }],
      ['7', { verdict: 'gone', reason: 'left' }],
    ];
    const after = noted({ ...begun, counts: { new: 1, linked: 4 } }, results);
    expect(after.counts).toEqual({
      new: 3,
      linked: 4,
      ambiguous: 1,
      unmatched: 1,
      unusable: 1,
      kept: 1,
      gone: 1,
    });
    expect(after.findings).toEqual([
      { what: 'ambiguous', id: '3', reason: 'two' },
      { what: 'unmatched', id: '4', reason: 'none' },
      { what: 'unusable', id: '5', reason: 'a guest' },
      { what: 'kept', id: '6', reason: '' },
    ]);
    expect(after).toMatchObject({ kind: 'full', calls: 3 });
  });

  it('names two hundred rows at most, and counts the rest', () => {
    const results = Array.from({ length: 150 }, (_, each): [string, RowResult] => [
      String(each),
      { verdict: 'unusable', reason: 'a guest' },
    ]);
    const after = noted(noted(begun, results), results);
    expect(after.findings).toHaveLength(200);
    expect(after.counts).toEqual({ unusable: 300 });
  });

  it('is complete without a reason, and else incomplete with it', () => {
    const underWay = { ...begun, rows: 7, counts: { new: 7 } };
    const finished = {
      startedAt: begun.startedAt,
      finishedAt: '2027-03-01T12:00:00.000Z',
      rows: 7,
      calls: 3,
      counts: { new: 7 },
      findings: [],
    };
    expect(finishedOf(underWay, NOW, undefined)).toEqual({ ...finished, outcome: 'complete' });
    expect(finishedOf({ ...underWay, spares: 'a row' }, NOW, 'too few')).toEqual({
      ...finished,
      outcome: 'incomplete',
      reason: 'too few',
      spares: 'a row',
    });
  });
});

/** Rows as a provider's list has them. */
const person = (id: string, email?: string): Row => ({
  is: 'person',
  id,
  found: {
    outcome: 'found',
    person: email === undefined ? {} : { emails: [{ value: email, primary: true }] },
  },
});
const changed = (id: string): Row => ({ is: 'changed', id });
const event = (id: string | undefined, key?: string): Row => {
  const told = { kind: 'suspend', type: 'x', subject: id === undefined ? {} : { id }, completeness: 'full' };
  return {
    is: 'event',
    item: { kind: 'event', event: { ...told, ...(key === undefined ? {} : { key }) } as PersonEvent },
  };
};
const ignored: Row = { is: 'event', item: { kind: 'ignored', type: 'x' } as Item };

describe('rows of a page', () => {
  it('are applied side by side where they are about others', () => {
    const rows = [
      person('1', 'a@acme.test'),
      person('2', 'b@acme.test'),
      person('3'),
      person('4'),
      changed('5'),
    ];
    expect(inGroups(rows)).toEqual(rows.map((row) => [row]));
  });

  it('are applied one after the other where they may be about one person', () => {
    const [a, b, c] = [person('1', 'a@acme.test'), person('2', 'A@Acme.test'), event('2')];
    const other = person('3', 'b@acme.test');
    expect(inGroups([a, other, b, c])).toEqual([[a, b, c], [other]]);
  });

  it('of one id count once, as they come last; events count each', () => {
    const [first, last] = [person('1', 'a@acme.test'), changed('1')];
    expect(inGroups([first, last])).toEqual([[last]]);
    const [out, back] = [event('1', 'k1'), event('1', 'k2')];
    expect(inGroups([out, back])).toEqual([[out, back]]);
    expect(inGroups([first, out, last])).toEqual([[out, last]]);
    expect(inGroups([out, first, back])).toEqual([[out, first, back]]);
  });

  it('are about the person whose id they have', () => {
    expect([person('1'), changed('2'), event('3'), event(undefined), ignored].map(idOf)).toEqual([
      '1',
      '2',
      '3',
      '',
      '',
    ]);
  });

  it('are nameless only where it can not be told whose they are', () => {
    const unusable: Row = { is: 'unusable', id: 'row 1', reason: 'it is null' };
    expect([person('1'), event('1'), unusable].map(isNameless)).toEqual([false, false, false]);
    expect(isNameless({ ...unusable, isNameless: true })).toBe(true);
  });
});

describe('a page', () => {
  it('is told from others by its people, or by the keys of its events', () => {
    expect(signOf([person('1'), changed('2')])).toBe(signOf([changed('1'), person('2')]));
    expect(signOf([person('1')])).not.toBe(signOf([person('2')]));
    expect(signOf([person('1'), person('2')])).not.toBe(signOf([person('2'), person('1')]));
    expect(signOf([event('1', 'k1')])).not.toBe(signOf([event('1', 'k2')]));
    expect(signOf([event('1', 'k')])).toBe(signOf([event('2', 'k')]));
  });

  it.each([
    ['without rows', []],
    ['with an event without a key', [person('1'), event('1')]],
    ['with an event that was ignored', [person('1'), ignored]],
  ])('%s is told from none', (_, rows) => {
    expect(signOf(rows)).toBeUndefined();
  });
});

describe('changes that are asked for by their time', () => {
  const contextAt = (now: number) => ({ now: () => now }) as FetchContext;
  const pages: { since: string; cursor: string | undefined }[] = [];
  const { begin, changes } = changesSince('Acme', async (_, since, cursor) => {
    pages.push({ since, cursor });
    return { rows: [], next: cursor === undefined ? 'page 2' : undefined };
  });

  it('go on two minutes before the last reading of them began, page by page', async () => {
    const first = await begin(contextAt(NOW));
    const later = NOW + 900_000;
    const one = await changes(contextAt(later), first ?? '');
    expect(one).toEqual({ rows: [], next: expect.any(String) });
    // The next page is asked for a while later.
    const two = await changes(contextAt(later + 60_000), one.next ?? '');
    expect(two).toEqual({ rows: [], cursor: expect.any(String) });
    await changes(contextAt(later + 900_000), two.cursor ?? '');
    expect(pages).toEqual([
      { since: '2027-03-01T11:58:00.000Z', cursor: undefined },
      { since: '2027-03-01T11:58:00.000Z', cursor: 'page 2' },
      { since: '2027-03-01T12:13:00.000Z', cursor: undefined },
    ]);
  });

  it.each(['', 'page 2', 'null', '{}', '{"since":"yesterday"}', '{"since":null}'])(
    'go on nowhere from a place that is none: %s',
    async (place) => {
      const lost = changes(contextAt(NOW), place);
      await expect(lost).rejects.toThrow(new CursorLost('the cursor is not one of Acme'));
    },
  );
});

describe('where changes go on', () => {
  const source = (given: object = {}, tenant = 'demo', name = 'people') => ({
    tenant,
    name,
    settings: sourceSchema.parse({
      preset: 'okta-event-hook',
      fetch: { domain: 'a.okta.com' },
      sync: {},
      ...given,
    }),
  });

  it('is of one tenant, source, provider, address and scope', () => {
    const owners = [
      source(),
      source({}, 'other'),
      source({}, 'demo', 'others'),
      source({ preset: 'auth0' }),
      source({ fetch: { domain: 'b.okta.com' } }),
      source({ scope: { application: 'Contact Centre' } }),
    ].map(cursorOwner);
    expect(new Set(owners).size).toBe(owners.length);
    expect(cursorOwner(source())).toBe(owners[0]);
    expect(cursorOwner(source({ sync: { delta: '5m' }, onLock: 'suspend' }))).toBe(owners[0]);
  });

  it('is lost with the words of the provider where it refuses the place', () => {
    const lost = cursorRefused(new Error('api.example answered 410'));
    expect(lost).toMatchObject({ name: 'CursorLost', isUsual: false });
    expect(lost.message).toBe(
      'the provider no longer knows where changes were to go on (api.example answered 410)',
    );
    expect(new CursorLost('there is another file', { isUsual: true }).isUsual).toBe(true);
  });
});
