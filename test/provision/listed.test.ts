import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { listed, reasonCodeOf, sinceOf } from '../../functions/provision/listed.ts';
import { aPerson, NOON } from '../contract/directory.ts';

const NOW = new Date(NOON).toISOString();
const BEFORE = '2030-01-14T08:00:00.000Z';
const LONG_BEFORE = '2030-01-02T08:00:00.000Z';
const ada = (more: Partial<PersonRecord> = {}) => aPerson('acme', 'ada', more);
/** Whose last attempt came to this. */
const tried = (code: string, more: object = {}) => ({
  attempts: {
    count: 1,
    unknown: false,
    lastError: { code, message: 'as SmartAssist says', at: BEFORE, ...more },
  },
});
const HOLD = { movement: 'change', since: BEFORE, counted: 6, limit: 5, seconds: 3_600 } as const;
const withAgent = (presence: PersonRecord['agent']['presence']) => ({
  agent: { customId: 'ada', presence },
});

describe('the reason that a person is listed under', () => {
  it.each<[string, Partial<PersonRecord>, string]>([
    ['due for the first time', { state: 'due' }, 'queued'],
    ['SmartAssist did not take the credentials', { state: 'due', ...tried('unauthorized') }, 'credentials'],
    ['the secret is not there', { state: 'due', ...tried('secret-missing') }, 'credentials'],
    ['the secret has another form', { state: 'due', ...tried('secret-malformed') }, 'credentials'],
    ['the secret can not be read', { state: 'due', ...tried('secret-unreadable') }, 'credentials'],
    ['SmartAssist could not be reached', { state: 'due', ...tried('unreachable') }, 'unreachable'],
    ['the outcome was never learned', { state: 'due', ...tried('unknown') }, 'no-answer'],
    ['the agent is looked for', { state: 'due', ...tried('looked-for') }, 'looked-for'],
    ['names can not be read', { state: 'due', ...tried('names-unreadable') }, 'names-unreadable'],
    ['the organization is not known', { state: 'due', ...tried('no-organization') }, 'no-organization'],
    ['another thing came between', { state: 'due', ...tried('addresses-exchanged') }, 'other'],
    [
      'a name is not there',
      { state: 'failed', ...tried('invalid', { reason: 'unknown-name' }) },
      'unknown-name',
    ],
    ['refused, as version 0.1.0 noted it', { state: 'failed', ...tried('refused') }, 'refused'],
    ['the address is taken, as 0.1.0 noted it', { state: 'failed', ...tried('uniqueness') }, 'uniqueness'],
    ['not mapped, as 0.1.0 noted it', { state: 'failed', ...tried('invalid') }, 'invalid'],
    ['failed, and nothing says why', { state: 'failed' }, 'invalid'],
    ['as it should be', { state: 'provisioned' }, 'done'],
    ['held: a change', { state: 'waiting', held: 'brake', hold: HOLD }, 'change'],
    ['held by version 0.1.0, which held leavers alone', { state: 'waiting', held: 'brake' }, 'leaving'],
    [
      'held before the source deleted the person',
      { state: 'waiting', held: 'brake', deletedAt: BEFORE },
      'leaving',
    ],
    [
      'an operator discarded the leaving',
      { state: 'waiting', discarded: true, deletedAt: BEFORE },
      'decided',
    ],
    ['no seat is free', { state: 'waiting', ...tried('no-seat') }, 'no-seat'],
    ['out of service since no seat was free', { state: 'suspended', ...tried('no-seat') }, 'out-of-scope'],
    [
      'deleted at the source',
      { state: 'suspended', deletedAt: BEFORE, person: { userName: 'a', active: false } },
      'deleted',
    ],
    [
      'out of service at the source',
      { state: 'suspended', person: { userName: 'a', active: false } },
      'inactive',
    ],
    ['left in service by configuration', { state: 'waiting', ...withAgent('active') }, 'kept'],
    ['not in scope, and no agent', { state: 'waiting', ...withAgent('none') }, 'out-of-scope'],
    ['not in scope any more', { state: 'suspended', ...withAgent('suspended') }, 'out-of-scope'],
    [
      'not in scope any more, and the agent deleted',
      { state: 'removed', ...withAgent('removed') },
      'out-of-scope',
    ],
  ])('%s', (_, more, reason) => expect(reasonCodeOf(ada(more))).toBe(reason));
});

describe('since when a person is in a list', () => {
  const provisioned = { state: 'provisioned', reason: 'done', since: LONG_BEFORE } as const;
  const listedAs = (more: Partial<PersonRecord>, since?: string) => listed(ada(more), NOON, since).listed;

  it('is now, for one who comes to the list', () => {
    expect(listedAs({})).toEqual({ ...provisioned, since: NOW });
  });

  it('stays what it was for one who is written anew and stays there', () => {
    expect(listedAs({ listed: provisioned })).toEqual(provisioned);
  });

  it('begins anew for another reason, and in another state', () => {
    const kept = { state: 'waiting', reason: 'kept', since: LONG_BEFORE } as const;
    expect(listedAs({ state: 'waiting', listed: kept })).toEqual({
      ...kept,
      reason: 'out-of-scope',
      since: NOW,
    });
    const out = { state: 'suspended', reason: 'out-of-scope', since: LONG_BEFORE } as const;
    expect(listedAs({ state: 'waiting', listed: out })).toEqual({ ...out, state: 'waiting', since: NOW });
  });

  it('may lie behind, where the caller says so, yet not for one who has been there all along', () => {
    const noSeat = { state: 'waiting', ...tried('no-seat') } as const;
    const there = { state: 'waiting', reason: 'no-seat', since: LONG_BEFORE } as const;
    expect(listedAs(noSeat, BEFORE)).toEqual({ ...there, since: BEFORE });
    expect(listedAs({ ...noSeat, listed: there }, BEFORE)).toEqual(there);
  });

  it('is for who is due since when that is so without a break, beside where the person stood before', () => {
    expect(listedAs({ state: 'due', dueSince: BEFORE, listed: provisioned })).toEqual({
      state: 'due',
      reason: 'queued',
      since: BEFORE,
      before: provisioned,
    });
    expect(listedAs({ state: 'due' })).toEqual({ state: 'due', reason: 'queued', since: NOW });
  });

  it('survives every round through the queue that changes nothing', () => {
    const due = { state: 'due', reason: 'queued', since: BEFORE, before: provisioned } as const;
    expect(listedAs({ state: 'due', dueSince: BEFORE, listed: due })).toEqual(due);
    expect(listedAs({ listed: due })).toEqual(provisioned);
  });

  it('is of what version 0.1.0 wrote the best that is known', () => {
    const agent = { customId: 'ada', presence: 'active', appliedAt: '2030-01-05T00:00:00.000Z' } as const;
    const hold = { ...HOLD, since: '2030-01-07T00:00:00.000Z' };
    const [all, due] = [{ agent, hold, ...tried('refused') }, '2030-01-08T00:00:00.000Z'];
    expect(sinceOf(ada({ ...all, dueSince: due, listed: provisioned }))).toBe(LONG_BEFORE);
    expect(sinceOf(ada({ ...all, dueSince: due }))).toBe(due);
    expect(sinceOf(ada(all))).toBe(hold.since);
    expect(sinceOf(ada({ agent, ...tried('refused') }))).toBe(BEFORE);
    expect(sinceOf(ada({ agent }))).toBe(agent.appliedAt);
    expect(sinceOf(ada())).toBe('2030-01-01T00:00:00.000Z');
  });
});
