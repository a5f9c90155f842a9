import { describe, expect, it } from 'vitest';
import { openAuth0 } from '../../local/providers/auth0.ts';
import { openBambooHr } from '../../local/providers/bamboohr.ts';
import type { Company } from '../../local/providers/company.ts';
import { openGoogle } from '../../local/providers/google.ts';
import { openGraph } from '../../local/providers/graph.ts';
import { openScim, type ScimOptions } from '../../local/providers/scim.ts';
import { DIRECTORY, openWorkOs } from '../../local/providers/workos.ts';
import { KEY_FILE } from './google.ts';
import { openSyncWorld } from './world.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
interface Case {
  readonly name: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly credentials: readonly string[];
  readonly open: (now: () => number) => Company;
  /** Pages of 250 people, the last ones that only say that there are no more among them. */
  readonly pages: number;
  /** The provider tells what changed. */
  readonly changes: boolean;
  /** Who is deleted may be restored, and the provider tells. */
  readonly restores?: boolean;
  /** Where changes go on can be lost. */
  readonly forgets?: boolean;
  /** Changes tell who was deleted. */
  readonly tellsDeleted?: boolean;
}

const scim = (name: string, options: Partial<ScimOptions>, pages: number, changes = true): Case => ({
  name,
  source: { preset: 'scim-server', fetch: { baseUrl: 'https://scim.acme.test/v2' } },
  credentials: ['token'],
  open: (now) => openScim(now, { token: 'token', ...options }),
  pages,
  changes,
});

const CASES: readonly Case[] = [
  {
    name: 'Microsoft Graph',
    source: { preset: 'entra-graph', fetch: { tenantId: 'acme' } },
    credentials: ['client', 'secret'],
    open: (now) => openGraph(now, ['client', 'secret']),
    pages: 4,
    changes: true,
    restores: true,
    forgets: true,
    tellsDeleted: true,
  },
  {
    name: 'Google Directory',
    source: { preset: 'google-workspace', fetch: { administrator: 'admin@acme.test' } },
    credentials: [KEY_FILE],
    open: openGoogle,
    pages: 2,
    changes: false,
    restores: true,
  },
  {
    name: 'Auth0',
    source: { preset: 'auth0', fetch: { domain: 'acme.auth0.com' } },
    credentials: ['client', 'secret'],
    open: openAuth0,
    pages: 3,
    changes: true,
  },
  {
    name: 'BambooHR',
    source: { preset: 'bamboohr', fetch: { companyDomain: 'acme' } },
    credentials: ['key'],
    open: (now) => openBambooHr(now, 'key'),
    pages: 1,
    changes: true,
    tellsDeleted: true,
  },
  {
    name: 'WorkOS',
    source: { preset: 'workos', fetch: { directory: DIRECTORY } },
    credentials: ['sk_test'],
    open: (now) => openWorkOs(now, 'sk_test'),
    pages: 3,
    changes: true,
    forgets: true,
    tellsDeleted: true,
  },
  scim('a SCIM server', {}, 3),
  scim('a SCIM server with cursors', { hasCursors: true }, 3),
  scim('a SCIM server with short pages', { most: 40 }, 7),
  scim('a SCIM server that does not filter', { canFilter: false }, 3, false),
];

function openCase({ source, credentials, open }: Case, people: number) {
  let company: Company | undefined;
  const world = openSyncWorld({
    source: { ...source, sync: {} },
    credentials,
    tenant: { timeZone: 'Europe/Berlin' },
    standIn: (clock) => {
      company = open(() => clock.now());
      for (let number = 1; number <= people; number += 1) company.people.add();
      return company;
    },
  });
  if (company === undefined) throw new Error('no stand-in');
  // Nothing of the beginning is still a change.
  world.clock.advance(HOUR_MS);
  return { ...world, company, ids: [...company.people.all.keys()] };
}

const DEPARTMENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe.each(CASES)('$name', (one) => {
  it('is read in pages, and costs nothing about anybody when nothing changed', async () => {
    const { synced, everybody, clock, inService, company } = openCase(one, 250);
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 250 } });
    expect((await inService()).length).toBe(250);
    const pages = [...company.calls].filter(([path]) => /delta|users$|Users$|employees$/i.test(path));
    const asked = pages.reduce((sum, [, calls]) => sum + calls, 0);
    expect(asked).toBe(one.pages + (one.source.preset === 'scim-server' ? 1 : 0));
    const before = await everybody();
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 250 } });
    expect(await everybody()).toEqual(before);
  });

  it('puts out who was deleted, and who was put out there', async () => {
    const { company, ids, synced, clock, inService, everybody } = openCase(one, 20);
    await synced('initial');
    company.people.delete(ids[0] ?? '');
    company.people.delete(ids[1] ?? '', true);
    company.people.change(ids[2] ?? '', { isActive: false });
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 17, gone: 3 } });
    expect((await inService()).length).toBe(17);
    const deleted = (await everybody()).filter(({ deletedAt }) => deletedAt !== undefined);
    const names = deleted.map(({ person }) => person.userName).toSorted();
    const restorable = one.restores === true ? [] : ['person-2@acme.test'];
    expect(names).toEqual(['person-1@acme.test', ...restorable]);
  });

  it('keeps whom the list leaves out although they can be read', async () => {
    const { company, ids, synced, clock, inService } = openCase(one, 20);
    await synced('initial');
    company.trouble.hidden.add(ids[3] ?? '');
    clock.advance(DAY_MS);
    await synced('full');
    expect((await inService()).length).toBe(20);
  });

  it('is left alone as long as it says when it throttles', async () => {
    const { company, synced, clock } = openCase(one, 20);
    const before = clock.now();
    company.trouble.throttle = 1;
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 20 } });
    expect(clock.now() - before).toBeGreaterThanOrEqual(6_000);
    expect(clock.now() - before).toBeLessThan(62_000);
  });

  it('puts nobody out when it answers with a page of a proxy', async () => {
    const { company, sync, synced, inService } = openCase(one, 20);
    await synced('initial');
    company.trouble.html = 100;
    const end = await sync('full');
    expect(end.outcome === 'done' ? end.finished.outcome : end.outcome).toMatch(/later|incomplete/);
    expect((await inService()).length).toBe(20);
  });

  it.runIf(one.changes)('tells what changed, whoever lost the events', async () => {
    const { company, ids, synced, settle, clock, inService, person } = openCase(one, 20);
    await synced('initial');
    clock.advance(HOUR_MS);
    company.people.change(ids[0] ?? '', { department: 'Sales' });
    company.people.change(ids[1] ?? '', { isActive: false });
    if (one.tellsDeleted === true) company.people.delete(ids[2] ?? '');
    company.people.add();
    clock.advance(60_000);
    expect((await synced('delta')).outcome).toBe('complete');
    await settle();
    expect((await inService()).length).toBe(one.tellsDeleted === true ? 19 : 20);
    if (one.source.preset !== 'auth0') {
      expect((await person('person-1@acme.test'))?.person).toMatchObject({
        [DEPARTMENT]: { department: 'Sales' },
      });
    }
    expect((await person('person-2@acme.test'))?.person.active).toBe(false);
    expect((await person('person-21@acme.test'))?.person.active).not.toBe(false);
    clock.advance(HOUR_MS);
    await synced('delta');
    clock.advance(HOUR_MS);
    const again = await synced('delta');
    expect(again.counts).toEqual({});
  });

  it.runIf(one.forgets === true)('is read as a whole where it has forgotten since when', async () => {
    const { company, sync, synced } = openCase(one, 20);
    await synced('initial');
    company.people.add();
    await synced('delta');
    company.expireCursors();
    expect(await sync('delta')).toMatchObject({
      outcome: 'cursor-lost',
      reason: expect.stringContaining('no longer knows where changes were to go on'),
    });
    expect(await synced('full')).toMatchObject({ outcome: 'complete' });
    expect((await sync('delta')).outcome).toBe('done');
  });
});

describe('Auth0 beyond 1,000 users', () => {
  const AUTH0 = CASES.find(({ name }) => name === 'Auth0') as Case;
  const openAuth0Case = (people: number, exportsBlocked = true) =>
    openCase({ ...AUTH0, open: (now) => openAuth0(now, { exportsBlocked }) }, people);

  it.each([true, false])(
    'is read by an export, whenever they were created, and whether it tells who is blocked: %s',
    async (exportsBlocked) => {
      const world = openAuth0Case(1_250, exportsBlocked);
      const [blocked = '', gone = ''] = world.ids;
      world.company.people.change(blocked, { isActive: false });
      const counts = { new: 1_249, outside: 1 };
      expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', rows: 1_250, counts });
      expect(world.company.calls.get('/api/v2/jobs/users-exports')).toBe(1);
      world.clock.advance(DAY_MS);
      world.company.people.delete(gone);
      const changed = { unchanged: 1_248, outside: 1, gone: 1 };
      expect(await world.synced('full')).toMatchObject({ outcome: 'complete', counts: changed });
      expect(await world.directory.countPersons('demo')).toBe(1_248);
    },
  );

  it('goes on in the file where its time was over, and waits for the job meanwhile', async () => {
    const world = openAuth0Case(1_250);
    const later = await world.sync('initial', { until: world.clock.now() + 15_000 });
    expect(later).toMatchObject({ outcome: 'later', reason: 'the export of Auth0 is processing' });
    world.clock.advance(60_000);
    let pages = 0;
    const stop = new Error('the machine stops');
    const onPage = async () => {
      pages += 1;
      if (pages === 3) throw stop;
    };
    await expect(world.sync('initial', { onPage })).rejects.toBe(stop);
    world.clock.advance(5 * 60_000);
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', rows: 1_250 });
    expect(await world.directory.countPersons('demo')).toBe(1_250);
    expect(world.company.calls.get('/api/v2/jobs/users-exports')).toBe(1);
  });

  it('is incomplete when the export breaks off or is let go of, and begins anew', async () => {
    const world = openAuth0Case(1_250);
    await world.sync('initial', { until: world.clock.now() + 15_000 });
    world.clock.advance(2 * DAY_MS);
    expect(await world.synced('initial')).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringContaining('Auth0 has let go of the export'),
    });
    const { answer } = world.company;
    Object.assign(world.company, {
      answer: (asked: Parameters<typeof answer>[0]) => {
        const answered = answer(asked);
        return answered.bytes === undefined
          ? answered
          : { ...answered, bytes: answered.bytes.subarray(0, 900) };
      },
    });
    const end = await world.sync('initial');
    expect(end).toMatchObject({ reason: expect.stringContaining('the export of Auth0 breaks off') });
    Object.assign(world.company, { answer });
    world.clock.advance(HOUR_MS);
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete' });
    expect(await world.directory.countPersons('demo')).toBe(1_250);
  });

  it('is read in slices by the time of creation where as many are blocked', async () => {
    const world = openAuth0Case(0);
    for (let number = 1; number <= 1_250; number += 1) {
      const id = world.company.people.add();
      if (number > 200) world.company.people.change(id, { isActive: false });
      world.clock.advance(1_000);
    }
    const counts = { new: 200 };
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', counts });
  });

  it('is never complete where more than a search gives were created at one time, and are blocked', async () => {
    const world = openAuth0Case(1_050);
    for (const id of world.ids) world.company.people.change(id, { isActive: false });
    const finished = await world.synced('initial');
    expect(finished).toMatchObject({ outcome: 'incomplete' });
    expect(finished.reason).toBe('the provider gives no more than 1000 people, although there are more');
  });
});

describe('a guest of Entra ID', () => {
  it('is listed, and is nobody', async () => {
    const { company, synced } = openCase(CASES[0] as Case, 3);
    const { answer } = company;
    Object.assign(company, {
      answer: (asked: Parameters<typeof answer>[0]) => {
        const answered = answer(asked);
        const { value = [] } = (answered.body ?? {}) as { value?: Record<string, unknown>[] };
        if (value[0] !== undefined) value[0].userType = 'Guest';
        return answered;
      },
    });
    expect(await synced('initial')).toMatchObject({
      counts: { new: 2, unusable: 1 },
      findings: [{ what: 'unusable', reason: 'a guest' }],
    });
  });
});
