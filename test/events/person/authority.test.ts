import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { activeAfter, authorityOf, serviceOf, sourceOrderOf } from '../../../functions/events/authority.ts';
import {
  idsOf,
  isHeldOut,
  type Links,
  linkStateOf,
  linksOf,
  sourceStatusOf,
  withLinkState,
} from '../../../functions/events/links.ts';
import { ENTERPRISE_USER } from '../../../functions/scim-core/schema.ts';

const [EARLY, LATE] = ['2026-11-20T08:00:00.000Z', '2026-11-20T20:00:00.000Z'];
const configured = (authority: object | undefined, ...sources: string[]) =>
  ({ authority, sources: Object.fromEntries(sources.map((name) => [name, {}])) }) as never;
const OUT = { out: { since: EARLY } };
const GONE = { out: { since: EARLY, gone: true } } as const;
const LEFT = { unassigned: { since: LATE } };

describe('the order of the sources of an attribute', () => {
  it('is that of who decides service, then SCIM, then as configured', () => {
    expect(sourceOrderOf(configured({ inService: ['hr'] }, 'okta', 'hr', 'it'))).toEqual([
      'hr',
      'scim',
      'okta',
      'it',
    ]);
    expect(sourceOrderOf(configured(undefined, 'okta', 'hr'))).toEqual(['scim', 'okta', 'hr']);
  });

  it('puts first whom the tenant has chosen for it, and last who is not configured', () => {
    const attributes = { department: 'hr', name: 'it', phoneNumbers: 'hr', unheard: 'hr' };
    const { rank } = authorityOf(configured({ attributes }, 'okta', 'hr', 'it'));
    const by = (attribute: string) =>
      ['scim', 'okta', 'hr', 'it', 'former'].toSorted((a, b) => rank(a, attribute) - rank(b, attribute));
    expect(by(`${ENTERPRISE_USER.id}:department`)[0]).toBe('hr');
    expect(by('phoneNumbers')[0]).toBe('hr');
    expect(by('name.givenName')[0]).toBe('it');
    expect(by('nameless')).toEqual(['scim', 'okta', 'hr', 'it', 'former']);
    expect(by('title')).toEqual(['scim', 'okta', 'hr', 'it', 'former']);
    expect(rank('former', 'title')).toBe(rank('other', 'title'));
  });

  it('is made once of a configuration', () => {
    const configuration = configured(undefined, 'hr');
    expect(authorityOf(configuration)).toBe(authorityOf(configuration));
  });
});

describe('a person', () => {
  const all = authorityOf(undefined);

  it('is in service as long as no source that decides it says otherwise', () => {
    expect(serviceOf({ scim: {}, hr: {} }, all)).toEqual({ isOut: false, isDeleted: false, holders: [] });
    expect(serviceOf({ scim: {}, hr: OUT }, all)).toEqual({
      isOut: true,
      isDeleted: false,
      holders: [{ source: 'hr', status: { is: 'out', since: EARLY } }],
    });
    const hrAlone = authorityOf(configured({ inService: ['hr'] }, 'hr', 'okta'));
    expect(serviceOf({ okta: OUT, hr: {} }, hrAlone).isOut).toBe(false);
    expect(serviceOf({ okta: {}, hr: OUT }, hrAlone).isOut).toBe(true);
  });

  it('is deleted by SCIM, or by one source while no other one has the person', () => {
    expect(serviceOf({ scim: GONE, hr: {} }, all).isDeleted).toBe(true);
    expect(serviceOf({ scim: {}, hr: GONE }, all).isDeleted).toBe(false);
    expect(serviceOf({ okta: OUT, hr: GONE }, all).isDeleted).toBe(true);
    expect(serviceOf({ okta: OUT, hr: OUT }, all).isDeleted).toBe(false);
    expect(serviceOf({}, all)).toEqual({ isOut: false, isDeleted: false, holders: [] });
  });

  it.each([
    [true, true, true, false],
    [true, undefined, false, false],
    [false, undefined, true, true],
    [false, undefined, false, undefined],
    [false, false, false, true],
    [false, true, false, true],
  ])('held out: %s, active before: %s, said in: %s → active %s', (isOut, known, isSaidIn, active) => {
    expect(activeAfter({ isOut, isDeleted: false, holders: [] }, known, isSaidIn)).toBe(active);
  });
});

describe('the status of a source with several ids of a person', () => {
  it('is in as long as one of them is, and out since the last one went', () => {
    expect(sourceStatusOf({ id: '1' })).toEqual({ is: 'in' });
    expect(sourceStatusOf({ id: '1', ...OUT, others: { 2: {} } })).toEqual({ is: 'in' });
    expect(sourceStatusOf({ id: '1', ...LEFT, others: { 2: OUT } })).toEqual({ is: 'out', since: LATE });
    expect(sourceStatusOf({ id: '1', ...OUT, others: { 2: LEFT } })).toEqual({ is: 'out', since: LATE });
    expect(sourceStatusOf({ id: '1', ...GONE, others: { 2: OUT } })).toEqual({ is: 'out', since: EARLY });
    expect(sourceStatusOf({ id: '1', ...GONE, others: { 2: GONE } })).toEqual({ is: 'gone', since: EARLY });
    // The account counts before the scope.
    expect(sourceStatusOf({ id: '1', ...OUT, ...LEFT })).toEqual({ is: 'out', since: EARLY });
  });

  it('is told by account and by scope', () => {
    expect([{}, OUT, LEFT, { ...OUT, ...LEFT }].map(isHeldOut)).toEqual([false, true, true, true]);
  });
});

describe('what a source has said under its ids', () => {
  const link = {
    id: '1',
    ...OUT,
    others: { 2: LEFT, 3: { statusAt: LATE } },
    said: { title: 'x' },
    isMaker: true,
  } as const;

  it('is found by the id', () => {
    expect(idsOf(link)).toEqual(['1', '2', '3']);
    expect(idsOf({})).toEqual([]);
    expect(linkStateOf(link, '1')).toEqual(OUT);
    expect(linkStateOf(link, '2')).toEqual(LEFT);
    expect(linkStateOf(link, '4')).toEqual({});
    expect(linkStateOf({ id: '1' }, '4')).toEqual({});
    expect(linkStateOf(undefined, '1')).toEqual({});
    // The first id that a source says is that of what it has said before.
    expect(linkStateOf(OUT, '1')).toEqual(OUT);
  });

  it('without an id is that of the record in service', () => {
    expect(linkStateOf(link, undefined)).toEqual({ statusAt: LATE });
    expect(linkStateOf({ id: '1', statusAt: EARLY, others: { 2: { statusAt: LATE } } }, undefined)).toEqual({
      statusAt: EARLY,
    });
    expect(linkStateOf({ id: '1', ...OUT, others: { 2: LEFT } }, undefined)).toEqual(OUT);
    expect(linkStateOf({ id: '1', ...OUT }, undefined)).toEqual(OUT);
  });

  it('is kept under it, and the rest of the link stays', () => {
    const now = { statusAt: LATE, out: { since: LATE } };
    expect(withLinkState(undefined, '1', now)).toEqual({ id: '1', ...now });
    expect(withLinkState(undefined, undefined, now)).toEqual(now);
    expect(withLinkState(OUT, '1', now)).toEqual({ id: '1', ...now });
    expect(withLinkState(link, '1', now)).toEqual({ ...link, ...now });
    expect(withLinkState(link, '2', now)).toEqual({ ...link, others: { ...link.others, 2: now } });
    expect(withLinkState({ id: '1', ...OUT }, '2', {})).toEqual({ id: '1', ...OUT, others: { 2: {} } });
    // A status that is no more is not kept.
    expect(withLinkState(link, '1', {})).toEqual({
      id: '1',
      others: link.others,
      said: link.said,
      isMaker: true,
    });
    expect(withLinkState(link, undefined, now)).toEqual({ ...link, others: { ...link.others, 3: now } });
  });
});

describe('what version 0.1.0 stored without a source', () => {
  const record = (changes: object): PersonRecord =>
    ({
      source: 'hr',
      createdAt: EARLY,
      updatedAt: LATE,
      person: { userName: 'ada', active: true },
      ...changes,
    }) as PersonRecord;
  const inactive = { userName: 'ada', active: false };
  const scim = { profileAt: EARLY };

  it('is linked to SCIM where no other source made the person', () => {
    expect(linksOf(record({ links: { hr: { id: '1' } } }))).toEqual({ hr: { id: '1' }, scim });
    expect(linksOf(record({}))).toEqual({ scim });
    const made: Links = { hr: { id: '1', isMaker: true } };
    expect(linksOf(record({ links: made }))).toEqual(made);
    const known: Links = { scim: { statusAt: LATE }, hr: { id: '1' } };
    expect(linksOf(record({ links: known }))).toEqual(known);
  });

  it('is out since it was changed, and deleted since it was deleted', () => {
    expect(linksOf(record({ person: inactive })).scim).toEqual({ ...scim, out: { since: LATE } });
    const deletedAt = '2026-11-20T12:00:00.000Z';
    expect(linksOf(record({ deletedAt })).scim).toEqual({ ...scim, out: { since: deletedAt, gone: true } });
  });

  it('is nothing more where a source holds the person already', () => {
    const held: Links = { hr: { id: '1', isMaker: true, others: { 2: LEFT } } };
    expect(linksOf(record({ person: inactive, links: held }))).toEqual(held);
  });

  it('belongs to SCIM, to the only source, or to the one that wrote last', () => {
    const out = { since: LATE };
    const made = { id: '1', isMaker: true } as const;
    const it = { id: '9' };
    const of = (changes: object) => linksOf(record({ person: inactive, ...changes }));
    expect(of({ links: { hr: made, scim: {} } })).toEqual({ hr: made, scim: { out } });
    expect(of({ source: 'scim', links: { hr: made } })).toEqual({ hr: made, scim: { out } });
    expect(of({ source: 'it', links: { hr: made } })).toEqual({ hr: { ...made, out } });
    expect(of({ source: 'it', links: { hr: made, it } })).toEqual({ hr: made, it: { ...it, out } });
    expect(of({ source: 'other', links: { hr: made, it } })).toEqual({ hr: { ...made, out }, it });
  });
});
