import { describe, expect, it } from 'vitest';
import { readEarly, rememberEarly, statusSince } from '../../functions/events/early.ts';
import {
  cancelLater,
  confirmationId,
  pendingBodyOf,
  storeConfirmation,
  storeFetch,
  storeLater,
} from '../../functions/events/pending.ts';
import { subjectKey } from '../../functions/events/subject.ts';
import { ada, event, NOON, openBench, plus } from './bench.ts';

const [TOURS, BILLING] = [{ id: 'g1', display: 'Tours' }, { id: 'g2' }];

describe('by what a waiting event knows its person', () => {
  it('is the id, else the names whatever their case, and a group by its own id', () => {
    const key = (subject: object) => subjectKey(event({ subject }));
    expect(key({ id: 'E-1', userName: 'Ada', email: 'A@b.example' })).toBe('hr/E-1');
    expect(key({ userName: 'Ada', email: 'A@b.example' })).toBe('hr/ada');
    expect(key({ email: 'A@b.example', externalId: 'X' })).toBe('hr/a@b.example');
    expect(key({ externalId: 'X' })).toBe('hr/X');
    expect(key({})).toBe('hr/');
    expect(subjectKey(event({ isOfGroup: true, group: TOURS }))).toBe('hr/group/g1');
    expect(subjectKey(event({ isOfGroup: true }))).toBe('hr/group/');
  });
});

describe('what is to be read soon', () => {
  it('is one reading for several events, and keeps that one of them said the person left', async () => {
    const { services, due, rung, clock } = openBench();
    await storeFetch(services, 'demo', event({ kind: 'suspend', subject: { id: 'E-1', userName: 'ada' } }));
    const [first] = await due();
    expect(first).toMatchObject({ id: 'fetch:hr/E-1', dueAt: NOON, do: 'fetch', attempts: 0, since: NOON });
    clock.advance(10);
    await storeFetch(services, 'demo', event({ type: 'later', occurredAt: plus(10) }));
    const [only, ...others] = await due();
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      dueAt: plus(10),
      since: plus(10),
      attempts: 0,
      event: { kind: 'suspend', subject: { id: 'E-1', userName: 'ada' } },
    });
    expect(only?.also).toBeUndefined();
    expect(rung).toEqual(['demo', 'demo']);
  });

  it('is told of the leaver again by nothing but a return', async () => {
    const { services, due } = openBench();
    await storeFetch(services, 'demo', event({ kind: 'suspend' }));
    await storeFetch(services, 'demo', event({ kind: 'resume' }));
    expect((await due())[0]?.event.kind).toBe('resume');
    await storeFetch(services, 'demo', event({ kind: 'remove' }));
    expect((await due())[0]?.event.kind).toBe('remove');
    await storeFetch(services, 'demo', event({ kind: 'suspend' }));
    expect((await due())[0]?.event.kind).toBe('suspend');
  });

  it('keeps of each group what was said last, whatever came last', async () => {
    const { services, due } = openBench();
    const join = (group: object, seconds: number, kind: 'assign' | 'unassign' = 'assign') =>
      storeFetch(services, 'demo', event({ kind, group: group as never, occurredAt: plus(seconds) }));
    await join(TOURS, 20);
    await join(BILLING, 10);
    await join(TOURS, 5, 'unassign');
    const [only] = await due();
    expect([only?.event.group?.id, only?.event.kind]).toEqual(['g1', 'assign']);
    expect(only?.also?.map(({ group, kind }) => [group?.id, kind])).toEqual([['g2', 'assign']]);
    await storeFetch(services, 'demo', event({ type: 'changed' }));
    const [both] = await due();
    expect(both?.event.type).toBe('changed');
    expect(both?.also?.map(({ group, kind }) => [group?.id, kind])).toEqual([
      ['g2', 'assign'],
      ['g1', 'assign'],
    ]);
    await join(BILLING, 30, 'unassign');
    const [changed] = await due();
    expect(changed?.event.type).toBe('changed');
    expect(changed?.also?.map(({ group, kind }) => [group?.id, kind])).toEqual([
      ['g2', 'unassign'],
      ['g1', 'assign'],
    ]);
  });

  it('holds fifty memberships at most, the newest', async () => {
    const { services, due } = openBench();
    for (let number = 0; number < 53; number += 1)
      await storeFetch(services, 'demo', event({ kind: 'assign', group: { id: `g${number}` } }));
    const [only] = await due();
    expect(only?.event.group?.id).toBe('g52');
    expect(only?.also).toHaveLength(50);
    expect(only?.also?.at(-1)?.group?.id).toBe('g51');
  });
});

describe('what holds from later on', () => {
  it('takes the place of what was said before, and not of what was said since', async () => {
    const { services, due, rung } = openBench();
    const later = (day: number, said: number) =>
      storeLater(services, 'demo', ada({}, { occurredAt: plus(said) }), plus(day));
    await later(1_000, 10);
    await later(2_000, 20);
    expect(await due()).toMatchObject([
      {
        id: 'later:join:hr/E-1',
        dueAt: plus(2_000),
        do: 'apply',
        attempts: 0,
        since: plus(20),
        event: { occurredAt: plus(2_000) },
      },
    ]);
    await later(3_000, 15);
    expect((await due()).map(({ dueAt }) => dueAt)).toEqual([plus(2_000)]);
    await later(4_000, 20);
    expect((await due()).map(({ dueAt }) => dueAt)).toEqual([plus(4_000)]);
    expect(rung).toHaveLength(4);
  });

  it('leaves the first and the last day beside each other', async () => {
    const { services, due } = openBench();
    await storeLater(services, 'demo', ada(), plus(10));
    await storeLater(services, 'demo', event({ kind: 'suspend' }), plus(20));
    expect((await due()).map(({ id }) => id)).toEqual(['later:join:hr/E-1', 'later:leave:hr/E-1']);
  });

  const both = async () => {
    const bench = openBench();
    await storeLater(bench.services, 'demo', ada({}, { occurredAt: plus(10) }), plus(100));
    await storeLater(bench.services, 'demo', event({ kind: 'suspend', occurredAt: plus(10) }), plus(200));
    const left = async (now: Parameters<typeof event>[0], waited?: string) => {
      const pending =
        waited === undefined ? undefined : await bench.directory.readPendingEvent('demo', waited);
      await cancelLater(bench.services, 'demo', event(now), pending);
      return (await bench.due()).map(({ id }) => id.split(':')[1]);
    };
    return left;
  };

  it('is cancelled by who is back: no leaving; by who has left: neither joining nor leaving', async () => {
    expect(await (await both())({ occurredAt: plus(20) })).toEqual(['join']);
    expect(await (await both())({ occurredAt: plus(20), kind: 'suspend' })).toEqual([]);
  });

  it('stays where it was said later than what holds now', async () => {
    expect(await (await both())({ occurredAt: plus(5), kind: 'suspend' })).toEqual(['join', 'leave']);
    expect(await (await both())({ occurredAt: plus(10), kind: 'suspend' })).toEqual([]);
  });

  it('stays where it was said together with what has come now', async () => {
    const left = await both();
    expect(await left({ occurredAt: plus(100) }, 'later:join:hr/E-1')).toEqual(['join', 'leave']);
    expect(await left({ occurredAt: plus(200), kind: 'suspend' }, 'later:leave:hr/E-1')).toEqual([
      'join',
      'leave',
    ]);
  });
});

describe('what waits for an operator', () => {
  it('says since when and why, and holds all that was said meanwhile', async () => {
    const { services, waiting, clock, logged } = openBench();
    await storeConfirmation(services, 'demo', event({ kind: 'suspend' }), 'not signed');
    expect(await waiting()).toMatchObject([
      { id: 'confirm:hr/E-1', do: 'confirm', attempts: 0, since: NOON, why: 'not signed' },
    ]);
    expect(logged.join()).toContain('an event waits to be confirmed');
    clock.advance(60);
    await storeConfirmation(services, 'demo', event({ kind: 'assign', group: TOURS }), 'a group', true);
    expect(await waiting()).toMatchObject([
      {
        since: NOON,
        why: 'a group',
        lapses: true,
        event: { kind: 'suspend' },
        also: [{ kind: 'assign', group: TOURS }],
      },
    ]);
    expect(confirmationId(event())).toBe('confirm:hr/E-1');
  });

  it('is refused where it is stored in no form that is known', () => {
    const body = { do: 'confirm', attempts: 0, since: NOON, event: event({ kind: 'suspend' }) };
    const read = (changes: object) => pendingBodyOf({ body: { ...body, ...changes } } as never);
    expect(read({ why: 'x', lastError: 'y', isRefused: true, lapses: true, also: [event()] })).toMatchObject(
      body,
    );
    const bad = [
      { why: 1 },
      { lastError: 1 },
      { isRefused: false },
      { lapses: false },
      { also: [{}] },
      { attempts: 'two' },
      { since: 5 },
      { event: { ...body.event, group: 'g1' } },
      { event: { ...body.event, group: { display: 'Tours' } } },
      { event: { ...body.event, group: { id: 'g1', display: 1 } } },
      { event: { ...body.event, groups: [{}] } },
      { event: { ...body.event, person: 'ada' } },
      { event: { ...body.event, guess: 'ada' } },
      { event: { ...body.event, operations: 'odd' } },
      { event: { ...body.event, kind: 'odd' } },
      { event: { ...body.event, trust: 'odd' } },
      { event: { ...body.event, completeness: 'odd' } },
      { event: { ...body.event, sequence: 'odd' } },
      { event: { ...body.event, isOfGroup: false } },
      { event: { ...body.event, source: 1 } },
      { event: { ...body.event, type: 1 } },
      { event: { ...body.event, key: 1 } },
      { event: { ...body.event, occurredAt: 1 } },
      { event: { ...body.event, effectiveAt: 1 } },
      { event: { ...body.event, subject: { id: 1 } } },
      { event: { ...body.event, subject: { userName: 1 } } },
      { event: { ...body.event, subject: { email: 1 } } },
      { event: { ...body.event, subject: { externalId: 1 } } },
      { event: { ...body.event, subject: { application: 1 } } },
      { event: { ...body.event, subject: { isEmailVerified: false } } },
    ];
    for (const changes of bad) expect(() => read(changes), JSON.stringify(changes)).toThrow();
  });
});

describe('what was said of a person before it is known who that is', () => {
  const said = async (...events: Parameters<typeof event>[0][]) => {
    const { services } = openBench();
    for (const each of events) await rememberEarly(services, 'demo', event(each));
    return readEarly(services, 'demo', event());
  };

  it('is kept in the order in which it was said, once', async () => {
    const suspend = { kind: 'suspend', occurredAt: plus(20) } as const;
    const early = await said(suspend, { kind: 'resume', occurredAt: plus(10) }, suspend);
    expect(early.events.map(({ kind }) => kind)).toEqual(['resume', 'suspend']);
    expect(early.at).toBe(plus(20));
  });

  it('of one time stays as it came, and counts where the source counts', async () => {
    const early = await said({ type: 'first' }, { type: 'second' }, { type: 'third', occurredAt: plus(-1) });
    expect(early.events.map(({ type }) => type)).toEqual(['third', 'first', 'second']);
    const counted = await said(
      { type: 'late', sequence: 9 },
      { type: 'early', sequence: 2, occurredAt: plus(5) },
    );
    expect(counted.events.map(({ type }) => type)).toEqual(['early', 'late']);
    expect(counted.at).toBeUndefined();
  });

  it('is the newest twenty', async () => {
    const early = await said(
      ...Array.from({ length: 23 }, (_, second) => ({ type: `t${second}`, occurredAt: plus(second) })),
    );
    expect([early.events.length, early.events[0]?.type]).toEqual([20, 't3']);
  });

  it('is kept for thirty days, person by person', async () => {
    const bench = openBench();
    await rememberEarly(bench.services, 'demo', event({ kind: 'suspend' }));
    expect((await readEarly(bench.services, 'demo', event({ subject: { id: 'E-2' } }))).events).toEqual([]);
    bench.clock.advance(30 * 86_400 - 10);
    expect((await readEarly(bench.services, 'demo', event())).events).toHaveLength(1);
    bench.clock.advance(20);
    expect((await readEarly(bench.services, 'demo', event())).events).toEqual([]);
  });

  it('decides of being in service where it was said later', () => {
    const of = (kind: 'suspend' | 'resume' | 'remove' | 'assign', seconds: number) =>
      event({ kind, occurredAt: plus(seconds), ...(kind === 'assign' ? { group: TOURS } : {}) });
    const events = [of('suspend', 10), of('resume', 20), of('assign', 30)];
    expect(statusSince({ events }, event({ occurredAt: plus(15) }))).toBe(events[1]);
    expect(statusSince({ events }, event({ occurredAt: plus(20) }))).toBeUndefined();
    expect(statusSince({ events: [of('remove', 10)] }, event())?.kind).toBe('remove');
    expect(statusSince({ events: [of('suspend', 10)] }, event())?.kind).toBe('suspend');
    expect(statusSince({ events: [of('assign', 30)] }, event())).toBeUndefined();
  });

  it('is that the person is gone, as version 0.1.0 kept it', async () => {
    const gone = { events: [], at: plus(10) };
    expect(statusSince(gone, event())).toEqual(event({ kind: 'remove', occurredAt: plus(10) }));
    expect(statusSince(gone, event({ occurredAt: plus(10) }))).toBeUndefined();
    expect(statusSince({ events: [] }, event())).toBeUndefined();
    const { services, directory } = openBench();
    await directory.writeDocument('demo#gone#hr/E-1', 'gone', { at: plus(10) });
    expect(await readEarly(services, 'demo', event())).toEqual(gone);
    await rememberEarly(services, 'demo', event({ kind: 'assign', group: TOURS }));
    expect((await readEarly(services, 'demo', event())).at).toBe(plus(10));
    await directory.writeDocument('demo#gone#hr/E-1', 'gone', { at: 5, events: 'odd' });
    expect(await readEarly(services, 'demo', event())).toEqual({ events: [] });
  });
});
