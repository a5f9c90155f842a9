import { describe, expect, it } from 'vitest';
import { openTenant } from '../../functions/provision/tenant.ts';
import { FetchError, UnreadableList } from '../../functions/sources/fetcher.ts';
import type { GroupListing, Listing, NamedGroup } from '../../functions/sources/sync/listing.ts';
import { readMembership } from '../../functions/sources/sync/membership.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks } from '../webhook/hooks.ts';

const BILLING: NamedGroup = { id: 'b', display: 'Contact Billing' };
const SUPPORT: NamedGroup = { id: 's', display: 'Contact Support' };
const FOOTBALL: NamedGroup = { id: 'f', display: 'Football' };

interface Groups {
  readonly groups?: readonly NamedGroup[];
  /** Members by the id of the group, one on a page. */
  readonly members?: Readonly<Record<string, readonly string[]>>;
  readonly provisionWhen?: string;
  readonly by?: Partial<GroupListing> | null;
  readonly before?: readonly string[];
}

/** Reads who is in the groups of a provider that gives one group, and one member, a page. */
async function read({
  groups = [BILLING, SUPPORT, FOOTBALL],
  members = {},
  provisionWhen,
  by = {},
  before = [],
}: Groups) {
  const { services, clock } = openHooks();
  const asked: string[] = [];
  const paged = <Thing>(all: readonly Thing[], place: string | undefined) => {
    const from = Number(place ?? 0);
    return { part: all.slice(from, from + 1), next: from + 1 < all.length ? String(from + 1) : undefined };
  };
  const own: GroupListing = {
    list: async (_, place) => {
      const { part, next } = paged(groups, place);
      return { groups: part, next };
    },
    members: async (_, group, place) => {
      asked.push(`${group} ${place ?? 'first'}`);
      clock.advance(1_000);
      const { part, next } = paged(members[group] ?? [], place);
      return { ids: part, next };
    },
    ...by,
  };
  const listing = {
    tellsAbsence: true,
    list: async () => ({ rows: [] }),
    ...(by === null ? {} : { groups: own }),
  } as Listing;
  const settings = sourceSchema.parse({ preset: 'workos', fetch: { directory: 'd' }, sync: {} });
  const tenant = {
    ...demoTenant(),
    rules: [],
    sources: { people: settings },
    provisionWhen: provisionWhen ?? 'groups.display sw "Contact"',
  };
  const provisioning = openTenant('demo', tenant, services);
  const providers = { listing: async () => listing, reader: async () => undefined } as never;
  const source = await openListed(providers, provisioning, services, 'people', settings);
  if (source === undefined) throw new Error('no list');
  const startedAt = new Date(clock.now()).toISOString();
  const membership = await readMembership(source, (ask) => ask(), before);
  return { membership, asked, startedAt };
}

describe('the members of groups', () => {
  it('are read of the groups that are meant, and of no others', async () => {
    const { membership, asked, startedAt } = await read({
      members: { b: ['1', '2'], s: ['2', '3'], f: ['1', '2', '3'] },
    });
    expect(asked).toEqual(['b first', 'b 1', 's first', 's 1']);
    expect(membership).toMatchObject({ askedAt: startedAt, read: ['b', 's'], among: ['b', 's'] });
    expect(['1', '2', '3', '4'].map((id) => membership?.of(id))).toEqual([
      [BILLING],
      [BILLING, SUPPORT],
      [SUPPORT],
      [],
    ]);
  });

  it('count once, however often a group lists them', async () => {
    const { membership } = await read({ members: { b: ['1', '1', '2', '1'], s: ['1'] } });
    expect([membership?.of('1'), membership?.of('2')]).toEqual([[BILLING, SUPPORT], [BILLING]]);
  });

  it('are looked for in the groups of the last reading as well: nobody stays in those by mistake', async () => {
    const { membership } = await read({ before: ['f', 'b'] });
    expect(membership).toMatchObject({ read: ['b', 's'], among: ['b', 's', 'f'] });
  });

  it('are known to be none where no group is meant', async () => {
    const { membership } = await read({ groups: [FOOTBALL] });
    expect(membership).toMatchObject({ read: [], among: [] });
    expect(membership?.of('1')).toEqual([]);
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, number) => ({ id: `g${number}`, display: `Contact ${number}` }));

  it('are read of two hundred groups, and of no more', async () => {
    expect((await read({ groups: many(200) })).membership?.read).toHaveLength(200);
    const { membership, asked } = await read({ groups: many(201) });
    expect(membership).toBeUndefined();
    expect(asked).toEqual([]);
  });

  const throws = (error: Error) => async () => {
    throw error;
  };
  const forbidden = new FetchError('answered 403', { status: 403, isPermanent: true });

  it.each<[string, Groups]>([
    ['the provider has no such lists', { by: null }],
    ['every group may matter', { provisionWhen: 'groups pr' }],
    ['nothing speaks of groups', { provisionWhen: 'active eq true' }],
    ['groups may not be read', { by: { list: throws(forbidden) } }],
    ['members may not be read', { by: { members: throws(forbidden) } }],
    [
      'a list of them can not be told from a shorter one',
      { by: { members: throws(new UnreadableList('no list')) } },
    ],
  ])('are left to reading by id where %s', async (_, groups) => {
    expect((await read(groups)).membership).toBeUndefined();
  });

  it.each([
    ['a provider in trouble', new FetchError('answered 500', { status: 500 })],
    ['a refusal that is only for now', new FetchError('answered 403', { status: 403 })],
    ['credentials that have run out', new FetchError('answered 401', { status: 401, isPermanent: true })],
    ['our own fault', new Error('our own')],
  ])('are asked for again after %s', async (_, error) => {
    await expect(read({ by: { list: throws(error) } })).rejects.toBe(error);
  });

  it.each([
    ['groups', { list: async () => ({ groups: [BILLING], next: 'again' }) }],
    ['members', { members: async () => ({ ids: ['1'], next: 'again' }) }],
  ])('are not asked for again for ever: %s', async (_, by) => {
    await expect(read({ by })).rejects.toThrow('the provider gives the same page of groups again');
  });
});
