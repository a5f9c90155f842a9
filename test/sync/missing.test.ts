import { describe, expect, it } from 'vitest';
import { accept } from '../../functions/provision/accept.ts';
import { FetchError } from '../../functions/sources/fetcher.ts';
import { found, mail, openScript, row, type ScriptOptions } from './script.ts';

const HOUR_MS = 3_600_000;
const PEOPLE = 10;

/** A source whose list has left out person 3 since it was read as a whole. */
async function missing(given: ScriptOptions = {}) {
  const world = openScript({ people: PEOPLE, ...given });
  await world.synced('initial');
  world.clock.advance(24 * HOUR_MS);
  world.script.rows = world.script.rows.filter((_, index) => index !== 2);
  const { directory, synced, clock } = world;
  return {
    ...world,
    /** The next whole reading, so many hours later: what it says of the missing person. */
    look: async (hours = 0) => {
      clock.advance(hours * HOUR_MS);
      const { counts, findings } = await synced('full');
      const { unchanged: _, ...others } = counts;
      return { ...others, ...(findings[0] === undefined ? {} : { reason: findings[0].reason }) };
    },
    three: async () => (await directory.findPerson('demo', { attribute: 'link', value: 'people/3' }))[0],
  };
}

describe('a person who is missing from a whole list', () => {
  it('is deleted where the provider does not know the id', async () => {
    const { look, three } = await missing();
    expect(await look()).toEqual({ gone: 1 });
    expect((await three())?.deletedAt).toBeDefined();
    expect(await look()).toEqual({});
  });

  it('is put out of service where the provider can restore the account', async () => {
    const asked: string[] = [];
    const isRestorable = async (_: unknown, id: string) => {
      asked.push(id);
      return true;
    };
    const { look, three } = await missing({ listing: { isRestorable } });
    expect(await look()).toEqual({ gone: 1 });
    expect(asked).toEqual(['3']);
    expect((await three())?.deletedAt).toBeUndefined();
    expect((await three())?.person.active).toBe(false);
  });

  it('is deleted where the provider can restore some accounts and not this one', async () => {
    const { look, three } = await missing({ listing: { isRestorable: async () => false } });
    expect(await look()).toEqual({ gone: 1 });
    expect((await three())?.deletedAt).toBeDefined();
  });

  it('leaves as reading by id says', async () => {
    const { script, look, three } = await missing();
    script.byId.set('3', found(3, { active: false }));
    expect(await look()).toEqual({ gone: 1 });
    expect((await three())?.person.active).toBe(false);
    expect((await three())?.deletedAt).toBeUndefined();
  });

  it('leaves where reading by id says that the scope has lost the person', async () => {
    const { script, look, inService } = await missing();
    script.byId.set('3', found(3, {}, { isInScope: false }));
    expect(await look()).toEqual({ gone: 1 });
    expect(await inService()).not.toContain(mail(3));
  });

  it('stays where reading by id says in service, and what it says counts', async () => {
    const { script, look, three } = await missing();
    script.byId.set('3', found(3, { title: 'Lead' }));
    for (let times = 0; times < 3; times += 1)
      expect(await look(24)).toEqual({
        kept: 1,
        reason: 'not on the list, but can be read and is in service',
      });
    expect((await three())?.person).toMatchObject({ active: true, title: 'Lead' });
  });

  it('stays where the status is a word that is not known', async () => {
    const { script, look, inService } = await missing();
    script.byId.set('3', found(3, { active: undefined }, { unknownStatus: 'ODD' }));
    expect(await look()).toEqual({ kept: 1, reason: 'not on the list, and the status "ODD" is not known' });
    expect(await inService()).toContain(mail(3));
  });

  it('stays where the one person may not be read', async () => {
    const { script, look, inService } = await missing();
    script.byId.set('3', new FetchError('answered 403', { status: 403, isPermanent: true }));
    expect(await look()).toEqual({ kept: 1, reason: 'not on the list, and may not be read' });
    expect(await inService()).toContain(mail(3));
  });

  it.each([
    ['credentials that are refused', new FetchError('answered 401', { status: 401, isPermanent: true })],
    ['a refusal that is only for now', new FetchError('answered 403', { status: 403 })],
  ])('is not decided on with %s', async (_, error) => {
    const { script, synced, inService } = await missing();
    script.byId.set('3', error);
    expect(await synced('full')).toMatchObject({ outcome: 'incomplete', reason: error.message });
    expect(await inService()).toContain(mail(3));
  });

  it('is not decided on by our own fault', async () => {
    const { script, synced } = await missing();
    const own = new Error('our own');
    script.byId.set('3', own);
    await expect(synced('full')).rejects.toBe(own);
  });

  it('who was said to be out of service meanwhile is not looked at', async () => {
    const world = await missing();
    const { clock, directory, script, three } = world;
    const record = await three();
    if (record === undefined) throw new Error('nobody');
    const out = { since: new Date(clock.now()).toISOString() };
    const people = { ...record.links?.people, out };
    const after = { ...record, version: record.version + 1, links: { ...record.links, people } };
    await directory.updatePerson(record, after);
    script.asked.length = 0;
    expect(await world.look()).toEqual({});
    expect(script.asked).not.toContain('3');
  });
});

describe('a person who can not be read one by one, missing from a whole list', () => {
  const FIRST = { kept: 1, reason: expect.stringContaining('12 hours later at the earliest') };

  it('leaves by two lists in a row that are half a day apart', async () => {
    const { look, three } = await missing({ isBlind: true });
    expect(await look()).toEqual(FIRST);
    expect(await look(12)).toEqual({ gone: 1 });
    expect((await three())?.person.active).toBe(false);
    expect((await three())?.deletedAt).toBeUndefined();
  });

  it('stays while the lists are no half a day apart, however many there are', async () => {
    const { look } = await missing({ isBlind: true });
    for (let times = 0; times < 4; times += 1) expect(await look(3)).toEqual(FIRST);
    expect(await look(3)).toEqual({ gone: 1 });
  });

  it('stays where a list between the two has the person', async () => {
    const { look, script } = await missing({ isBlind: true });
    expect(await look()).toEqual(FIRST);
    const without = script.rows;
    script.rows = [...without, row(3)];
    expect(await look(24)).toEqual({});
    script.rows = without;
    expect(await look(24)).toEqual(FIRST);
    expect(await look(24)).toEqual({ gone: 1 });
  });

  it('stays where a month has passed between the two', async () => {
    const { look } = await missing({ isBlind: true });
    expect(await look()).toEqual(FIRST);
    expect(await look(24 * 31)).toEqual(FIRST);
  });

  it('is looked at again by a reading that goes on, as by one list', async () => {
    const { look, synced, clock, script } = await missing({ isBlind: true });
    expect(await look()).toEqual(FIRST);
    clock.advance(13 * HOUR_MS);
    script.errors.push(new FetchError('answered 400', { status: 400 }));
    expect(await synced('full')).toMatchObject({ outcome: 'incomplete' });
    expect(await look()).toEqual({ gone: 1 });
  });
});

describe('a person who can be read, missing from a list of a part of the people', () => {
  const PART = { listing: { isPart: () => true } };

  it('leaves by two lists in a row, half a day apart', async () => {
    const { look, script, three } = await missing(PART);
    script.byId.set('3', found(3));
    expect(await look()).toEqual({
      kept: 1,
      reason: 'not on the list, but can be read; leaves when the next complete one says the same',
    });
    expect(await look(12)).toEqual({ gone: 1 });
    expect((await three())?.links?.people?.unassigned).toBeDefined();
    expect((await three())?.links?.people?.out).toBeUndefined();
  });

  it('stays where reading by id says that the scope has the person', async () => {
    const { look, script } = await missing(PART);
    script.byId.set('3', found(3, {}, { isInScope: true }));
    for (let times = 0; times < 2; times += 1) expect(await look(24)).toMatchObject({ kept: 1 });
  });

  it('leaves at once where reading by id says so', async () => {
    const { look, script } = await missing(PART);
    script.byId.set('3', found(3, { active: false }));
    expect(await look()).toEqual({ gone: 1 });
  });
});

describe('a person whom another source made, missing from a whole list', () => {
  const SCIM_HAS = 'not on the list, but scim has the person: authority.inService does not name people';

  async function ofScim(given: ScriptOptions = {}) {
    const world = openScript({ people: PEOPLE, ...given });
    await accept('demo', world.services, {
      person: { userName: mail(3), active: true },
      source: 'scim',
      priority: 0,
      links: { scim: { profileAt: new Date(world.clock.now()).toISOString(), isMaker: true } },
    });
    await world.synced('initial');
    world.script.rows = world.script.rows.filter((_, index) => index !== 2);
    world.clock.advance(24 * HOUR_MS);
    const counts = async () => (await world.synced('full')).findings;
    return { ...world, findings: counts };
  }

  it.each<[string, ScriptOptions]>([
    ['can not be read', { isBlind: true }],
    ['is not known to the provider', {}],
  ])('stays where the person %s', async (_, given) => {
    const { findings, inService, clock } = await ofScim(given);
    for (let times = 0; times < 2; times += 1) {
      expect(await findings()).toMatchObject([{ what: 'kept', reason: SCIM_HAS }]);
      clock.advance(24 * HOUR_MS);
    }
    expect(await inService()).toContain(mail(3));
  });

  it('stays where the person can be read and is in service', async () => {
    const { findings, script } = await ofScim();
    script.byId.set('3', found(3));
    expect(await findings()).toMatchObject([{ what: 'kept', reason: SCIM_HAS }]);
  });

  it('leaves where the source says itself that the person is out', async () => {
    const { script, synced, inService } = await ofScim();
    script.byId.set('3', found(3, { active: false }));
    expect((await synced('full')).counts).toMatchObject({ gone: 1 });
    expect(await inService()).not.toContain(mail(3));
  });

  it('leaves where the tenant says that this source decides', async () => {
    const authority = { inService: ['people'], attributes: {} };
    const { synced, inService } = await ofScim({ tenant: { authority } });
    expect((await synced('full')).counts).toMatchObject({ gone: 1 });
    expect(await inService()).not.toContain(mail(3));
  });
});

it('a person whom this source made stays where the tenant says that another one decides', async () => {
  const authority = { inService: ['scim'], attributes: {} };
  const { look, inService } = await missing({ tenant: { authority } });
  expect(await look()).toEqual({
    kept: 1,
    reason: 'not on the list, but another source has the person: authority.inService does not name people',
  });
  expect(await inService()).toContain(mail(3));
});
