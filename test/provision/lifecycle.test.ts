import { describe, expect, it } from 'vitest';
import type { AgentState, PersonRecord } from '../../functions/directory/record.ts';
import {
  addressSent,
  afterAttempt,
  afterRace,
  agentGivenUp,
  agentHeld,
  agentLost,
  discarded,
  due,
  isLeased,
  isMappedByNewer,
  isProvisional,
  leased,
  releasedByOperator,
  withoutAgentId,
} from '../../functions/provision/lifecycle.ts';
import type { Result } from '../../functions/provision/result.ts';
import type { ServedGeneration } from '../../functions/provision/services.ts';
import { correlated } from '../../functions/runtime/correlation.ts';
import { aPerson, NOON } from '../contract/directory.ts';

const NOW = new Date(NOON).toISOString();
const BEFORE = '2030-01-14T08:00:00.000Z';
const LEASE = { holder: 'drain', until: NOON + 5_000 };
const KNOWN: AgentState = {
  customId: 'ada',
  presence: 'active',
  agentId: 'a-1',
  account: 'account:1',
  emailId: 'ada@example.com',
  isKeyed: false,
  createdAt: BEFORE,
  appliedHash: 'old',
  appliedAt: BEFORE,
};
const NO_AGENT: AgentState = { customId: 'ada', presence: 'none' };
const HOLD = { movement: 'change', since: NOW, counted: 6, limit: 5, seconds: 3_600, hash: 'new' } as const;
const APPLIED = {
  kind: 'applied',
  did: 'updated',
  hash: 'new',
  agentId: 'a-1',
  emailId: 'ada@example.com',
  changed: [],
} as const;
const POSTPONED = { kind: 'postponed', code: 'unreachable', message: 'no way', unknown: false } as const;
const REFUSED = { kind: 'refused', status: 400, message: 'not so', unknown: false } as const;

const ada = (more: Partial<PersonRecord> = {}) =>
  aPerson('acme', 'ada', { state: 'due', dueAt: BEFORE, dueSince: BEFORE, lease: LEASE, ...more });
const TERMS = { now: NOON, random: () => 0.5, retentionDays: 30, account: 'account:2' };
const attempted = (result: Result, more: Partial<PersonRecord> = {}, terms: object = {}) =>
  afterAttempt(ada(more), result, { ...TERMS, ...terms });
const generation = (number: number): ServedGeneration => ({
  number,
  digest: 'd',
  isActive: true,
  isOutdated: async () => false,
});

describe('after an attempt', () => {
  it.each<[string, Result]>([
    ['provisioned', APPLIED],
    ['suspended', { kind: 'suspended', did: 'suspended', agentId: 'a-1' }],
    ['removed', { kind: 'removed' }],
    ['waiting', { kind: 'nothing' }],
    ['waiting', { kind: 'kept' }],
    ['waiting', { kind: 'held', hold: HOLD }],
    ['waiting', { kind: 'no-seat', seats: 3 }],
    ['failed', { kind: 'invalid', problems: [] }],
    ['failed', REFUSED],
    ['failed', { kind: 'taken', message: 'of bob' }],
  ])('a person is %s, not due any more and free for others: %o', (state, result) => {
    const record = attempted(result, { version: 4 });
    expect(record).toMatchObject({ state, version: 5, listed: { since: expect.any(String) } });
    for (const over of ['lease', 'dueAt', 'dueSince']) expect(record).not.toHaveProperty(over);
  });

  it.each<Result>([POSTPONED, { kind: 'no-slot', waitMs: 5, unknown: false }])(
    'a person is due again, since when that was so: %o',
    (result) => {
      expect(attempted(result)).toMatchObject({ state: 'due', dueSince: BEFORE });
      expect(attempted(result, { dueSince: undefined } as never)).toMatchObject({
        state: 'due',
        dueSince: NOW,
      });
      expect(attempted(result)).not.toHaveProperty('lease');
    },
  );

  it('nothing is left of what the brake said, unless it holds again', () => {
    const held = { held: 'brake', hold: { ...HOLD, hash: 'older' } } as const;
    const done = attempted(APPLIED, held);
    expect(done).not.toHaveProperty('held');
    expect(done).not.toHaveProperty('hold');
    const again = attempted({ kind: 'held', hold: HOLD }, held);
    expect(again).toMatchObject({ held: 'brake', hold: HOLD, listed: { state: 'held', reason: 'change' } });
  });

  it('what an operator released stays so until it is done', () => {
    expect(attempted(POSTPONED, { released: true })).toHaveProperty('released', true);
    expect(attempted(APPLIED, { released: true })).not.toHaveProperty('released');
    expect(attempted(POSTPONED)).not.toHaveProperty('released');
  });

  it('the day on which the mapping changes by itself is that of this mapping, if any', () => {
    expect(attempted(APPLIED, { changesAt: BEFORE }, { changesAt: NOW })).toHaveProperty('changesAt', NOW);
    expect(attempted(APPLIED, { changesAt: BEFORE })).not.toHaveProperty('changesAt');
  });

  it('a deleted person who is at rest is erased once the days of retention are over', () => {
    const deleted = { deletedAt: BEFORE };
    const endOf = (began: string) => ({
      eraseAt: new Date(Date.parse(began) + 30 * 86_400_000).toISOString(),
    });
    expect(attempted({ kind: 'removed' }, deleted)).toMatchObject(endOf(NOW));
    const suspended = { kind: 'suspended', agentId: 'a-1' } as const;
    expect(attempted({ ...suspended, did: 'suspended' }, deleted)).toMatchObject(endOf(NOW));
    // Where nothing is done any more they began with the deletion, or with what was done after it.
    for (const kind of ['nothing', 'kept'] as const)
      expect(attempted({ kind }, deleted)).toMatchObject(endOf(BEFORE));
    const { agent } = attempted(APPLIED);
    const out = (appliedAt: string) => ({
      ...deleted,
      agent: { ...agent, presence: 'suspended', appliedAt } as const,
    });
    const unchanged = { ...suspended, did: 'unchanged' } as const;
    const [earlier, later] = ['2029-12-01T00:00:00.000Z', '2030-01-14T09:00:00.000Z'];
    expect(attempted(unchanged, out(earlier))).toMatchObject(endOf(BEFORE));
    expect(attempted(unchanged, out(later))).toMatchObject(endOf(later));
    for (const result of [POSTPONED, REFUSED, { kind: 'held', hold: HOLD } as const])
      expect(attempted(result, deleted)).not.toHaveProperty('eraseAt');
    expect(attempted({ kind: 'nothing' })).not.toHaveProperty('eraseAt');
  });

  it('who waits for a seat has done so since the agent was wanted', () => {
    expect(attempted({ kind: 'no-seat', seats: 3 })).toMatchObject({ listed: { since: BEFORE } });
    expect(attempted({ kind: 'kept' })).toMatchObject({ listed: { since: NOW } });
  });
});

describe('when an attempt is repeated', () => {
  const inMs = (count: number, random: number) => {
    const { dueAt = '' } = attempted(
      POSTPONED,
      { attempts: { count, unknown: false } },
      { random: () => random },
    );
    return Date.parse(dueAt) - NOON;
  };

  it('is somewhere within two seconds at first, twice as long each time, and at most a quarter of an hour', () => {
    expect([0, 1, 2, 8, 9, 50, 5_000].map((count) => inMs(count, 1))).toEqual([
      2_000, 4_000, 8_000, 512_000, 900_000, 900_000, 900_000,
    ]);
    expect(inMs(3, 0.25)).toBe(4_000);
  });

  it('is never at once', () => {
    expect(inMs(0, 0)).toBe(250);
    expect(inMs(0, 0.13)).toBe(260);
  });

  it('keeps its place in the queue where no call was free', () => {
    const noSlot = { kind: 'no-slot', waitMs: 9_000, unknown: false } as const;
    expect(attempted(noSlot)).toMatchObject({ dueAt: BEFORE });
    expect(attempted(noSlot, { dueAt: undefined } as never)).toMatchObject({ dueAt: NOW });
  });
});

describe('what is known of the agent after an attempt', () => {
  const agentAfter = (result: Result, agent = KNOWN) => attempted(result, { agent }).agent;
  const { appliedHash: _hash, ...unhashed } = KNOWN;
  const NOTHING_LEFT = { customId: 'ada', presence: 'none' };

  it('of a new one is what SmartAssist told of it, and when it was made', () => {
    const applied = { emailId: 'ada@example.com', presence: 'active', appliedHash: 'new', appliedAt: NOW };
    const made = { ...APPLIED, did: 'created' } as const;
    expect(agentAfter({ ...made, agentId: 'a-2' }, NO_AGENT)).toEqual({
      customId: 'ada',
      agentId: 'a-2',
      account: 'account:2',
      createdAt: NOW,
      ...applied,
    });
    // The id of an agent that is gone is nobody's.
    expect(agentAfter({ ...made, agentId: undefined })).toEqual({
      customId: 'ada',
      isKeyed: false,
      createdAt: NOW,
      ...applied,
    });
  });

  it('of one that was changed stays, with what it was sent last', () => {
    const address = { emailId: 'ada.b@example.com' };
    expect(agentAfter({ ...APPLIED, ...address })).toEqual({
      ...KNOWN,
      ...address,
      appliedHash: 'new',
      appliedAt: NOW,
    });
    expect(agentAfter({ ...APPLIED, did: 'unchanged' })).toMatchObject({
      appliedHash: 'new',
      appliedAt: BEFORE,
    });
    expect(agentAfter({ ...APPLIED, did: 'unchanged' }, NO_AGENT)).toMatchObject({ appliedAt: NOW });
  });

  it('of one out of service is no payload', () => {
    const suspended = { kind: 'suspended', agentId: 'a-1' } as const;
    const out = { ...unhashed, presence: 'suspended' };
    expect(agentAfter({ ...suspended, did: 'suspended' })).toEqual({ ...out, appliedAt: NOW });
    expect(agentAfter({ ...suspended, did: 'unchanged' })).toEqual(out);
    expect(agentAfter({ ...suspended, did: 'unchanged' }, NO_AGENT)).toMatchObject({ appliedAt: NOW });
  });

  it('of one that is gone is nothing but that', () => {
    expect(agentAfter({ kind: 'removed' })).toEqual({ customId: 'ada', presence: 'removed', appliedAt: NOW });
    expect(agentAfter({ kind: 'nothing' })).toEqual(NOTHING_LEFT);
    const removed = { ...KNOWN, presence: 'removed' } as const;
    expect(agentAfter({ kind: 'nothing' }, removed)).toEqual({ customId: 'ada', presence: 'removed' });
  });

  it('of one that a postponed exchange gave another address is no payload, for it is not as it should be', () => {
    const emailId = 'interim@example.com';
    expect(agentAfter({ ...POSTPONED, emailId })).toEqual({ ...unhashed, emailId });
  });

  it('is what it was where an attempt found out nothing', () => {
    const found: Result[] = [
      POSTPONED,
      REFUSED,
      { kind: 'taken', message: 'of bob' },
      { kind: 'invalid', problems: [] },
      { kind: 'kept' },
      { kind: 'held', hold: HOLD },
      { kind: 'no-seat', seats: 3 },
      { kind: 'no-slot', waitMs: 5, unknown: true },
    ];
    for (const result of found) expect(agentAfter(result)).toEqual(KNOWN);
  });

  it.each<(found: 'none' | { emailId: string }) => Result>([
    (found) => ({ ...POSTPONED, found }),
    (found) => ({ kind: 'taken', message: 'of bob', found }),
    (found) => ({ kind: 'invalid', problems: [], found }),
    (found) => ({ kind: 'kept', found }),
  ])(
    'is what the search after an unknown outcome found, though the attempt came to no more (%#)',
    (resultWith) => {
      const unsure = { attempts: { count: 2, unknown: true } };
      const none = attempted(resultWith('none'), { agent: KNOWN, ...unsure });
      const { appliedAt } = KNOWN;
      expect(none.agent).toEqual({ ...NOTHING_LEFT, appliedAt });
      expect(none.attempts.unknown).toBe(false);
      const removed = { ...KNOWN, presence: 'removed' } as const;
      expect(attempted(resultWith('none'), { agent: removed }).agent.presence).toBe('removed');
      const emailId = 'found@example.com';
      const there = attempted(resultWith({ emailId }), { agent: NO_AGENT, ...unsure });
      expect(there.agent).toEqual({ ...NO_AGENT, emailId, presence: 'active' });
      expect(there.attempts.unknown).toBe(false);
    },
  );
});

it('a person for whom no seat is free has no agent, once none was found', () => {
  const { agent, attempts } = attempted(
    { kind: 'no-seat', seats: 3, found: 'none' },
    { agent: KNOWN, attempts: { count: 2, unknown: true } },
  );
  expect(agent).toEqual({ customId: 'ada', presence: 'none', appliedAt: BEFORE });
  expect(attempts.unknown).toBe(false);
});

describe('what is noted of an attempt', () => {
  const attempts = { count: 2, unknown: true, lookedForSince: BEFORE } as const;
  const notedOf = (result: Result) => attempted(result, { attempts }).attempts;

  it('is nothing after success: counting begins anew', () => {
    const clean = { count: 0, unknown: false };
    expect(notedOf(APPLIED)).toEqual(clean);
    expect(notedOf({ kind: 'suspended', did: 'suspended', agentId: 'a-1' })).toEqual(clean);
    expect(notedOf({ kind: 'removed' })).toEqual(clean);
    expect(notedOf({ kind: 'nothing' })).toEqual(clean);
  });

  it('is the user who remains, and the address that SmartAssist kept, for an administrator to see to', () => {
    const remains = 'the user is an administrator';
    expect(notedOf({ kind: 'removed', remains }).lastError).toMatchObject({
      code: 'user-remains',
      message: remains,
    });
    expect(notedOf({ ...APPLIED, isAddressKept: true }).lastError).toMatchObject({
      code: 'address-kept',
      at: NOW,
    });
  });

  it('is why it is tried again, and for how long the agent has been looked for', () => {
    expect(notedOf(POSTPONED)).toEqual({
      count: 3,
      unknown: true,
      lastError: { code: 'unreachable', message: 'no way', at: NOW },
    });
    expect(notedOf({ ...POSTPONED, lookedForSince: BEFORE })).toMatchObject({ lookedForSince: BEFORE });
    const sure = { attempts: { count: 0, unknown: false } };
    expect(attempted({ ...POSTPONED, unknown: true }, sure).attempts.unknown).toBe(true);
    expect(attempted(POSTPONED, sure).attempts.unknown).toBe(false);
  });

  it('is why it failed, in words and as lists group it', () => {
    expect(notedOf(REFUSED)).toEqual({
      count: 3,
      unknown: false,
      lastError: {
        code: 'refused',
        message: 'SmartAssist refused (400): not so',
        at: NOW,
        reason: 'refused',
      },
    });
    expect(notedOf({ ...REFUSED, status: 409, unknown: true })).toMatchObject({
      unknown: true,
      lastError: { code: 'refused', reason: 'agent-exists' },
    });
    expect(notedOf({ kind: 'taken', message: 'of bob' })).toEqual({
      count: 3,
      unknown: true,
      lastError: {
        code: 'uniqueness',
        message: 'of bob',
        at: NOW,
        reason: 'uniqueness',
        fields: ['emailId'],
      },
    });
  });

  it('is each problem of one who can not be mapped, each field and rule once, and the name to mend first', () => {
    const problem = (field: 'skills' | 'emailId', message: string, more: object = {}) => ({
      field,
      message,
      ...more,
    });
    const noted = (...problems: ReturnType<typeof problem>[]) => notedOf({ kind: 'invalid', problems });
    expect(
      noted(
        problem('emailId', 'none'),
        problem('skills', 'two such', { kind: 'ambiguous-name', rule: 'billing' }),
        problem('skills', 'no such', { kind: 'unknown-name', rule: 'billing' }),
      ),
    ).toEqual({
      count: 3,
      unknown: true,
      lastError: {
        code: 'invalid',
        message: 'none; two such; no such',
        at: NOW,
        reason: 'unknown-name',
        fields: ['emailId', 'skills'],
        rules: ['billing'],
      },
    });
    expect(noted(problem('skills', 'two such', { kind: 'ambiguous-name' })).lastError?.reason).toBe(
      'ambiguous-name',
    );
    const { lastError } = noted(problem('emailId', 'none'));
    expect(lastError).toMatchObject({ reason: 'unusable-value' });
    expect(lastError).not.toHaveProperty('rules');
  });

  it('is for how many seats there are, where none is free', () => {
    const { count, unknown, lastError } = notedOf({ kind: 'no-seat', seats: 3 });
    expect({ count, unknown }).toEqual({ count: 0, unknown: true });
    expect(lastError).toMatchObject({
      code: 'no-seat',
      message: expect.stringContaining('all 3 seats are taken'),
    });
    expect(notedOf({ kind: 'no-seat', seats: 3, found: 'none' }).unknown).toBe(false);
  });

  it('is no failure where it was not tried, held or left as it is', () => {
    expect(notedOf({ kind: 'no-slot', waitMs: 5, unknown: false })).toEqual(attempts);
    const sure = { attempts: { count: 2, unknown: false } };
    const noSlot = (unknown: boolean) => attempted({ kind: 'no-slot', waitMs: 5, unknown }, sure).attempts;
    expect([noSlot(true), noSlot(false)]).toEqual([{ count: 2, unknown: true }, sure.attempts]);
    expect(notedOf({ kind: 'held', hold: HOLD })).toEqual({ count: 2, unknown: true });
    expect(notedOf({ kind: 'kept' })).toEqual({ count: 0, unknown: true });
  });
});

describe('an attempt that a change overtook', () => {
  const begun = ada({ version: 3 });
  const made = { ...APPLIED, did: 'created', agentId: 'a-2' } as const;
  const overtaken = (current: Partial<PersonRecord>, result: Result = made) =>
    afterRace(ada({ version: 7, ...current }), begun, result, TERMS);

  it('leaves the person due, with what it found out about the agent', () => {
    const person = { userName: 'ada.b@example.com' };
    const record = overtaken({ person });
    expect(record).toMatchObject({
      version: 8,
      state: 'due',
      dueAt: BEFORE,
      dueSince: BEFORE,
      person,
      agent: { agentId: 'a-2', account: 'account:2', presence: 'active' },
      attempts: { count: 0, unknown: false },
      listed: { state: 'due' },
    });
    expect(record).not.toHaveProperty('lease');
  });

  it('makes a person due that was at rest meanwhile', () => {
    const rest = { state: 'provisioned', dueAt: undefined, dueSince: undefined } as never;
    expect(overtaken(rest)).toMatchObject({ state: 'due', dueAt: NOW, dueSince: NOW });
  });

  it('leaves the lease of another holder, and does not know which of both was the later', () => {
    const lease = { holder: 'another', until: NOON + 9_000 };
    expect(overtaken({ lease })).toMatchObject({ lease, attempts: { unknown: true } });
  });

  it('does not know either where the lease was taken away', () => {
    const record = overtaken({ lease: undefined } as never);
    expect(record).not.toHaveProperty('lease');
    expect(record.attempts.unknown).toBe(true);
  });

  it('whose own outcome was never learned says so', () => {
    expect(overtaken({}, { ...POSTPONED, unknown: true }).attempts.unknown).toBe(true);
  });
});

describe('a lease', () => {
  it('is stored with the generation under which the work is done', () => {
    const record = leased(ada({ lease: undefined } as never), 'me', NOON, generation(4));
    expect(record).toMatchObject({ version: 2, lease: { holder: 'me', until: NOON }, generation: 4 });
    expect(record.attempts.unknown).toBe(false);
    expect(leased(ada({ generation: 3 }), 'me', NOON)).toHaveProperty('generation', 3);
  });

  it('over an older one has the agent looked for: that holder died midway', () => {
    expect(leased(ada(), 'me', NOON).attempts.unknown).toBe(true);
    const unknown = { lease: undefined, attempts: { count: 1, unknown: true } } as never;
    expect(leased(ada(unknown), 'me', NOON).attempts.unknown).toBe(true);
  });

  it('holds until its last moment, and is provisional until its holder is done', () => {
    expect(isLeased(ada(), LEASE.until - 1)).toBe(true);
    expect(isLeased(ada(), LEASE.until)).toBe(false);
    expect(isProvisional(ada())).toBe(true);
    const free = ada({ lease: undefined } as never);
    expect([isLeased(free, NOON), isProvisional(free)]).toEqual([false, false]);
  });

  it('is not taken by an older generation than the one that mapped the person', () => {
    const by = (of: number | undefined, served?: number) =>
      isMappedByNewer(
        of === undefined ? {} : { generation: of },
        served === undefined ? undefined : generation(served),
      );
    expect([by(5, 4), by(4, 4), by(3, 4), by(undefined, 0)]).toEqual([true, false, false, false]);
    expect(by(5)).toBe(false);
  });
});

describe('a person who is made due', () => {
  const rested = ada({
    state: 'failed',
    dueAt: undefined,
    dueSince: undefined,
    held: 'brake',
    hold: HOLD,
    released: true,
    discarded: 'old',
    eraseAt: NOW,
    attempts: {
      count: 4,
      unknown: true,
      lookedForSince: BEFORE,
      lastError: { code: 'x', message: 'y', at: NOW },
    },
  } as never);

  it('begins anew: nothing holds, nothing is decided, nothing is to be erased, what was refused counts no more', () => {
    const record = due(rested, NOON);
    expect(record).toMatchObject({ version: 2, state: 'due', dueAt: NOW, dueSince: NOW, priority: 0 });
    // What was sent and never answered stays so.
    expect(record.attempts).toEqual({ count: 0, unknown: true });
    for (const over of ['held', 'hold', 'released', 'discarded', 'eraseAt'])
      expect(record).not.toHaveProperty(over);
    expect(record.listed).toMatchObject({ state: 'due', reason: 'queued' });
  });

  it('waits since it first was due, in the line that it is given', () => {
    expect(due(ada(), NOON, 1)).toMatchObject({ dueAt: NOW, dueSince: BEFORE, priority: 1 });
  });

  it('is worked on later under the id of the request that made it due', () => {
    expect(correlated('of-a-request', () => due(rested, NOON))).toHaveProperty(
      'correlationId',
      'of-a-request',
    );
    expect(due(rested, NOON)).not.toHaveProperty('correlationId');
  });

  it('by an operator passes the brake', () => {
    expect(releasedByOperator(rested, NOON)).toMatchObject({ state: 'due', released: true });
  });

  it('is left as it is once an operator discards what the brake holds', () => {
    const held = ada({ state: 'waiting', held: 'brake', hold: HOLD });
    const record = discarded(held, NOON);
    expect(record).toMatchObject({
      version: 2,
      discarded: 'new',
      listed: { state: 'waiting', reason: 'decided' },
    });
    for (const over of ['held', 'hold']) expect(record).not.toHaveProperty(over);
    const { hash: _, ...leaving } = HOLD;
    expect(discarded({ ...held, hold: leaving }, NOON).discarded).toBe(true);
  });
});

describe('what is learned of an agent between attempts', () => {
  it('is the address that a create is about to be sent with, and whether our key went with it', () => {
    expect(addressSent(ada({ agent: KNOWN }), 'b@example.com', true).agent).toEqual(
      (({ isKeyed: _, ...keyed }) => ({ ...keyed, emailId: 'b@example.com' }))(KNOWN),
    );
    expect(addressSent(ada(), 'b@example.com', false).agent).toMatchObject({ isKeyed: false });
  });

  it('is its id, and in which account', () => {
    const record = agentHeld(ada({ agent: NO_AGENT }), 'a-2', 'account:2');
    expect(record).toMatchObject({
      version: 2,
      agent: { ...NO_AGENT, agentId: 'a-2', account: 'account:2' },
    });
    expect(withoutAgentId(record).agent).toEqual(NO_AGENT);
  });

  it('that it is of another person: nothing is known any more, and the own one is looked for', () => {
    const { agent, attempts } = agentGivenUp(ada({ agent: KNOWN }));
    expect(agent).toEqual({ customId: 'ada', presence: 'none', appliedAt: BEFORE });
    expect(attempts.unknown).toBe(true);
  });

  it('that it is not as it was left: no payload counts as applied, and it is looked for', () => {
    const { appliedHash: _, createdAt, ...rest } = KNOWN;
    const lost = (presence: AgentState['presence'], agent = KNOWN) => agentLost(ada({ agent }), presence);
    expect(lost('active').agent).toEqual({ ...rest, createdAt, presence: 'active' });
    expect(lost('active').attempts.unknown).toBe(true);
    // The id stays, for a list that is read page by page can miss one that is there.
    expect(lost('none').agent).toEqual({ ...rest, presence: 'none' });
    // Put back in service by hand: to be suspended again.
    expect(lost('suspended').agent.presence).toBe('active');
    expect(lost('active', NO_AGENT).agent).not.toHaveProperty('createdAt');
  });
});
