import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { applyEvent } from '../../functions/events/apply.ts';
import { confirmPending, dismissPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import { storeConfirmation, storeFetch, storeLater } from '../../functions/events/pending.ts';
import { type Effect, effectsOf } from '../../functions/events/person/effect.ts';
import { dropFormer, formerHolders } from '../../functions/events/person/former-source.ts';
import { ada, event, NOON, openBench, openRacingBench, plus } from './bench.ts';

const TOURS = { id: 'g1', display: 'Tours' };
const ID = 'confirm:hr/E-1';

describe('what waits for an operator', () => {
  async function opened() {
    const bench = openBench();
    await bench.apply(ada({}, { occurredAt: plus(-10) }));
    const confirm = (id = ID) => confirmPending(bench.services, 'demo', id, bench.configuration);
    return { ...bench, confirm };
  }

  it('is listed page by page', async () => {
    const { services } = await opened();
    for (const id of ['1', '2', '3'])
      await storeConfirmation(services, 'demo', event({ kind: 'suspend', subject: { id } }), 'x');
    const first = await listAwaitingConfirmation(services, 'demo', { limit: 2 });
    expect(first.events).toHaveLength(2);
    const second = await listAwaitingConfirmation(services, 'demo', { limit: 2, after: first.next ?? '' });
    expect(second.events).toHaveLength(1);
  });

  it('is done when confirmed, as if it were signed, with all that was said beside it', async () => {
    const { services, confirm, only, groups, waiting } = await opened();
    await storeConfirmation(services, 'demo', event({ kind: 'assign', group: TOURS, trust: 'url' }), 'x');
    await storeConfirmation(services, 'demo', event({ kind: 'suspend', trust: 'url' }), 'x');
    expect((await confirm())?.outcome).toBe('stored');
    expect((await only()).person.active).toBe(false);
    expect(await groups()).toEqual({ Tours: [(await only()).id] });
    expect(await waiting()).toEqual([]);
    expect(await confirm()).toBeUndefined();
  });

  it('goes on waiting where it can not be done', async () => {
    const { services, confirm, waiting } = await opened();
    await storeConfirmation(services, 'demo', ada({ title: { not: 'a text' } }), 'x');
    expect((await confirm())?.outcome).toBe('invalid');
    expect(await waiting()).toHaveLength(1);
  });

  it('is read again where it could not be read', async () => {
    const { services, confirm, directory, due, rung, only } = await opened();
    await storeFetch(services, 'demo', event({ completeness: 'thin' }));
    const [pending] = await directory.duePendingEvents('demo', Date.parse('2200-01-01'), 1);
    if (pending === undefined) throw new Error('nothing waits');
    expect(await confirm('fetch:hr/E-1')).toBeUndefined();
    const { dueAt: _, ...forOperator } = { ...pending, body: { ...pending.body, attempts: 7 } };
    await directory.postponePendingEvent(pending, forOperator);
    rung.length = 0;
    expect(await confirm('fetch:hr/E-1')).toEqual({ outcome: 'fetching' });
    expect(await due()).toMatchObject([{ dueAt: NOON, attempts: 0, do: 'fetch' }]);
    expect(rung).toEqual(['demo']);
    expect((await only()).person.active).toBeUndefined();
  });

  it('is done without a reading where the event itself says that the person left', async () => {
    const { services, confirm, directory, only } = await opened();
    await storeFetch(services, 'demo', event({ kind: 'suspend', completeness: 'thin' }));
    const [pending] = await directory.duePendingEvents('demo', Date.parse('2200-01-01'), 1);
    if (pending === undefined) throw new Error('nothing waits');
    await directory.postponePendingEvent(pending, { body: pending.body });
    expect((await confirm('fetch:hr/E-1'))?.outcome).toBe('stored');
    expect((await only()).person.active).toBe(false);
  });

  it('is let go of, and only where it waits for an operator', async () => {
    const { services, waiting, due } = await opened();
    await storeConfirmation(services, 'demo', event({ kind: 'suspend' }), 'x');
    await storeLater(services, 'demo', event({ kind: 'suspend' }), plus(60));
    expect(await dismissPending(services, 'demo', 'later:leave:hr/E-1')).toBe(false);
    expect(await dismissPending(services, 'demo', 'confirm:hr/other')).toBe(false);
    expect(await confirmPending(services, 'demo', 'later:leave:hr/E-1')).toBeUndefined();
    expect(await dismissPending(services, 'demo', ID)).toBe(true);
    expect([await waiting(), (await due()).length]).toEqual([[], 1]);
  });

  it('that others change at the same moment is theirs', async () => {
    const bench = openBench({}, ({ directory }) => ({
      directory: { ...directory, postponePendingEvent: async () => false },
    }));
    const body = { do: 'fetch', attempts: 0, since: NOON, event: event({ completeness: 'thin' }) };
    await bench.directory.putPendingEvent({ tenant: 'demo', id: 'fetch:hr/E-1', body });
    expect(await confirmPending(bench.services, 'demo', 'fetch:hr/E-1')).toBeUndefined();
    expect(bench.rung).toEqual([]);
  });
});

describe('what accepting would do', () => {
  async function foreseen(tenant: object = {}) {
    const bench = openBench(tenant);
    const of = (said: AuthenticatedEvent, ...also: AuthenticatedEvent[]): Promise<Effect[]> =>
      effectsOf(bench.services, 'demo', bench.configuration, {
        do: 'confirm',
        event: said,
        attempts: 0,
        since: NOON,
        ...(also.length > 0 && { also }),
      });
    await bench.apply(ada({ title: 'Lead' }, { occurredAt: plus(-10) }));
    return { ...bench, of };
  }

  it('is to read where only that something changed is known', async () => {
    const { services, configuration } = await foreseen();
    const body = { do: 'fetch', event: event({ completeness: 'thin' }), attempts: 0, since: NOON } as const;
    expect(await effectsOf(services, 'demo', configuration, body)).toEqual([{ does: 'read' }]);
    const leaver = { ...body, event: event({ kind: 'suspend' }) };
    expect(await effectsOf(services, 'demo', configuration, leaver)).toEqual([{ does: 'suspend' }]);
  });

  it('concerns nobody, or makes a person', async () => {
    const { of } = await foreseen();
    const bob = { subject: { id: 'E-2' } };
    expect(await of(event({ ...bob, kind: 'suspend' }))).toEqual([{ does: 'nobody' }]);
    expect(await of(event({ ...bob, kind: 'assign', group: TOURS }))).toEqual([{ does: 'nobody' }]);
    expect(await of(event({ ...bob, operations: [] }))).toEqual([{ does: 'nobody' }]);
    expect(await of(ada({ userName: 'bob' }, bob))).toEqual([{ does: 'make' }]);
  });

  it('is told for each part, and of no part that it does nothing', async () => {
    const { of } = await foreseen();
    const old = event({ kind: 'suspend', occurredAt: plus(-60) });
    const join = event({ kind: 'assign', group: { id: 'g9' } });
    expect(await of(ada({ title: 'Lead' }, { occurredAt: plus(-60) }), join)).toEqual([
      { does: 'join', group: 'g9' },
    ]);
    expect(await of(ada({ title: 'Lead' }))).toEqual([{ does: 'nothing' }]);
    expect(
      await of(
        ada({ title: 'Lead' }, { occurredAt: plus(-60) }),
        ada({ title: 'Lead' }, { occurredAt: plus(-60) }),
      ),
    ).toEqual([{ does: 'nothing' }]);
    expect(await of(old, event({ kind: 'unassign', group: TOURS }))).toContainEqual({
      does: 'leave',
      group: 'Tours',
    });
  });

  it('is of a group itself what it is called then, or that it is gone', async () => {
    const { of } = await foreseen();
    const group = (kind: 'upsert' | 'remove', which: AuthenticatedEvent['group']) =>
      of(event({ isOfGroup: true, kind, subject: {}, ...(which && { group: which }) }));
    expect(await group('upsert', TOURS)).toEqual([{ does: 'name-group', group: 'Tours' }]);
    expect(await group('remove', { id: 'g1' })).toEqual([{ does: 'delete-group', group: 'g1' }]);
    expect(await group('upsert', undefined)).toEqual([{ does: 'name-group', group: '' }]);
  });

  it('puts out of service by a group that the rules ask for', async () => {
    const { of, apply } = await foreseen({ provisionWhen: 'groups.display eq "Tours"' });
    await apply(ada({ title: 'Lead' }, { groups: [TOURS], occurredAt: plus(-5) }));
    expect(await of(event({ kind: 'unassign', group: TOURS }))).toEqual([
      { does: 'leave', group: 'Tours' },
      { does: 'suspend' },
    ]);
    expect(await of(event({ kind: 'assign', group: { id: 'g2' } }))).toEqual([{ does: 'join', group: 'g2' }]);
  });

  it('is each of what becomes of the person', async () => {
    const { of, apply } = await foreseen({ provisionWhen: 'title eq "Lead"' });
    const whole = { title: 'Lead' };
    expect(await of(ada({ ...whole, userName: 'countess@example.com' }))).toEqual([
      { does: 'rename', userName: 'countess@example.com' },
    ]);
    expect(await of(ada({ ...whole, nickName: 'A', name: { givenName: 'Ada' } }))).toEqual([
      { does: 'change', attributes: ['nickName', 'name.givenName'] },
    ]);
    expect(await of(ada({ title: 'Guest' }))).toEqual([
      { does: 'suspend' },
      { does: 'change', attributes: ['title'] },
    ]);
    expect(await of(ada({ ...whole, active: false }))).toEqual([{ does: 'suspend' }]);
    expect(await of(event({ kind: 'remove' }))).toEqual([{ does: 'delete' }]);
    expect(await of(ada({ title: { not: 'a text' } }))).toMatchObject([
      { does: 'fail', reason: expect.stringContaining('title') },
    ]);
    await apply(event({ kind: 'suspend', occurredAt: plus(-3) }));
    expect(await of(event({ kind: 'resume' }))).toEqual([{ does: 'return' }]);
    expect(await of(event({ kind: 'suspend' }))).toEqual([{ does: 'nothing' }]);
    expect(await of(event({ kind: 'remove' }))).toEqual([{ does: 'delete' }]);
    await apply(event({ kind: 'remove', occurredAt: plus(-2) }));
    expect(await of(event({ kind: 'remove' }))).toEqual([{ does: 'nothing' }]);
    expect(await of(ada({ ...whole, active: true }))).toEqual([{ does: 'return' }]);
  });
});

describe('a source that is no longer configured', () => {
  const OUT = { out: { since: NOON } };
  const both = { sources: { hr: { preset: 'standard-webhooks' } } };

  it('holds whom it said to be out, and no source that is there does so as a former one', () => {
    const record = (links: PersonRecord['links']) => ({ person: { userName: 'ada' }, links }) as PersonRecord;
    const holders = (links: PersonRecord['links']) =>
      formerHolders(record(links), both as never).map(({ source, is }) => `${source} ${is}`);
    expect(holders({ it: { isMaker: true, ...OUT }, hr: OUT, scim: OUT })).toEqual(['it out']);
    expect(holders({ it: { isMaker: true }, hr: OUT })).toEqual([]);
    expect(holders({ it: { isMaker: true, unassigned: { since: NOON } } })).toEqual(['it out']);
    expect(holders({ it: { isMaker: true, out: { since: NOON, gone: true } } })).toEqual(['it gone']);
  });

  async function opened() {
    const bench = openBench();
    const it = { source: 'it', subject: { id: '9' } } as const;
    await bench.apply(ada({ title: 'Lead' }));
    await bench.apply(ada({ title: 'Lead', nickName: 'A' }, it));
    await bench.apply(event({ ...it, kind: 'suspend' }));
    const configuration = { ...bench.configuration, ...(both as object) };
    const drop = (is: 'out' | 'gone' = 'out') =>
      dropFormer(bench.services, 'demo', configuration, { source: 'it', is });
    return { ...bench, it, drop };
  }

  it('is dropped: whom no other one holds comes back, as known', async () => {
    const { drop, only, rung } = await opened();
    expect((await only()).person.active).toBe(false);
    rung.length = 0;
    expect(await drop()).toEqual({ held: 1, back: 1 });
    expect((await only()).person).toMatchObject({ active: true, nickName: 'A', title: 'Lead' });
    expect((await only()).links?.it).toEqual({
      id: '9',
      profileAt: NOON,
      statusAt: NOON,
      said: { title: 'Lead' },
    });
    expect(rung).toContain('demo');
    expect(await drop()).toEqual({ held: 0, back: 0 });
  });

  it('holds whom it held where the list of those who decide can not name it any more', async () => {
    const { services, configuration, only } = await opened();
    const authority = { inService: ['hr', 'scim'], attributes: {} };
    const after = { ...configuration, ...(both as object), authority };
    const context = { services, tenant: 'demo', configuration: after, canFetch: false };
    const applied = await applyEvent(context, ada({ title: 'Chief' }, { occurredAt: plus(10) }));
    expect(applied.outcome).toBe('stored');
    expect((await only()).person).toMatchObject({ title: 'Chief', active: false });
    const drop = { source: 'it', is: 'out' } as const;
    expect(await dropFormer(services, 'demo', after, drop)).toEqual({ held: 1, back: 1 });
    expect((await only()).person.active).toBe(true);
  });

  it('brings nobody back whom another one holds', async () => {
    const { drop, only, apply } = await opened();
    await apply(event({ kind: 'suspend' }));
    expect(await drop()).toEqual({ held: 1, back: 0 });
    expect((await only()).person.active).toBe(false);
  });

  it('is dropped under each of its ids', async () => {
    const { drop, only, apply, it } = await opened();
    await apply(ada({ title: 'Lead' }, { ...it, subject: { id: '10' } }));
    await apply(event({ ...it, subject: { id: '10' }, kind: 'unassign' }));
    expect((await only()).person.active).toBe(false);
    expect(await drop()).toEqual({ held: 1, back: 1 });
    const { it: link } = (await only()).links ?? {};
    expect([link?.out, link?.others?.['10']?.unassigned]).toEqual([undefined, undefined]);
    expect(link?.others?.['10']?.profileAt).toBe(NOON);
  });

  it('brings back whom it has deleted by a decision about exactly those', async () => {
    const { drop, only, apply, it: own } = await opened();
    await apply(event({ ...own, kind: 'remove' }));
    expect(await drop()).toEqual({ held: 0, back: 0 });
    expect((await only()).person.active).toBe(false);
    expect(await drop('gone')).toEqual({ held: 1, back: 1 });
    expect((await only()).person.active).toBe(true);
  });

  it('leaves deleted whom another one has deleted', async () => {
    const { drop, only, apply } = await opened();
    await apply(event({ kind: 'remove' }));
    expect(await drop()).toMatchObject({ held: 1 });
    expect((await only()).links?.it?.out).toBeUndefined();
  });

  it('is dropped from what a record is by then, and left where that changes all the time', async () => {
    const OF_IT = { source: 'it', is: 'out' } as const;
    const { bench, lose } = openRacingBench();
    await bench.apply(ada({}, { source: 'it', subject: { id: '9' } }));
    await bench.apply(event({ source: 'it', subject: { id: '9' }, kind: 'suspend' }));
    const configuration = { ...bench.configuration, ...(both as object) };
    lose(1_000);
    expect(await dropFormer(bench.services, 'demo', configuration, OF_IT)).toEqual({ held: 1, back: 0 });
    lose(1);
    expect(await dropFormer(bench.services, 'demo', configuration, OF_IT)).toEqual({ held: 1, back: 1 });
  });
});
