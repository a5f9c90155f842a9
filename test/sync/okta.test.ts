import { describe, expect, it } from 'vitest';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { openOktaWorld, profileOf } from './okta.ts';

const DAY_MS = 86_400_000;

describe('an initial reading of Okta', () => {
  it('takes everybody in, page by page, as back-fill', async () => {
    const { okta, synced, inService, everybody } = openOktaWorld(450);
    const finished = await synced('initial');
    expect(finished).toMatchObject({ outcome: 'complete', rows: 450, calls: 3, counts: { new: 450 } });
    expect((await inService()).length).toBe(450);
    expect(okta.calls).toEqual(new Map([['/api/v1/users', 3]]));
    const [one] = await everybody();
    expect(one).toMatchObject({ state: 'due', priority: 1, source: 'people' });
    expect(one?.links?.people).toMatchObject({ isMaker: true, id: one?.person.externalId });
  });

  it('goes on at the page where it broke off', async () => {
    const { okta, sync, synced, clock, inService } = openOktaWorld(450);
    const later = await sync('initial', { until: clock.now() + 5_000 });
    expect(later).toMatchObject({ outcome: 'later', reason: 'time is up' });
    okta.trouble.expireAfter = 1;
    expect(await sync('initial')).toMatchObject({ outcome: 'done', finished: { outcome: 'incomplete' } });
    okta.trouble.expireAfter = undefined;
    expect(await synced('initial')).toMatchObject({
      outcome: 'complete',
      counts: { unchanged: 200, new: 250 },
    });
    expect((await inService()).length).toBe(450);
  });

  it('waits as long as Okta says when it throttles', async () => {
    const { okta, synced, clock } = openOktaWorld(10);
    okta.trouble.throttle = 2;
    const before = clock.now();
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', calls: 3 });
    expect(clock.now() - before).toBeGreaterThanOrEqual(12_000);
    expect(clock.now() - before).toBeLessThan(16_000);
  });

  it('links the people whom SCIM has brought, and changes nothing else about them', async () => {
    const world = openOktaWorld(2);
    const { synced, services, everybody } = world;
    const { accept } = await import('../../functions/provision/accept.ts');
    const { login } = profileOf(1);
    await accept('demo', services, {
      person: {
        userName: login,
        active: true,
        name: { givenName: 'Ada' },
        emails: [{ value: login, type: 'work' }],
      },
      source: 'scim',
      priority: 0,
      links: { scim: { profileAt: new Date(world.clock.now()).toISOString() } },
    });
    expect(await synced('initial')).toMatchObject({ counts: { new: 1, changed: 1 } });
    const known = (await everybody()).find(({ person }) => person.userName === login);
    expect(known?.person.name?.givenName).toBe('Ada');
    expect(known?.links?.people?.id).toMatch(/^00u/);
  });
});

describe('a full reading', () => {
  it('that finds nothing new writes nothing about anybody', async () => {
    const { synced, everybody, clock } = openOktaWorld(450);
    await synced('initial');
    const before = await everybody();
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 450 } });
    expect(await everybody()).toEqual(before);
  });

  it('puts out of service who is deactivated, deleted or suspended, after one more look', async () => {
    const { okta, synced, clock, inService, everybody } = openOktaWorld(20);
    await synced('initial');
    const [deactivated = '', deleted = '', suspended = ''] = okta.users.keys();
    okta.deactivate(deactivated);
    okta.delete(deleted);
    okta.suspend(suspended);
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 17, gone: 3 } });
    expect((await inService()).length).toBe(17);
    const gone = (await everybody()).filter(({ deletedAt }) => deletedAt !== undefined);
    expect(gone.map(({ person }) => person.externalId)).toEqual([deleted]);
  });

  it('keeps whom the list leaves out although they can be read', async () => {
    const { okta, synced, clock, inService } = openOktaWorld(20);
    await synced('initial');
    const [hidden = ''] = okta.users.keys();
    okta.trouble.hidden.add(hidden);
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({
      counts: { unchanged: 19, kept: 1 },
      findings: [{ what: 'kept', id: hidden, reason: 'not on the list, but can be read and is in service' }],
    });
    expect((await inService()).length).toBe(20);
  });

  it('puts nobody out of service when less than 70 % are there, until an operator accepts the list', async () => {
    const { okta, synced, clock, inService, state, numbers } = openOktaWorld(20);
    await synced('initial');
    for (const id of [...okta.users.keys()].slice(0, 10)) okta.delete(id);
    for (let night = 1; night <= 3; night += 1) {
      clock.advance(DAY_MS);
      const finished = await synced('full');
      expect(finished.outcome).toBe('incomplete');
      expect(finished.reason).toBe(
        'the list has 10 people, and the last complete one had 20: less than 70 % of them',
      );
    }
    expect((await inService()).length).toBe(20);
    expect((await state()).failures).toBe(3);
    expect(numbers.of('SyncFailed')).toEqual({ full: 1 });
    expect(await synced('full', { accept: 11 })).toMatchObject({ outcome: 'incomplete' });
    expect(await synced('full', { accept: 10 })).toMatchObject({ outcome: 'complete', counts: { gone: 10 } });
    expect((await inService()).length).toBe(10);
    expect(await state()).not.toHaveProperty('failures');
  });

  it.each([
    ['answers a page of a proxy', 'html'],
    ['fails', 'fail'],
  ] as const)('puts nobody out of service when the provider %s', async (_, trouble) => {
    const { okta, sync, synced, clock, inService } = openOktaWorld(450);
    await synced('initial');
    clock.advance(DAY_MS);
    okta.trouble[trouble] = 1_000;
    for (let night = 1; night <= 4; night += 1) {
      clock.advance(DAY_MS);
      const end = await sync('full');
      expect(end.outcome === 'done' ? end.finished.outcome : end.outcome).toMatch(/later|incomplete/);
    }
    expect((await inService()).length).toBe(450);
  });

  it('says which permission is missing when the credentials have run out', async () => {
    const { okta, synced, inService } = openOktaWorld(20);
    await synced('initial');
    okta.trouble.expireAfter = 0;
    const finished = await synced('full');
    expect(finished.reason).toBe(
      'acme.okta.com answered 401; the credentials (people.fetch) need okta.users.read, okta.apps.read and okta.logs.read',
    );
    expect((await inService()).length).toBe(20);
  });

  it('keeps people whom another source has made, unless the tenant says that this one decides', async () => {
    const { login } = profileOf(1);
    for (const [authority, expected] of [
      [undefined, 'kept'],
      [{ inService: ['people'], attributes: {} }, 'gone'],
    ] satisfies [TenantConfiguration['authority'], 'kept' | 'gone'][]) {
      const world = openOktaWorld(4, {}, authority === undefined ? {} : { authority });
      const { accept } = await import('../../functions/provision/accept.ts');
      await accept('demo', world.services, {
        person: { userName: login, active: true },
        source: 'scim',
        priority: 0,
        links: { scim: { profileAt: new Date(world.clock.now()).toISOString() } },
      });
      await world.synced('initial');
      world.okta.delete([...world.okta.users.keys()][0] ?? '');
      world.clock.advance(DAY_MS);
      const finished = await world.synced('full');
      expect(finished.counts[expected]).toBe(1);
      expect((await world.inService()).length).toBe(expected === 'kept' ? 4 : 3);
    }
  });
});

it('a full reading passes over nothing that has happened since the last delta', async () => {
  const world = openOktaWorld(4);
  const { okta, synced, clock, inService, settle } = world;
  const { accept } = await import('../../functions/provision/accept.ts');
  await accept('demo', world.services, {
    person: { userName: profileOf(1).login, active: true },
    source: 'scim',
    priority: 0,
    links: { scim: { profileAt: new Date(clock.now()).toISOString() } },
  });
  clock.advance(3_600_000);
  await synced('initial');
  clock.advance(3_600_000);
  await synced('delta');
  clock.advance(600_000);
  // The hook is lost. Who is missing from a list may stay for another source's sake; who was deleted leaves.
  const [id = ''] = okta.users.keys();
  okta.deactivate(id);
  okta.delete(id);
  clock.advance(3_600_000);
  await synced('full');
  expect(await inService()).toHaveLength(4);
  clock.advance(3_600_000);
  await synced('delta');
  await settle();
  expect(await inService()).toEqual([2, 3, 4].map((number) => profileOf(number).login));
});

describe('a person whom another source has made, not on the list', () => {
  it.each([
    ['is out of service where a reading says so', 'deactivate', 'gone', 3],
    ['stays where it can not be read', 'delete', 'kept', 4],
  ] as const)('%s', async (_, leaves, verdict, left) => {
    const world = openOktaWorld(4);
    const { accept } = await import('../../functions/provision/accept.ts');
    await accept('demo', world.services, {
      person: { userName: profileOf(1).login, active: true },
      source: 'scim',
      priority: 0,
      links: { scim: { profileAt: new Date(world.clock.now()).toISOString() } },
    });
    await world.synced('initial');
    world.okta.loses = () => true;
    world.okta[leaves]([...world.okta.users.keys()][0] ?? '');
    world.clock.advance(DAY_MS);
    expect((await world.synced('full')).counts[verdict]).toBe(1);
    expect((await world.inService()).length).toBe(left);
  });
});

describe('a delta', () => {
  it('reads who was changed, and what the log has of lost hooks', async () => {
    const { okta, synced, clock, inService, person, settle } = openOktaWorld(450);
    clock.advance(3_600_000);
    await synced('initial');
    const [changed = '', deactivated = '', deleted = ''] = okta.users.keys();
    clock.advance(3_600_000);
    okta.change(changed, { department: 'Sales' });
    okta.deactivate(deactivated);
    okta.delete(deleted);
    const joined = profileOf(451);
    okta.add(joined);
    clock.advance(60_000);
    const before = okta.calls.get('/api/v1/users') ?? 0;
    const finished = await synced('delta');
    await settle();
    expect(finished.outcome).toBe('complete');
    expect((okta.calls.get('/api/v1/users') ?? 0) - before).toBe(1);
    expect((await inService()).length).toBe(449);
    expect(await person(joined.login)).toMatchObject({ person: { active: true } });
    expect(await person(profileOf(1).login)).toMatchObject({
      person: { 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales' } },
    });
  });

  it('that finds nothing takes two calls and writes nothing about anybody', async () => {
    const { synced, clock, everybody, okta } = openOktaWorld(20);
    await synced('initial');
    clock.advance(3_600_000);
    await synced('delta');
    const [before, calls] = [
      await everybody(),
      [...okta.calls.values()].reduce((sum, each) => sum + each, 0),
    ];
    clock.advance(3_600_000);
    const finished = await synced('delta');
    expect(finished.calls).toBe(2);
    expect([...okta.calls.values()].reduce((sum, each) => sum + each, 0) - calls).toBe(2);
    expect(await everybody()).toEqual(before);
  });

  it('becomes a full reading where the cursor is lost, expired or of another configuration', async () => {
    const { okta, sync, synced, clock } = openOktaWorld(20);
    expect(await sync('delta')).toMatchObject({ outcome: 'cursor-lost' });
    await synced('initial');
    await synced('delta');
    okta.cursors.expire();
    expect(await sync('delta')).toMatchObject({ outcome: 'cursor-lost' });
    await synced('full');
    clock.advance(90 * DAY_MS);
    expect(await sync('delta')).toMatchObject({ outcome: 'cursor-lost', reason: 'the cursor is too old' });
  });
});

describe('a tenant whose rules speak of groups in a way that any group may matter', () => {
  it('has who is new or changed read by id, with their groups, four at once', async () => {
    const world = openOktaWorld(12, {}, { provisionWhen: 'groups.display pr' });
    const { okta, synced, clock, settle, agents } = world;
    clock.advance(3_600_000);
    const group = okta.addGroup('Contact Centre');
    const ids = [...okta.users.keys()];
    for (const id of ids.slice(0, 7)) okta.join(group, id);
    expect(await synced('initial')).toMatchObject({ counts: { new: 12 }, calls: 1 + 2 * 12 });
    await settle();
    expect(agents().active.length).toBe(7);
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 12 }, calls: 1 });
    // The hook of a membership is lost; the log has it.
    okta.leave(group, ids[0] ?? '');
    clock.advance(60_000);
    await synced('delta');
    await settle();
    expect(agents().active.length).toBe(6);
  });
});

describe('the application that is the scope', () => {
  it('is the list, and whoever is unassigned leaves', async () => {
    const { okta, synced, clock, inService } = openOktaWorld(10, {
      scope: { application: 'Contact Centre' },
    });
    const app = okta.addApp('Contact Centre');
    const ids = [...okta.users.keys()];
    for (const id of ids.slice(0, 8)) okta.assign(app, id);
    expect(await synced('initial')).toMatchObject({ rows: 8, counts: { new: 8 } });
    okta.unassign(app, ids[0] ?? '');
    okta.deactivate(ids[1] ?? '');
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 6, gone: 2 } });
    expect((await inService()).length).toBe(6);
  });
});
