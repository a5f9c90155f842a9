import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { applyEvent } from '../../functions/events/apply.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { readMembership } from '../../functions/sources/sync/membership.ts';
import { applyRow } from '../../functions/sources/sync/rows.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { groupsMeant } from '../../functions/tenant/trust/groups.ts';
import { openGoogle } from '../../local/providers/google.ts';
import { openGraph } from '../../local/providers/graph.ts';
import { demoTenant } from '../mapping/demo.ts';
import { KEY_FILE } from './google.ts';
import { openOktaWorld } from './okta.ts';
import { openSyncWorld, type SyncWorld } from './world.ts';

const DAY_MS = 86_400_000;
const PROVISION_WHEN = 'active eq true and groups.display sw "Contact Centre"';

/** A source with groups: what is called of it, and how its groups change without a word. */
interface Grouped extends SyncWorld {
  readonly ids: readonly string[];
  group(name: string, members: readonly string[]): string;
  join(group: string, id: string): void;
  leave(group: string, id: string): void;
  rename(group: string, name: string): void;
}

const CASES = [
  {
    name: 'Okta',
    source: { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' } },
    /** Pages of people, of groups, and of the members of two groups. */
    pages: { people: 2, groups: 1, members: 3 },
    byId: /\/users\/00u/,
  },
  {
    name: 'Microsoft Graph',
    source: { preset: 'entra-graph', fetch: { tenantId: 'acme' } },
    pages: { people: 4, groups: 1, members: 2 },
    byId: /\/v1\.0\/users\/1/,
  },
  {
    name: 'Google Directory',
    source: { preset: 'google-workspace', fetch: { administrator: 'admin@acme.test' } },
    pages: { people: 2, groups: 1, members: 3 },
    byId: /\/users\/1/,
  },
] as const;

function openGrouped({ name, source }: (typeof CASES)[number], people: number): Grouped {
  if (name === 'Okta') {
    const world = openOktaWorld(people, {}, { provisionWhen: PROVISION_WHEN });
    const { okta } = world;
    const of = (group: string) => {
      const found = okta.groups.get(group);
      if (found === undefined) throw new Error('no group');
      return found;
    };
    return {
      ...world,
      ids: [...okta.users.keys()],
      group: (display, members) => {
        const group = okta.addGroup(display);
        for (const id of members) of(group).users.add(id);
        return group;
      },
      join: (group, id) => void of(group).users.add(id),
      leave: (group, id) => void of(group).users.delete(id),
      rename: (group, display) => void okta.groups.set(group, { ...of(group), name: display }),
    };
  }
  const isGraph = name === 'Microsoft Graph';
  let company: ReturnType<typeof openGraph> | undefined;
  const world = openSyncWorld({
    source: { ...source, sync: {} },
    credentials: isGraph ? ['client', 'secret'] : [KEY_FILE],
    tenant: { timeZone: 'Europe/Berlin', provisionWhen: PROVISION_WHEN },
    standIn: (clock) => {
      const now = () => clock.now();
      company = isGraph ? openGraph(now, ['client', 'secret']) : openGoogle(now);
      for (let number = 1; number <= people; number += 1) company.people.add();
      return company;
    },
  });
  const all = company?.people;
  if (all === undefined) throw new Error('no stand-in');
  let groups = 0;
  const of = (group: string) => {
    const found = all.groups.get(group);
    if (found === undefined) throw new Error('no group');
    return found;
  };
  return {
    ...world,
    ids: [...all.all.keys()],
    group: (display, members) => {
      groups += 1;
      const id = `g-${groups}`;
      all.addGroup(id, display, members);
      return id;
    },
    join: (group, id) => void of(group).members.add(id),
    leave: (group, id) => void of(group).members.delete(id),
    rename: (group, display) => void all.groups.set(group, { ...of(group), name: display }),
  };
}

describe.each(CASES)('groups of $name', (one) => {
  const byIdOf = (world: SyncWorld) => world.calls.filter(({ url }) => one.byId.test(url)).length;

  it('are read one by one where the configuration names them, and nobody is read by id', async () => {
    const world = openGrouped(one, 250);
    world.group('Contact Centre Billing', world.ids.slice(0, 210));
    world.group('Contact Centre Support', world.ids.slice(100, 240));
    world.group('Football', world.ids);
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 250 } });
    const { people, groups, members } = one.pages;
    const isToken = (url: string) => url.endsWith('/token');
    expect(world.calls.filter(({ url }) => !isToken(url))).toHaveLength(people + groups + members);
    expect(byIdOf(world)).toBe(0);
    const [first, both] = await Promise.all([groupsOf(world, 0), groupsOf(world, 150)]);
    expect(first).toEqual(['Contact Centre Billing']);
    expect(both).toEqual(['Contact Centre Billing', 'Contact Centre Support']);
    const before = await world.everybody();
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 250 } });
    expect(await world.everybody()).toEqual(before);
  });

  it('tell by the next whole reading who joined, left, or is in a group of another name', async () => {
    const world = openGrouped(one, 6);
    const billing = world.group('Contact Centre Billing', world.ids.slice(0, 3));
    const support = world.group('Contact Centre Support', world.ids.slice(3, 5));
    await world.synced('initial');
    await world.settle();
    expect(world.agents().active).toHaveLength(5);
    world.leave(billing, world.ids[0] ?? '');
    world.join(billing, world.ids[5] ?? '');
    world.rename(support, 'Football');
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ counts: { unchanged: 2 } });
    await world.settle();
    expect(byIdOf(world)).toBe(0);
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map((index) => groupsOf(world, index)))).toEqual([
      [],
      ['Contact Centre Billing'],
      ['Contact Centre Billing'],
      [],
      [],
      ['Contact Centre Billing'],
    ]);
  });
});

async function groupsOf({ directory, ids }: Grouped, index: number): Promise<string[]> {
  const [record] = await directory.findPerson('demo', { attribute: 'link', value: `people/${ids[index]}` });
  const groups = record === undefined ? [] : await directory.groupsOf('demo', record.id);
  return groups.map(({ display }) => display).toSorted();
}

describe('groups that are read one by one', () => {
  it('leave a person in groups that nobody asked about', async () => {
    const world = openGrouped(CASES[0], 2);
    const [id = ''] = world.ids;
    const football = world.group('Football', [id]);
    const billing = world.group('Contact Centre Billing', [id]);
    world.configure(
      { ...CASES[0].source, sync: {} },
      { provisionWhen: 'groups.display sw "Contact" or groups.display eq "Football"' },
    );
    await world.synced('initial');
    expect(await groupsOf(world, 0)).toEqual(['Contact Centre Billing', 'Football']);
    // The second reading still looks at the group that the first one read; from then on nobody speaks of it.
    world.configure({ ...CASES[0].source, sync: {} }, { provisionWhen: PROVISION_WHEN });
    world.clock.advance(DAY_MS);
    await world.synced('full');
    world.leave(football, id);
    world.leave(billing, id);
    world.clock.advance(DAY_MS);
    await world.synced('full');
    expect(await groupsOf(world, 0)).toEqual([]);
  });

  it('are asked for anew by a reading that goes on, and do not end one that has no time', async () => {
    const world = openGrouped(CASES[0], 250);
    world.group('Contact Centre Billing', world.ids);
    const later = await world.sync('initial', { until: world.clock.now() + 5_000 });
    expect(later).toMatchObject({ outcome: 'later', reason: 'time is up' });
    expect(await world.synced('initial')).toMatchObject({ counts: { new: 250 } });
    expect(await groupsOf(world, 249)).toEqual(['Contact Centre Billing']);
  });

  it('give way to reading by id where the credentials may not read them', async () => {
    const world = openOktaWorld(3, {}, { provisionWhen: PROVISION_WHEN });
    const { okta } = world;
    const { answer } = okta;
    Object.assign(okta, {
      answer: (asked: Parameters<typeof answer>[0]) =>
        asked.path === '/api/v1/groups'
          ? { status: 403, body: { errorCode: 'E0000006' } }
          : answer.call(okta, asked),
    });
    const group = okta.addGroup('Contact Centre');
    for (const id of okta.users.keys()) okta.join(group, id);
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 3 } });
    expect(world.calls.filter(({ url }) => /\/users\/00u\w+\/groups/.test(url))).toHaveLength(3);
  });
});

describe('what an event says of a group while a reading is under way', () => {
  it('wins over members that were asked for before it, however late the page of people came', async () => {
    const world = openGrouped(CASES[0], 1);
    const [id = ''] = world.ids;
    const group = world.group('Contact Centre', [id]);
    await world.synced('initial');
    expect(await groupsOf(world, 0)).toEqual(['Contact Centre']);
    const settings = sourceSchema.parse({ ...CASES[0].source, sync: {} });
    const tenant = {
      ...demoTenant(),
      sources: { people: settings },
      provisionWhen: PROVISION_WHEN,
    } as TenantConfiguration;
    const provisioning = openTenant('demo', tenant, world.services);
    const source = await openListed(providers, provisioning, world.services, 'people', settings);
    if (source === undefined) throw new Error('no list');
    const membership = await readMembership(source, (ask) => ask(), []);
    expect(membership?.of(id)).toEqual([{ id: group, display: 'Contact Centre' }]);
    world.clock.advance(60_000);
    const left: AuthenticatedEvent = {
      kind: 'unassign',
      type: 'group.user_membership.remove',
      subject: { id },
      group: { id: group, display: 'Contact Centre' },
      completeness: 'thin',
      occurredAt: new Date(world.clock.now()).toISOString(),
      source: 'people',
      trust: 'signed',
    };
    await applyEvent(
      { services: world.services, tenant: 'demo', configuration: tenant, canFetch: false },
      left,
    );
    expect(await groupsOf(world, 0)).toEqual([]);
    world.clock.advance(60_000);
    const page = await source.listing.list(source.context, undefined);
    const terms = {
      kind: 'full',
      askedAt: new Date(world.clock.now()).toISOString(),
      priority: PRIORITY.backfill,
      roster: undefined,
      membership,
      read: new Set<string>(),
    } as const;
    for (const row of page.rows) {
      // Another name, so that the row isn't the one of before.
      const renamed =
        row.is === 'person' ? { ...row, found: { ...row.found, organizationalUnit: '/' } } : row;
      await applyRow(source, renamed, terms);
    }
    expect(await groupsOf(world, 0)).toEqual([]);
  });
});

describe('the groups that a configuration speaks of', () => {
  const meant = (provisionWhen: string, scope?: { readonly groups: string[] }) =>
    groupsMeant({ ...demoTenant(), rules: [], provisionWhen } as never, { scope } as never);
  const NAMES = ['Contact Centre', 'contact centre billing', 'Old Contact', 'Football'];
  const chosen = (...given: Parameters<typeof meant>) => {
    const isMeant = meant(...given);
    return isMeant && NAMES.filter((display) => isMeant({ id: `id of ${display}`, display }));
  };

  it.each([
    ['groups.display eq "Contact Centre"', ['Contact Centre']],
    ['groups.display sw "contact"', ['Contact Centre', 'contact centre billing']],
    ['groups.display EW "contact" and active eq true', ['Old Contact']],
    ['not (groups.display co "foot")', ['Football']],
    ['groups[display eq "Football"]', ['Football']],
    ['active eq true', []],
  ])('%s', (expression, expected) => {
    expect(chosen(expression)).toEqual(expected);
  });

  it('are compared as rules and scope compare them, whichever way letters are composed or how wide they are', () => {
    const isMeant = meant('groups.display eq "Bürö"', { groups: ['Support'] });
    for (const display of ['Bürö'.normalize('NFD'), 'BÜRÖ', 'Ｓｕｐｐｏｒｔ'])
      expect(isMeant?.({ id: 'g-1', display }), display).toBe(true);
  });

  it('are those of its scope, too', () => {
    expect(chosen('active eq true', { groups: ['football', 'id of Old Contact'] })).toEqual([
      'Old Contact',
      'Football',
    ]);
  });

  it.each([
    'groups.display ne "Contact Centre"',
    'groups pr',
    'groups.value eq "1"',
    'groups[type eq "direct"].display eq "x"',
    'groups.display eq "a" or groups.display gt "b"',
  ])('are all where %s', (expression) => {
    expect(meant(expression)).toBeUndefined();
  });
});
