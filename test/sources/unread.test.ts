import { describe, expect, it } from 'vitest';
import { openStates } from '../../functions/events/source-state.ts';
import type { Fetched } from '../../functions/sources/fetcher.ts';
import { noteUnread, sayUnread } from '../../functions/sources/unread.ts';
import { openHooks } from '../webhook/hooks.ts';

type Found = Extract<Fetched, { outcome: 'found' }>;

const found = (active: boolean | undefined, more: Partial<Found> = {}): Found => ({
  outcome: 'found',
  person: { userName: 'ada@example.com', ...(active === undefined ? {} : { active }) },
  ...more,
});

function open() {
  const hooks = openHooks();
  const { services } = hooks;
  return {
    ...hooks,
    note: (reading: Found) => noteUnread(services, 'demo', 's', reading),
    noted: async () => (await openStates(services).get('demo', 's')).unread,
  };
}

describe('what a reading of a person does not tell', () => {
  it.each<[string, Found, string | undefined]>([
    ['is nothing where it tells all', found(true), undefined],
    ['is nothing of who is out of service', found(false), undefined],
    ['is the status', found(undefined), "status can't be read"],
    [
      'is a status of a word that is not known',
      found(undefined, { unknownStatus: 'ODD' }),
      'the status "ODD" is not known',
    ],
    ['is what the provider does not let be read', found(true, { unread: 'groups: no' }), 'groups: no'],
    ['is both', found(undefined, { unread: 'groups: no' }), "status can't be read; groups: no"],
  ])('%s', async (_, reading, what) => {
    const { note, noted, logged } = open();
    await note(reading);
    expect((await noted())?.what).toBe(what);
    expect(logged).toHaveLength(what === undefined ? 0 : 1);
  });

  it('is noted since when it is so, until a reading tells all again', async () => {
    const { note, noted, clock } = open();
    await note(found(undefined));
    const since = (await noted())?.at;
    expect(since).toBe(new Date(clock.now()).toISOString());
    clock.advance(60_000);
    await note(found(undefined));
    expect((await noted())?.at).toBe(since);
    await note(found(true, { unread: 'groups: no' }));
    expect(await noted()).toEqual({ at: new Date(clock.now()).toISOString(), what: 'groups: no' });
    await note(found(true));
    expect(await noted()).toBeUndefined();
  });
});

describe('what readings of a source do not tell', () => {
  const at = '2026-11-23T10:00:00.000Z';

  it('is said once of each source, and again when it is something else', () => {
    const { services, logged } = open();
    const say = (tenant: string, source: string, what?: string) =>
      sayUnread(services, tenant, source, what === undefined ? {} : { unread: { at, what } });
    for (let times = 0; times < 2; times += 1) {
      say('demo', 's', 'groups: no');
      say('demo', 'another', 'groups: no');
      say('other', 's', 'groups: no');
      say('demo', 'whole');
    }
    expect(logged).toHaveLength(3);
    say('demo', 's', "status can't be read");
    expect(logged).toHaveLength(4);
    expect(JSON.parse(logged[3] ?? '')).toMatchObject({
      tenant: 'demo',
      source: 's',
      reason: "status can't be read",
      since: at,
    });
  });
});
