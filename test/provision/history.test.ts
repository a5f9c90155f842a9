import { describe, expect, it } from 'vitest';
import { changeOf, historyOf } from '../../functions/provision/history.ts';
import type { Plan } from '../../functions/provision/plan.ts';
import type { Result } from '../../functions/provision/result.ts';
import { correlated } from '../../functions/runtime/correlation.ts';
import { aPerson, NOON } from '../contract/directory.ts';
import { demoCatalogue, mappingOf } from '../mapping/demo.ts';

const AT = new Date(NOON).toISOString();
const ADA = aPerson('acme', 'ada', {
  source: 'okta',
  personVersion: 4,
  person: { userName: 'ada@example.com', displayName: 'Ada' },
});
const AGENT = {
  kind: 'agent',
  payload: {},
  hash: 'new',
  mapped: mappingOf({}).map(ADA.person),
  catalogue: demoCatalogue,
} as unknown as Plan;
const APPLIED = {
  kind: 'applied',
  did: 'updated',
  hash: 'new',
  agentId: 'a-1',
  emailId: 'ada@example.com',
  changed: ['skills'],
} as const;

const entryOf = (result: Result, { plan = AGENT, calls = [] as string[] } = {}) =>
  historyOf({ record: ADA, plan, result, calls, now: NOON });

describe('the history of a person', () => {
  it('says of a change when, by the word of which source, in which fields, why, and by which calls', () => {
    const calls = ['GET /agents/{agentId}', 'PUT /agents/{agentId}'];
    const entry = correlated('of-a-request', () => entryOf(APPLIED, { calls }));
    expect(entry).toMatchObject({
      at: AT,
      what: 'updated',
      source: 'okta',
      personVersion: 4,
      correlationId: 'of-a-request',
      changed: ['skills'],
      reasons: { agentGroup: ['everyone (set)'] },
      calls,
    });
    expect(JSON.stringify(entry)).not.toContain('ada@example.com');
  });

  it('says no more than that where nothing was changed', () => {
    const nothing = { at: AT, source: 'okta', personVersion: 4 };
    expect(entryOf({ ...APPLIED, did: 'unchanged', changed: [] })).toEqual({ ...nothing, what: 'unchanged' });
    for (const kind of ['nothing', 'kept'] as const)
      expect(entryOf({ kind })).toEqual({ ...nothing, what: kind });
    const hold = { movement: 'change', since: AT, counted: 1, limit: 1, seconds: 60 } as const;
    expect(entryOf({ kind: 'held', hold })).toEqual({ ...nothing, what: 'held' });
  });

  it.each<[Result, object]>([
    [{ kind: 'suspended', did: 'suspended', agentId: 'a-1' }, { what: 'suspended' }],
    [{ kind: 'removed' }, { what: 'removed' }],
    [
      { kind: 'removed', wasGone: true },
      { what: 'removed', message: 'SmartAssist had no such agent any more' },
    ],
    [
      { ...APPLIED, isAddressKept: true },
      { what: 'updated', message: 'SmartAssist kept the former e-mail address', changed: ['skills'] },
    ],
    [
      { kind: 'invalid', problems: [{ field: 'emailId', message: 'no address' }] },
      { what: 'invalid', problems: ['no address'] },
    ],
    [
      { kind: 'refused', status: 400, message: 'not so', unknown: false },
      { what: 'refused', status: 400, message: 'not so' },
    ],
    [
      { kind: 'no-seat', seats: 3 },
      { what: 'no-seat', message: 'all 3 seats are taken' },
    ],
    [
      { kind: 'taken', message: 'of bob' },
      { what: 'taken', message: 'of bob' },
    ],
    [
      { kind: 'postponed', code: 'unreachable', message: 'no way', unknown: false },
      { what: 'postponed', code: 'unreachable', message: 'no way' },
    ],
  ])('says what came of an attempt, in words: %o', (result, entry) => {
    const { reasons: _, ...said } = entryOf(result);
    expect(said).toEqual({ at: AT, source: 'okta', personVersion: 4, ...entry });
  });

  it('gives the rules as reasons of an agent alone', () => {
    expect(entryOf({ kind: 'refused', status: 400, message: '', unknown: false })).not.toHaveProperty(
      'reasons',
    );
    const suspend = { kind: 'suspend', unassignedGroupId: 'u' } as const;
    const result = { kind: 'suspended', did: 'suspended', agentId: 'a-1' } as const;
    expect(entryOf(result, { plan: suspend })).not.toHaveProperty('reasons');
  });
});

describe('the audit of agents', () => {
  const after = { ...ADA, agent: { ...ADA.agent, agentId: 'a-1' } };
  const auditOf = (result: Result) => changeOf(ADA, result, after, NOON);
  const entry = { at: AT, person: 'ada', source: 'okta', agentId: 'a-1' };

  it.each<[Result, object]>([
    [APPLIED, { what: 'updated', changed: ['skills'] }],
    [{ ...APPLIED, did: 'created', changed: [] }, { what: 'created' }],
    [{ kind: 'suspended', did: 'suspended', agentId: 'a-1' }, { what: 'suspended' }],
    [{ kind: 'removed' }, { what: 'removed' }],
  ])('has each change of an agent, by the id of the person: %o', (result, more) => {
    expect(auditOf(result)).toEqual({ ...entry, ...more });
    expect(correlated('of-a-request', () => auditOf(result))).toMatchObject({
      correlationId: 'of-a-request',
    });
  });

  it.each<Result>([
    { ...APPLIED, did: 'unchanged', changed: [] },
    { kind: 'suspended', did: 'unchanged', agentId: 'a-1' },
    { kind: 'removed', wasGone: true },
    { kind: 'nothing' },
    { kind: 'kept' },
    { kind: 'refused', status: 400, message: 'not so', unknown: false },
  ])('has nothing that was no change: %o', (result) => expect(auditOf(result)).toBeUndefined());
});
