import { beforeEach, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { eraseIgnored, readIgnored, theirsOf, writeIgnored } from '../../functions/reconcile/ignored.ts';

const clock = { now: () => Date.UTC(2030, 0, 1), sleep: async () => {} };
const decision = { by: 'ada', at: '2030-01-01T00:00:00.000Z' };

let directory: Directory;
beforeEach(() => {
  directory = openDirectory(memoryTable(clock), clock);
});

describe('what an operator ignores', () => {
  it.each([
    ['with why, and what the agent held', { ...decision, reason: 'her wish', theirs: 'digest' }],
    ['without a reason', decision],
  ])('is kept with which operator and when, %s', async (_, ignored) => {
    await writeIgnored(directory, 'demo', { person: 'p-1' }, ignored);
    expect(await readIgnored(directory, 'demo', { person: 'p-1' })).toEqual(ignored);
  });

  it('is that finding alone: no other person, no agent of that name, no other tenant', async () => {
    await writeIgnored(directory, 'demo', { person: 'one' }, decision);
    for (const [tenant, finding] of [
      ['demo', { person: 'other' }],
      ['demo', { agent: 'one' }],
      ['second', { person: 'one' }],
    ] as const) {
      expect(await readIgnored(directory, tenant, finding)).toBeUndefined();
    }
    await writeIgnored(directory, 'demo', { agent: 'a-1' }, decision);
    expect(await readIgnored(directory, 'demo', { agent: 'a-2' })).toBeUndefined();
  });

  it('is found again once that is taken back, and no other', async () => {
    await writeIgnored(directory, 'demo', { person: 'one' }, decision);
    await writeIgnored(directory, 'demo', { agent: 'one' }, decision);
    await eraseIgnored(directory, 'demo', { person: 'one' });
    expect(await readIgnored(directory, 'demo', { person: 'one' })).toBeUndefined();
    expect(await readIgnored(directory, 'demo', { agent: 'one' })).toEqual(decision);
  });

  it.each([
    ['names no operator', { at: decision.at }, undefined],
    ['has no time', { by: 'ada' }, undefined],
    ['has a reason that is no text', { ...decision, reason: 7 }, decision],
    ['has a digest that is no text', { ...decision, theirs: null }, decision],
  ])('is read for what can be read of it where it %s', async (_, stored, read) => {
    await directory.writeDocument('demo#ignored', 'person one', stored);
    expect(await readIgnored(directory, 'demo', { person: 'one' })).toEqual(read);
  });
});

describe('what the changed fields of an agent come to', () => {
  const agent = { id: 'a-1', lastName: 'Byron', phoneNumber: '+49 30 123', skills: [] };
  const fields = ['lastName', 'phoneNumber'];
  const came = theirsOf('p-1', agent, fields);

  it.each([
    ['another field was changed', { ...agent, skills: ['x'] }],
    ['a telephone number is written otherwise', { ...agent, phoneNumber: '4930123' }],
  ])('is the same where %s', (_, changed) => {
    expect(theirsOf('p-1', changed, fields)).toBe(came);
  });

  it('is the same in whichever order the fields are', () => {
    expect(theirsOf('p-1', agent, fields.toReversed())).toBe(came);
  });

  it('is another for another value, another field and another person, and shows none of them', () => {
    const others = [
      theirsOf('p-1', { ...agent, lastName: 'Lovelace' }, fields),
      theirsOf('p-1', agent, ['lastName']),
      theirsOf('p-2', agent, fields),
    ];
    expect(new Set([came, ...others]).size).toBe(4);
    expect(came).not.toMatch(/Byron|4930123|p-1/);
  });
});
