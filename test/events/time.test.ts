import { describe, expect, it } from 'vitest';
import { confirmPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { dayOf, isoOf, timeOf } from '../../functions/events/instant.ts';
import { pendingBodyOf } from '../../functions/events/pending.ts';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { beginningOf, endOf } from '../../functions/runtime/days.ts';
import { readTime } from '../../functions/runtime/time.ts';
import type { HttpResponse } from '../../functions/runtime/transport.ts';
import { type Hooks, SECONDS, sign } from '../webhook/hooks.ts';
import { openWith, standard, TEXT, WHSEC } from './story.ts';

const iso = (at: number) => new Date(at).toISOString();
const HOUR_MS = 3_600_000;

describe('a time', () => {
  it.each([
    ['2027-03-01T08:00Z', '2027-03-01T08:00:00.000Z'],
    ['2027-03-01 08:00:30 +0530', '2027-03-01T02:30:30.000Z'],
    ['2027-03-01T08:00:00.1234567Z', '2027-03-01T08:00:00.123Z'],
    ['2027-03-01T08:00:00', '2027-03-01T08:00:00.000Z'],
    [1_800_000_000, '2027-01-15T08:00:00.000Z'],
    ['1800000000000', '2027-01-15T08:00:00.000Z'],
    [' 2027-03-01t08:00 utc ', '2027-03-01T08:00:00.000Z'],
    ['2027-03-01T08:00:00,25z', '2027-03-01T08:00:00.250Z'],
    ['2027-03-01T08:00-03:30', '2027-03-01T11:30:00.000Z'],
    // From here on a number counts milliseconds.
    [99_999_999_999, '5138-11-16T09:46:39.000Z'],
    [100_000_000_000, '1973-03-03T09:46:40.000Z'],
    [-86_400, '1969-12-31T00:00:00.000Z'],
  ])('%s is read', (text, at) => {
    expect(isoOf(text)).toBe(at);
    expect(timeOf(text)).toBe(at);
  });

  it.each([
    '03/01/2027',
    '20270301',
    'soon',
    '2027-02-30',
    '2027-13-01',
    '2027-03-01T25:00Z',
    'on 2027-03-01',
    '2027-03-01 or so',
    'x1800000000',
    '1800000000x',
    true,
    {},
  ])('%s is none, and stays what it is', (text) => {
    expect(readTime(text)).toBeUndefined();
    expect(timeOf(text)).toBe(typeof text === 'string' ? text : JSON.stringify(text));
  });

  it('that no calendar has is none', () => {
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, 8e15, '9999999999999999'])
      expect(readTime(number), String(number)).toBeUndefined();
    expect(readTime(7e15)).toEqual({ is: 'instant', at: 7e15 });
  });

  it('that can not be read is shown in forty letters at most', () => {
    expect(timeOf('soon '.repeat(20))).toBe('soon '.repeat(8));
    expect(timeOf(Symbol('soon'))).toBe('');
  });

  it('of a field that means a day is a day where it is midnight in UTC', () => {
    expect(dayOf('2027-03-01T00:00:00Z')).toBe('2027-03-01');
    expect(dayOf('2027-03-01T00:00:01Z')).toBe('2027-03-01T00:00:01.000Z');
    expect([dayOf('2027-03-01'), dayOf(undefined)]).toEqual(['2027-03-01', undefined]);
  });

  it('alone stays a day', () => {
    expect(timeOf('2027-03-01')).toBe('2027-03-01');
    expect(isoOf('2027-03-01')).toBe('2027-03-01T00:00:00.000Z');
    expect([timeOf(undefined), timeOf(null), timeOf('')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a day', () => {
  it.each([
    ['2027-03-01', 'Etc/UTC', '2027-03-01T00:00:00.000Z', '2027-03-02T00:00:00.000Z'],
    ['2027-03-01', 'Europe/Berlin', '2027-02-28T23:00:00.000Z', '2027-03-01T23:00:00.000Z'],
    // Summer time begins, and ends: days of 23 and of 25 hours.
    ['2027-03-28', 'Europe/Berlin', '2027-03-27T23:00:00.000Z', '2027-03-28T22:00:00.000Z'],
    ['2027-10-31', 'Europe/Berlin', '2027-10-30T22:00:00.000Z', '2027-10-31T23:00:00.000Z'],
    ['2027-03-14', 'America/New_York', '2027-03-14T05:00:00.000Z', '2027-03-15T04:00:00.000Z'],
    ['2027-03-01', 'Pacific/Kiritimati', '2027-02-28T10:00:00.000Z', '2027-03-01T10:00:00.000Z'],
    ['2027-03-01', 'Pacific/Pago_Pago', '2027-03-01T11:00:00.000Z', '2027-03-02T11:00:00.000Z'],
    ['2027-03-01', 'Asia/Kolkata', '2027-02-28T18:30:00.000Z', '2027-03-01T18:30:00.000Z'],
    // The clock was put forward at midnight: the day began at one.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
    ['2027-12-31', 'Asia/Tokyo', '2027-12-30T15:00:00.000Z', '2027-12-31T15:00:00.000Z'],
  ])('%s in %s begins and ends there', (day, zone, begins, ends) => {
    expect(iso(beginningOf(day, zone))).toBe(begins);
    expect(iso(endOf(day, zone))).toBe(ends);
  });
});

const ADA = {
  externalId: 'E-1',
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
};

/** Which day it is tomorrow, in UTC. */
const tomorrow = (hooks: Hooks) => iso(hooks.clock.now() + 24 * HOUR_MS).slice(0, 10);
const due = async (hooks: Hooks) =>
  (await hooks.directory.duePendingEvents('demo', Date.parse('2200-01-01'), 10)).map(({ id, dueAt }) => [
    id.split(':')[1],
    dueAt,
  ]);
/** Says something at the time of the clock. */
const sayNow = (hooks: Hooks, type: string, data: object, timestamp = iso(hooks.clock.now())) => {
  const seconds = Math.floor(hooks.clock.now() / 1_000);
  const body = JSON.stringify({ type, timestamp, data });
  return hooks.send('hr', { body, headers: sign.standard(WHSEC, `msg_at_${seconds}`, seconds, body) });
};
const waiting = async (hooks: Hooks) =>
  (await listAwaitingConfirmation(hooks.services, 'demo', { limit: 20 })).events;

describe('the first and the last day of a person', () => {
  it.each([
    ['Europe/Berlin', undefined],
    ['America/Los_Angeles', undefined],
    // Where the person works counts before where the tenant is.
    ['Europe/Berlin', 'Asia/Tokyo'],
    ['Europe/Berlin', 'America/Los_Angeles'],
    // A zone that there is none of is as good as none.
    ['Europe/Berlin', 'Middle-earth/Shire'],
  ])('are days there: tenant in %s, person in %s', async (timeZone, timezone) => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } }, { tenant: { timeZone } });
    const person = { ...ADA, ...(timezone === undefined ? {} : { timezone }) };
    const zone = timezone === undefined || timezone.startsWith('Middle') ? timeZone : timezone;
    const day = tomorrow(hooks);
    await standard('hr', 'user.created', { ...person, effectiveAt: day }, 50)(hooks);
    expect(await due(hooks)).toEqual([['join', iso(beginningOf(day, zone))]]);
    hooks.clock.advance(beginningOf(day, zone) - hooks.clock.now());
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    // Who leaves is known by id alone: the zone is that of the record.
    await sayNow(hooks, 'user.deactivated', { externalId: 'E-1', effectiveAt: day });
    expect(await due(hooks)).toEqual([['leave', iso(endOf(day, zone))]]);
    hooks.clock.advance(endOf(day, zone) - hooks.clock.now() - 1_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    hooks.clock.advance(1_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('stay where something newer could not be taken', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } }, { tenant: { timeZone: 'Etc/UTC' } });
    await standard('hr', 'user.created', ADA, 50)(hooks);
    await hooks.settle();
    const day = tomorrow(hooks);
    await sayNow(hooks, 'user.deactivated', { externalId: 'E-1', effectiveAt: day });
    hooks.clock.advance(60_000);
    await sayNow(hooks, 'user.updated', { ...ADA, title: { not: 'a text' } });
    expect(await due(hooks)).toEqual([['leave', iso(endOf(day, 'Etc/UTC'))]]);
    hooks.clock.advance(endOf(day, 'Etc/UTC') - hooks.clock.now());
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('are instants where the source says them so', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } }, { tenant: { timeZone: 'Asia/Tokyo' } });
    const at = `${tomorrow(hooks)}T08:00Z`;
    await standard('hr', 'user.created', { ...ADA, effectiveAt: at }, 50)(hooks);
    expect(await due(hooks)).toEqual([['join', iso(Date.parse(at))]]);
  });

  it.each(['03/01/2027', '20270301', 'soon', '2027-02-30'])(
    'that can not be read (%s) wait for a word and are never now',
    async (effectiveAt) => {
      const hooks = openWith({ hr: { preset: 'standard-webhooks' } });
      await standard('hr', 'user.created', ADA, 50)(hooks);
      await hooks.settle();
      await standard('hr', 'user.deactivated', { ...ADA, effectiveAt }, 40)(hooks);
      await hooks.settle();
      expect(hooks.agents().active).toEqual(['ada@example.com']);
      const [pending] = await waiting(hooks);
      expect(pending && pendingBodyOf(pending).why).toContain(effectiveAt);
      await confirmPending(hooks.services, 'demo', pending?.id ?? '');
      await hooks.settle();
      expect(hooks.agents().active).toEqual([]);
    },
  );

  it('when something happened, where that can not be read, is its arrival, with a warning', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } });
    expect((await sayNow(hooks, 'user.created', ADA, 'soon')).status).toBeLessThan(300);
    expect(hooks.logged.some((line) => line.includes('its arrival counts'))).toBe(true);
    const record = await hooks.person('ada@example.com');
    expect(record?.links?.hr?.profileAt).toBe(iso(hooks.clock.now()));
  });
});

describe('days that a reading brings', () => {
  const employee = {
    id: '67890',
    firstName: 'Bryony',
    lastName: 'Hanford',
    workEmail: 'bryony@bamboo.example',
    status: 'Active',
  };
  const open = (days: object) =>
    openWith(
      { people: { preset: 'bamboohr', fetch: { companyDomain: 'acme' } } },
      {
        tenant: { timeZone: 'America/New_York' },
        secrets: { 'people.fetch': ['key'] },
        provider: (): HttpResponse => ({
          status: 200,
          headers: {},
          body: JSON.stringify({ ...employee, ...days }),
        }),
      },
    );
  const changed = async (hooks: Hooks) => {
    const body = JSON.stringify({ type: 'employee.updated', data: { companyId: '1', employeeId: '67890' } });
    const headers = {
      'x-bamboohr-timestamp': String(SECONDS),
      'x-bamboohr-signature': sign.hex(TEXT, body + SECONDS),
    };
    await hooks.send('people', { headers, body });
    await hooks.settle();
  };

  it('begin and end where the tenant is', async () => {
    const hooks = openWith({});
    const day = tomorrow(hooks);
    const joining = open({ hireDate: day, terminationDate: day });
    await changed(joining);
    expect(await due(joining)).toEqual([
      ['join', iso(beginningOf(day, 'America/New_York'))],
      ['leave', iso(endOf(day, 'America/New_York'))],
    ]);
  });

  it('that have passed, of a person who is there, are those of an earlier time', async () => {
    const hooks = open({ hireDate: '2020-01-01', terminationDate: '2019-12-31' });
    await changed(hooks);
    expect(await due(hooks)).toEqual([]);
    expect(hooks.agents().active).toEqual(['bryony@bamboo.example']);
  });

  it('that can not be read wait for a word, unless the person is there already', async () => {
    const joining = open({ hireDate: '03/01/2027' });
    await changed(joining);
    expect(joining.agents().active).toEqual([]);
    expect((await waiting(joining)).map((pending) => pendingBodyOf(pending).why)).toEqual([
      expect.stringContaining('03/01/2027'),
    ]);
    let days: object = {};
    const there = openWith(
      { people: { preset: 'bamboohr', fetch: { companyDomain: 'acme' } } },
      {
        secrets: { 'people.fetch': ['key'] },
        provider: () => ({ status: 200, headers: {}, body: JSON.stringify({ ...employee, ...days }) }),
      },
    );
    await changed(there);
    days = { hireDate: '03/01/2027', lastName: 'Hanford-Smith' };
    there.clock.advance(60_000);
    const body = JSON.stringify({ type: 'employee.updated', data: { employeeId: '67890', companyId: '2' } });
    const stamp = String(SECONDS);
    const headers = {
      'x-bamboohr-timestamp': stamp,
      'x-bamboohr-signature': sign.hex(TEXT, body + stamp),
    };
    await there.send('people', { headers, body });
    await there.settle();
    expect(await waiting(there)).toEqual([]);
    expect((await there.person('bryony@bamboo.example'))?.person.name?.familyName).toBe('Hanford-Smith');
  });
});

describe('check', () => {
  const problems = (timeZone: string, preset: string) =>
    checkConfiguration(`tenants:
  demo:
    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s }
    ${timeZone}
    sources: { people: { preset: ${preset} } }
`).problems.map(({ path, message, line }) => `${line} ${path.slice(2).join('.')}: ${message}`);

  it('demands a time zone where a source brings days, and takes those that there are', () => {
    expect(problems('', 'bamboohr')).toEqual([expect.stringMatching(/^5 sources\.people: .*timeZone/)]);
    expect(problems('', 'okta-event-hook')).toEqual([]);
    expect(problems('timeZone: Europe/Berlin', 'bamboohr')).toEqual([]);
    for (const wrong of ['Berlin', '"+02:00"', '""']) {
      expect(problems(`timeZone: ${wrong}`, 'bamboohr')).toEqual([
        expect.stringMatching(/^4 timeZone: .*Europe\/Berlin/),
      ]);
    }
  });
});
