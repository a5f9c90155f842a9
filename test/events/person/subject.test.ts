import { describe, expect, it } from 'vitest';
import type { AuthenticatedEvent } from '../../../functions/events/event.ts';
import { emailsOf, findById, findSubject } from '../../../functions/events/subject.ts';
import { effectiveFrom, offsetOf } from '../../../functions/events/time.ts';
import { ada, event, openBench } from '../bench.ts';

const WORKFORCE = { preset: 'okta-event-hook' } as never;
const SELF_SERVICE = { preset: 'auth0' } as never;
const COGNITO = { preset: 'cognito' } as never;

/** Ada of HR, and Bob whom another source has brought with an externalId. */
async function opened() {
  const bench = openBench();
  await bench.apply(ada({ emails: [{ value: 'ada@mail.example' }, { value: 'a.l@mail.example' }] }));
  const it = { source: 'it', subject: { id: '9', externalId: 'X-9' } } as const;
  await bench.apply(ada({ userName: 'bob@example.com', emails: [{ value: 'bob@mail.example' }] }, it));
  const find = async (said: Partial<AuthenticatedEvent>, settings: typeof WORKFORCE | null = WORKFORCE) => {
    const found = await findSubject(bench.services, 'demo', event(said), settings ?? undefined);
    return found.is === 'nobody'
      ? 'nobody'
      : `${found.is === 'known' ? '' : 'unsure '}${found.record.person.userName}`;
  };
  return { ...bench, find };
}
const [ADA, BOB] = ['ada@example.com', 'bob@example.com'];

describe('whose person an event is about', () => {
  it('is told by the id that the source has given, and then by the id as externalId', async () => {
    const { find } = await opened();
    expect(await find({ subject: { id: 'E-1' } })).toBe(ADA);
    expect(await find({ subject: { id: 'X-9' } })).toBe(BOB);
    // The source has another id of the person already.
    expect(await find({ subject: { id: 'X-9' }, source: 'it' })).toBe('nobody');
    expect(await find({ subject: { externalId: 'X-9' }, source: 'it' })).toBe(BOB);
    expect(await find({ subject: { id: 'E-2' } })).toBe('nobody');
    expect(await find({ subject: {} })).toBe('nobody');
  });

  it('is not told by an id that another source gave to a person whom it made', async () => {
    const { find } = await opened();
    const other = { source: 'other', subject: { id: 'E-1' } };
    expect(await find(other)).toBe('nobody');
    expect(await find({ ...other, kind: 'remove' })).toBe('nobody');
    expect(await find(other, null)).toBe('nobody');
    expect(await find({ ...other, subject: { id: 'E-1', userName: 'zoe@example.com' } })).toBe('nobody');
    expect(await find({ ...other, subject: { id: 'E-1', userName: ADA } })).toBe(ADA);
  });

  it('is told by user name and address, of which the address comes first', async () => {
    const { find } = await opened();
    const by = (subject: object, person?: object) =>
      find({ subject, ...(person && { person: person as never }) });
    expect(await by({ userName: 'ADA@example.com' })).toBe(ADA);
    expect(await by({ email: ADA })).toBe(ADA);
    expect(await by({ email: BOB, userName: ADA })).toBe(BOB);
    expect(await by({}, { userName: ADA })).toBe(ADA);
    expect(await by({}, { userName: '' })).toBe('nobody');
    expect(await by({ email: 'a.l@mail.example' })).toBe(ADA);
    expect(await by({ userName: 'bob@mail.example' })).toBe(BOB);
    expect(await by({ userName: 'nobody@example.com', email: 'bob@mail.example' })).toBe(BOB);
    expect(await by({ email: 'no address' })).toBe('nobody');
  });

  it('is nobody where two have the address', async () => {
    const { find, apply } = await opened();
    await apply(
      ada(
        { userName: 'eve@example.com', emails: [{ value: 'bob@mail.example' }] },
        { subject: { id: 'E-3' } },
      ),
      { isConfirmed: true },
    );
    expect(await find({ subject: { email: 'bob@mail.example' } })).toBe('nobody');
    await apply(event({ kind: 'remove', subject: { id: 'E-3' } }));
    expect(await find({ subject: { email: 'bob@mail.example' } })).toBe(BOB);
  });

  it('is not told by what people say of themselves, unless the address is verified', async () => {
    const { find } = await opened();
    const app = { source: 'app' };
    expect(await find({ ...app, subject: { id: '1', email: ADA } }, SELF_SERVICE)).toBe(`unsure ${ADA}`);
    expect(
      await find({ ...app, subject: { id: '1', email: ADA, isEmailVerified: true } }, SELF_SERVICE),
    ).toBe(ADA);
    const mail = { email: 'ada@mail.example', isEmailVerified: true } as const;
    expect(await find({ ...app, subject: mail }, SELF_SERVICE)).toBe(ADA);
    expect(await find({ ...app, subject: { email: mail.email } }, SELF_SERVICE)).toBe(`unsure ${ADA}`);
    // It is the address that is verified, and not the user name.
    const named = { userName: ADA, email: 'x@mail.example', isEmailVerified: true } as const;
    expect(await find({ ...app, subject: named }, SELF_SERVICE)).toBe(`unsure ${ADA}`);
    const mailed = { userName: mail.email, email: 'x@mail.example', isEmailVerified: true } as const;
    expect(await find({ ...app, subject: mailed }, SELF_SERVICE)).toBe(`unsure ${ADA}`);
    expect(await find({ ...app, subject: { email: ADA } }, null)).toBe(ADA);
  });

  it('is not told by an id that its owner chose, unless it is that of a leaver', async () => {
    const { find } = await opened();
    const pool = { source: 'pool', subject: { id: 'X-9' } };
    expect(await find(pool, COGNITO)).toBe(`unsure ${BOB}`);
    expect(await find({ ...pool, kind: 'suspend' }, COGNITO)).toBe(BOB);
    expect(await find({ source: 'pool', subject: { externalId: 'X-9' } }, COGNITO)).toBe(BOB);
    expect(await find(pool, null)).toBe(BOB);
  });

  it('is two where the names are those of another one who is there', async () => {
    const { find, apply } = await opened();
    const of = (more: object, person: object = {}) =>
      find({ subject: { id: 'E-1', ...more }, person: person as never });
    expect(await of({ email: BOB })).toBe(`unsure ${ADA}`);
    expect(await of({ userName: BOB })).toBe(`unsure ${ADA}`);
    expect(await of({}, { userName: BOB })).toBe(`unsure ${ADA}`);
    expect(await of({ email: 'bob@mail.example' })).toBe(`unsure ${ADA}`);
    expect(await of({}, { emails: [{ value: 'new@mail.example' }, { value: 'bob@mail.example' }] })).toBe(
      `unsure ${ADA}`,
    );
    expect(await of({ email: 'ADA@example.com', userName: 'ADA@mail.example' })).toBe(ADA);
    expect(await of({ email: 'new@mail.example' })).toBe(ADA);
    const six = [1, 2, 3, 4, 5].map((each) => ({ value: `new${each}@mail.example` }));
    expect(await of({}, { emails: [...six, { value: 'bob@mail.example' }] })).toBe(ADA);
    expect(await find({ subject: { id: 'E-1', email: BOB } }, null)).toBe(ADA);
    await apply(event({ source: 'it', kind: 'remove', subject: { id: '9' } }));
    expect(await of({ email: BOB })).toBe(ADA);
    expect(await of({ email: 'bob@mail.example' })).toBe(ADA);
  });

  it('is the one who is there of two who had the id', async () => {
    const { services, apply, directory, stored } = await opened();
    await apply(event({ kind: 'remove' }));
    const [gone] = await stored();
    const found = await findById(services, 'demo', event(), WORKFORCE);
    expect(found).toMatchObject({ is: 'known', record: { id: gone?.id } });
    if (gone === undefined) throw new Error('nobody is stored');
    const { deletedAt: _, ...again } = gone;
    await directory.createPerson({
      ...again,
      id: 'again',
      version: 1,
      person: { ...gone.person, userName: 'again' },
    } as never);
    expect(await findById(services, 'demo', event(), WORKFORCE)).toMatchObject({ record: { id: 'again' } });
    expect(
      await findById(services, 'demo', event({ subject: { userName: ADA } }), WORKFORCE),
    ).toBeUndefined();
  });

  it('has the addresses that are some', () => {
    const emails = [{ value: 'a@b.example' }, { value: '' }, { value: 5 }, null, 'odd', { type: 'work' }];
    expect(emailsOf({ emails })).toEqual(['a@b.example']);
    expect([emailsOf({}), emailsOf({ emails: 'odd' })]).toEqual([[], []]);
  });
});

describe('the time zone in which a day is', () => {
  it('is what is said or guessed of the person, what is known, or the tenant’s', async () => {
    const { services, configuration, apply } = await opened();
    const begins = async (said: AuthenticatedEvent, more: object | undefined = {}) => {
      const where = {
        services,
        tenant: 'demo',
        ...(more && { configuration: { ...configuration, ...more } }),
      };
      return new Date((await effectiveFrom(where, said, '2027-03-01')) ?? 0).toISOString().slice(5, 16);
    };
    const tokyo = { timeZone: 'Asia/Tokyo' };
    expect(await begins(ada())).toBe('03-01T00:00');
    expect(await begins(ada(), tokyo)).toBe('02-28T15:00');
    expect(await begins(ada({ timezone: 'Europe/Berlin' }), tokyo)).toBe('02-28T23:00');
    expect(await begins(ada({}, { guess: { timezone: 'Europe/Berlin' } }), tokyo)).toBe('02-28T23:00');
    expect(await begins(ada({ timezone: 'Nowhere' }), tokyo)).toBe('02-28T15:00');
    await apply(ada({ timezone: 'Asia/Kolkata' }));
    expect(await begins(ada(), tokyo)).toBe('02-28T18:30');
    expect(await begins(ada(), undefined)).toBe('02-28T18:30');
    // A last day ends with that day.
    expect(await begins(event({ kind: 'suspend' }), tokyo)).toBe('03-01T18:30');
  });

  it('is so much later than UTC', () => {
    const winter = Date.parse('2027-01-01');
    const hours = (zone: string | undefined, at = winter) => offsetOf(zone, at) / 3_600_000;
    expect(hours('Europe/Berlin')).toBe(1);
    expect(hours('Europe/Berlin', Date.parse('2027-07-01'))).toBe(2);
    expect(hours('America/St_Johns')).toBe(-3.5);
    expect(hours('Asia/Kathmandu')).toBe(5.75);
    expect([hours('Etc/UTC'), hours(undefined), hours('Nowhere')]).toEqual([0, 0, 0]);
  });
});
