import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../functions/events/apply.ts';
import type { Item, PersonEvent } from '../../functions/events/event.ts';
import { accept } from '../../functions/provision/accept.ts';
import { FetchError } from '../../functions/sources/fetcher.ts';
import type { Departure, Row } from '../../functions/sources/sync/listing.ts';
import { found, mail, openScript, row, type ScriptedWorld } from './script.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** Three people who were read as a whole a day ago. */
async function opened(given: Parameters<typeof openScript>[0] = {}): Promise<ScriptedWorld> {
  const world = openScript({ people: 3, ...given });
  await world.synced('initial');
  world.clock.advance(DAY_MS);
  world.script.asked.length = 0;
  return world;
}

/** What becomes of rows of what changed. */
async function counted(world: ScriptedWorld, ...rows: readonly Row[]) {
  world.clock.advance(MINUTE_MS);
  world.script.changed = rows;
  return (await world.synced('delta')).counts;
}

const bring = ({ services }: ScriptedWorld, person: object) =>
  accept('demo', services, {
    person: { userName: 'another', active: true, ...person },
    source: 'scim',
    priority: 0,
    links: { scim: { profileAt: new Date(services.clock.now()).toISOString() } },
  });

const linked = async ({ directory }: ScriptedWorld, id: string) =>
  (await directory.findPerson('demo', { attribute: 'link', value: `people/${id}` }))[0];

describe('a row of a person', () => {
  it.each<[string, Row, object]>([
    ['who is new', row(4), { new: 1 }],
    ['who is as before', row(1), { unchanged: 1 }],
    ['who has changed', row(1, { title: 'Lead' }), { changed: 1 }],
    ['who left', row(1, { active: false }), { gone: 1 }],
    ['whom nobody knew, and who is out of service', row(4, { active: false }), { outside: 1 }],
    ['who begins later', row(4, {}, { joinsAt: '2027-12-24' }), { waiting: 1 }],
  ])('%s counts so', async (_, told, counts) => {
    expect(await counted(await opened(), told)).toEqual(counts);
  });

  it('who is known by the e-mail address is linked, and no one else is changed', async () => {
    const world = await opened();
    const { person } = found(4);
    await bring(world, { ...person, schemas: [USER], externalId: '4' });
    expect(await counted(world, row(4))).toEqual({ linked: 1 });
    expect((await linked(world, '4'))?.person.userName).toBe(mail(4));
    expect(await world.everybody()).toHaveLength(4);
  });

  it('without a name is listed, and changes nothing', async () => {
    const world = await opened();
    world.script.changed = [{ is: 'person', id: '9', found: { outcome: 'found', person: { active: true } } }];
    expect(await world.synced('delta')).toMatchObject({
      counts: { unmatched: 1 },
      findings: [
        { what: 'unmatched', id: '9', reason: expect.stringContaining('neither a userName nor an e-mail') },
      ],
    });
  });

  it('whose status is a word that is not known is listed, and changes nothing', async () => {
    const world = await opened();
    world.script.changed = [row(1, { title: 'Lead', active: undefined }, { unknownStatus: 'ODD' })];
    expect(await world.synced('delta')).toMatchObject({
      counts: { unusable: 1 },
      findings: [{ what: 'unusable', id: '1', reason: 'the status "ODD" is not known' }],
    });
    expect((await linked(world, '1'))?.person).not.toHaveProperty('title');
  });

  it('costs nothing where it says the same, and says why it is nobody where it is', async () => {
    const world = await opened();
    const before = await world.everybody();
    expect(await counted(world, row(1), { is: 'unusable', id: '9', reason: 'a guest' })).toEqual({
      unchanged: 1,
      unusable: 1,
    });
    expect(await world.everybody()).toEqual(before);
  });

  it.each<[string, { source?: object; tenant?: object }]>([
    ['another scope', { source: { scope: { organizationalUnits: ['/'] } } }],
    ['another authority', { tenant: { authority: { inService: ['people'], attributes: {} } } }],
  ])('is applied once more with %s', async (_, { source = {}, tenant = {} }) => {
    const world = await opened();
    world.configure({ preset: 'workos', fetch: { directory: 'd' }, sync: {}, ...source }, tenant);
    const readAs = (await linked(world, '1'))?.links?.people?.readAs;
    await world.synced('full');
    expect((await linked(world, '1'))?.links?.people?.readAs).not.toBe(readAs);
  });

  it('is applied once more in another time zone, if it has days', async () => {
    const world = openScript({ people: 2 });
    world.script.rows = [row(1), row(2, {}, { joinsAt: '2020-01-01' })];
    await world.synced('initial');
    const readAs = async () => [
      (await linked(world, '1'))?.links?.people?.readAs,
      (await linked(world, '2'))?.links?.people?.readAs,
    ];
    const [one, two] = await readAs();
    world.configure({ preset: 'workos', fetch: { directory: 'd' }, sync: {} }, { timeZone: 'Asia/Tokyo' });
    await world.synced('full');
    const after = await readAs();
    expect(after[0]).toBe(one);
    expect(after[1]).not.toBe(two);
  });
});

describe('a person who is only said to have changed', () => {
  const changed = (id: string): Row => ({ is: 'changed', id });

  it('is read by id, and what that says counts', async () => {
    const world = await opened();
    world.script.byId.set('1', found(1, { title: 'Lead' }));
    expect(await counted(world, changed('1'))).toEqual({ changed: 1 });
    expect(world.script.asked).toContain('1');
    expect((await linked(world, '1'))?.person.title).toBe('Lead');
  });

  it('is out of service where the provider does not know the id any more', async () => {
    const world = await opened();
    expect(await counted(world, changed('1'))).toEqual({ gone: 1 });
    expect((await linked(world, '1'))?.deletedAt).toBeUndefined();
    expect(await world.inService()).toEqual([mail(2), mail(3)]);
  });

  it('and was never known is nobody', async () => {
    expect(await counted(await opened(), changed('9'))).toEqual({ outside: 1 });
  });

  it('is listed where nobody can be read by id', async () => {
    const world = await opened({ isBlind: true });
    world.script.changed = [changed('1')];
    expect(await world.synced('delta')).toMatchObject({
      findings: [{ what: 'unmatched', id: '1', reason: 'a person can not be read from the source' }],
    });
  });
});

describe('a person who is gone', () => {
  it.each<[Departure, boolean, 'out' | 'unassigned']>([
    ['deleted', true, 'out'],
    ['soft-deleted', false, 'out'],
    ['out-of-scope', false, 'unassigned'],
  ])('%s: for good %s', async (how, isForGood, held) => {
    const world = await opened();
    const gone: Row = { is: 'gone', id: '1', how };
    expect(await counted(world, gone)).toEqual({ gone: 1 });
    const record = await linked(world, '1');
    expect(record?.deletedAt !== undefined).toBe(isForGood);
    expect(record?.links?.people?.[held]).toBeDefined();
    expect(await counted(world, gone)).toEqual({ unchanged: 1 });
  });

  it('and is known to another source alone is none of this one', async () => {
    const world = await opened();
    await bring(world, found(4).person);
    expect(await counted(world, { is: 'gone', id: '4', how: 'deleted' })).toEqual({ outside: 1 });
    expect(await world.inService()).toContain(mail(4));
  });

  it('is told so by a whole list, too', async () => {
    const world = await opened();
    world.script.rows = [
      row(1),
      row(2),
      { is: 'gone', id: '3', how: 'deleted' },
      { is: 'gone', id: '9', how: 'deleted' },
    ];
    expect((await world.synced('full', { accept: 2 })).counts).toMatchObject({ gone: 1, outside: 1 });
  });
});

describe('an event of the log of a source', () => {
  const event = (id: string, more: Partial<PersonEvent> = {}): Row => ({
    is: 'event',
    item: {
      kind: 'event',
      event: {
        kind: 'suspend',
        type: 'user.left',
        subject: { id },
        completeness: 'full',
        key: `k-${id}`,
        ...more,
      },
    },
  });

  it('counts as the webhook would have brought it, once', async () => {
    const world = await opened();
    expect(await counted(world, event('1'))).toEqual({ changed: 1 });
    expect(await world.inService()).toEqual([mail(2), mail(3)]);
    expect(await counted(world, event('1'))).toEqual({ unchanged: 1 });
  });

  it('that fits nobody, or is old, changes nothing', async () => {
    const world = await opened({ isBlind: true });
    expect(await counted(world, event('9'))).toEqual({ unchanged: 1 });
    const old = event('1', { kind: 'upsert', person: { title: 'Old' }, occurredAt: '2020-01-01T00:00:00Z' });
    expect(await counted(world, old)).toEqual({ unchanged: 1 });
  });

  it('of whom the reading has read already is known', async () => {
    const world = await opened();
    expect(await counted(world, row(1, { title: 'Lead' }))).toEqual({ changed: 1 });
    world.script.rows = [row(1), row(2), row(3), event('1')];
    await world.synced('full');
    expect(await world.inService()).toContain(mail(1));
  });

  it('that only says that something changed has the person read', async () => {
    const world = await opened();
    world.script.byId.set('1', found(1, { title: 'Lead' }));
    expect(await counted(world, event('1', { kind: 'upsert', completeness: 'thin' }))).toEqual({
      changed: 1,
    });
    expect((await world.directory.duePendingEvents('demo', world.clock.now(), 9)).length).toBe(1);
  });

  it('that can not be understood is listed, and what is about nobody is not', async () => {
    const world = await opened();
    const bad: Item = { kind: 'bad', type: 'x', reason: 'it has no user' } as unknown as Item;
    const items: readonly Item[] = [bad, { kind: 'ignored', type: 'x' }];
    world.script.changed = items.map((item): Row => ({ is: 'event', item }));
    expect(await world.synced('delta')).toMatchObject({
      counts: { unusable: 1, unchanged: 1 },
      findings: [{ what: 'unusable', reason: 'it has no user' }],
    });
  });

  it('that says nothing of whom it means is listed where nobody can be read', async () => {
    const world = await opened({ isBlind: true });
    world.script.changed = [event('9', { kind: 'upsert', completeness: 'thin' })];
    expect((await world.synced('delta')).findings).toMatchObject([{ what: 'unmatched' }]);
  });
});

describe('a second account with the e-mail address of a person in service', () => {
  const second = (): Row => ({ ...row(1), id: '1b' }) as Row;

  it('is listed, and changes nothing, while the first one is in service', async () => {
    const world = await opened();
    world.script.byId.set('1', found(1));
    world.script.changed = [second()];
    expect(await world.synced('delta')).toMatchObject({
      counts: { ambiguous: 1 },
      findings: [{ what: 'ambiguous', id: '1b', reason: expect.stringContaining('the person of 1 already') }],
    });
    expect(await linked(world, '1b')).toBeUndefined();
  });

  it.each([
    ['is out of service', found(1, { active: false })],
    ['is not known any more', undefined],
  ])('is the same person come back where the first one %s', async (_, first) => {
    const world = await opened();
    if (first !== undefined) world.script.byId.set('1', first);
    await counted(world, second());
    expect(await world.inService()).toContain(mail(1));
    expect((await linked(world, '1b'))?.id).toBe((await linked(world, '1'))?.id);
    expect(await world.everybody()).toHaveLength(3);
  });

  it('is listed where the first one can not be read', async () => {
    const world = await opened({ isBlind: true });
    expect(await counted(world, second())).toEqual({ ambiguous: 1 });
  });
});

describe('groups of a person whom a list tells without them', () => {
  const CENTRE = [{ id: 'g', display: 'Contact Centre' }];
  const GROUPED = { tenant: { provisionWhen: 'groups.display pr' } };
  const groupsOf = async (world: ScriptedWorld, id: string) => {
    const record = await linked(world, id);
    const all = record === undefined ? [] : await world.directory.groupsOf('demo', record.id);
    return all.map(({ display }) => display);
  };

  it('are read by id, where the rules speak of groups and the row says something new', async () => {
    const world = openScript({ people: 2, ...GROUPED });
    world.script.byId.set('1', found(1, {}, { groups: CENTRE }));
    await world.synced('initial');
    expect(world.script.asked).toEqual(['list first', '1', '2']);
    expect([await groupsOf(world, '1'), await groupsOf(world, '2')]).toEqual([['Contact Centre'], []]);
    world.script.asked.length = 0;
    await world.synced('full');
    expect(world.script.asked).toEqual(['list first']);
    // A person whom reading by id doesn't know is as the list says.
    expect(await world.inService()).toEqual([mail(1), mail(2)]);
  });

  it.each<[string, Parameters<typeof openScript>[0], Row]>([
    ['the rules do not speak of groups', {}, row(1)],
    ['the list tells them', GROUPED, row(1, {}, { groups: CENTRE })],
    ['the person is out of service', GROUPED, row(1, { active: false })],
    ['nobody can be read by id', { ...GROUPED, isBlind: true }, row(1)],
  ])('are not asked for where %s', async (_, given, told) => {
    const world = openScript(given);
    world.script.rows = [told];
    await world.synced('initial');
    expect(world.script.asked).toEqual(['list first']);
  });

  it('that can not be read now are a matter of the page', async () => {
    const world = openScript({ people: 1, ...GROUPED });
    world.script.byId.set('1', new FetchError('answered 400', { status: 400 }));
    expect(await world.synced('initial')).toMatchObject({ outcome: 'incomplete', reason: 'answered 400' });
  });
});

describe('groups that are read one by one', () => {
  const CENTRE = { id: 'c', display: 'Contact Centre' };
  const tenant = { provisionWhen: 'groups.display sw "Contact"' };
  const throws = async (): Promise<never> => {
    throw new FetchError('answered 403', { status: 403, isPermanent: true });
  };

  /** Three people, of whom nobody can be read by id, and the members of the one group that is meant. */
  function grouped(members: () => Promise<readonly string[]> = async () => ['1', '2']) {
    const groups = {
      list: async () => ({ groups: [CENTRE, { id: 'f', display: 'Football' }] }),
      members: async () => ({ ids: await members() }),
    };
    const world = openScript({ people: 3, isBlind: true, listing: { groups }, tenant });
    return {
      ...world,
      groupsOf: async (...ids: readonly string[]) => {
        const records = await Promise.all(ids.map((id) => linked(world, id)));
        const all = await Promise.all(
          records.map((each) => world.directory.groupsOf('demo', each?.id ?? '')),
        );
        return all.map((each) => each.map(({ display }) => display));
      },
    };
  }

  it('are those of the people whom their lists have', async () => {
    let members = ['1', '2'];
    const { synced, groupsOf, state, clock } = grouped(async () => members);
    await synced('initial');
    expect(await groupsOf('1', '2', '3')).toEqual([['Contact Centre'], ['Contact Centre'], []]);
    expect((await state()).groups).toEqual(['c']);
    clock.advance(DAY_MS);
    expect((await synced('full')).counts).toEqual({ unchanged: 3 });
    members = ['2', '3'];
    clock.advance(DAY_MS);
    expect((await synced('full')).counts).toEqual({ changed: 2, unchanged: 1 });
    expect(await groupsOf('1', '2', '3')).toEqual([[], ['Contact Centre'], ['Contact Centre']]);
  });

  it('are all that has changed of a person whom another source has brought, too', async () => {
    const world = grouped(async () => ['4']);
    world.script.rows = [row(4)];
    await bring(world, { ...found(4).person, schemas: [USER], externalId: '4' });
    expect((await world.synced('initial')).counts).toEqual({ changed: 1 });
    expect(await world.groupsOf('4')).toEqual([['Contact Centre']]);
  });

  it('are left by the next whole reading, although nothing speaks of them any more', async () => {
    const { synced, groupsOf, configure, clock } = grouped();
    await synced('initial');
    const provisionWhen = 'groups.display eq "Football"';
    configure({ preset: 'workos', fetch: { directory: 'd' }, sync: {} }, { provisionWhen });
    clock.advance(DAY_MS);
    await synced('full');
    expect((await groupsOf('1'))[0]).not.toContain('Contact Centre');
  });

  it('cost nothing of those who are in none, where they may be read for the first time', async () => {
    let isAllowed = false;
    const { synced, clock } = grouped(async () => (isAllowed ? ['1'] : throws()));
    await synced('initial');
    isAllowed = true;
    clock.advance(DAY_MS);
    expect((await synced('full')).counts).toEqual({ changed: 1, unchanged: 2 });
  });

  it('give way to those that the row of a person tells', async () => {
    const { script, synced, groupsOf } = grouped();
    script.rows = [row(1, {}, { groups: [{ id: 'x', display: 'Chess' }] }), row(3)];
    await synced('initial');
    expect(await groupsOf('1', '3')).toEqual([['Chess'], []]);
  });

  it('are those of an event that came after they were asked for', async () => {
    let isLeaving = false;
    const world = grouped(async () => {
      if (!isLeaving) return ['1', '2'];
      world.clock.advance(MINUTE_MS);
      const left = {
        kind: 'unassign',
        type: 'x',
        subject: { id: '1' },
        group: CENTRE,
        completeness: 'thin',
        occurredAt: new Date(world.clock.now()).toISOString(),
        source: 'people',
        trust: 'signed',
      } as const;
      const { services } = world;
      await applyEvent({ services, tenant: 'demo', canFetch: false }, left);
      world.clock.advance(MINUTE_MS);
      return ['1', '2'];
    });
    await world.synced('initial');
    world.clock.advance(DAY_MS);
    isLeaving = true;
    // The page says something new, so that it is applied.
    world.script.rows = [row(1, { title: 'Lead' }), row(2), row(3)];
    await world.synced('full');
    expect(await world.groupsOf('1', '2')).toEqual([[], ['Contact Centre']]);
  });

  it('are asked for later where the time is over', async () => {
    const { sync, synced, clock } = grouped();
    expect(await sync('initial', { until: clock.now() + 10_000 })).toMatchObject({
      outcome: 'later',
      reason: 'time is up',
    });
    expect((await synced('initial')).counts).toEqual({ new: 3 });
  });
});

describe('a row of a source where anybody may sign up', () => {
  const SIGN_UPS = { preset: 'auth0', fetch: { domain: 'acme.auth0.com' } };

  it.each([
    [undefined, { ambiguous: 1 }],
    [true, { changed: 1 }],
  ])(
    'is another person with a known address, unless the address is verified: %s',
    async (isEmailVerified, counts) => {
      const world = await opened({ source: SIGN_UPS });
      await bring(world, found(4).person);
      const told = row(4, { userName: 'auth0|4' });
      expect(await counted(world, { ...told, isEmailVerified } as Row)).toEqual(counts);
      expect((await linked(world, '4')) !== undefined).toBe(isEmailVerified === true);
    },
  );
});

it('a row without a user name is of the person who has its e-mail address, and the other way round', async () => {
  const world = await opened();
  await bring(world, { ...found(4).person, userName: 'ada' });
  await bring(world, { userName: 'grace' });
  const { emails } = found(4).person;
  await counted(world, {
    is: 'person',
    id: '4',
    found: { outcome: 'found', person: { emails, active: true } },
  });
  expect((await linked(world, '4'))?.person.userName).toBe('ada');
  await counted(world, {
    is: 'person',
    id: '5',
    found: { outcome: 'found', person: { userName: 'grace', active: true } },
  });
  expect((await linked(world, '5'))?.person.userName).toBe('grace');
  expect(await world.everybody()).toHaveLength(5);
});
