import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../functions/directory/record.ts';
import { withoutCalls } from '../../functions/provision/apply-plan.ts';
import type { Plan } from '../../functions/provision/plan.ts';
import { aPerson } from '../contract/directory.ts';

const PROBLEMS = [
  { field: 'skills', message: 'skills can not be read' },
  { field: 'agentGroup', message: 'groups can not be read' },
] as const;
const AGENT = { kind: 'agent', payload: { emailId: 'Ada@example.com' }, hash: 'h' } as unknown as Plan;
const SUSPEND: Plan = { kind: 'suspend', unassignedGroupId: 'u' };

describe('what needs no call', () => {
  const comesTo = (plan: Plan, agent: Partial<AgentState> = {}, unknown = false) =>
    withoutCalls(
      aPerson('demo', 'ada', {
        agent: { customId: 'ada', presence: 'none', ...agent },
        attempts: { count: 0, unknown },
      }),
      plan,
    );
  const there = { presence: 'active', appliedHash: 'h', agentId: 'a-1' } as const;
  const unchanged = { kind: 'applied', did: 'unchanged', hash: 'h', agentId: 'a-1', changed: [] };

  it('is an agent that has what it is to have, under the address that it has', () => {
    expect(comesTo(AGENT, there)).toEqual({ ...unchanged, emailId: 'Ada@example.com' });
    expect(comesTo(AGENT, { ...there, emailId: 'ada@EXAMPLE.com' })).toEqual({
      ...unchanged,
      emailId: 'Ada@example.com',
    });
    expect(comesTo(AGENT, { ...there, emailId: 'former@example.com' })).toEqual({
      ...unchanged,
      emailId: 'former@example.com',
      isAddressKept: true,
    });
  });

  it('is no agent that has something else, is out of service, or of which nothing is certain', () => {
    expect(comesTo(AGENT, { ...there, appliedHash: 'older' })).toBeUndefined();
    expect(comesTo(AGENT, { ...there, presence: 'suspended' })).toBeUndefined();
    expect(comesTo(AGENT, there, true)).toBeUndefined();
  });

  it('is an agent that is out of service already, for certain', () => {
    const suspended = { presence: 'suspended', agentId: 'a-1' } as const;
    expect(comesTo(SUSPEND, suspended)).toEqual({ kind: 'suspended', did: 'unchanged', agentId: 'a-1' });
    expect(comesTo(SUSPEND, suspended, true)).toBeUndefined();
    expect(comesTo(SUSPEND, there)).toBeUndefined();
  });

  it('is a person for whom nothing is to be done, or nothing can be, once no agent is out there', () => {
    expect(comesTo({ kind: 'nothing' }, {}, true)).toEqual({ kind: 'nothing' });
    expect(comesTo({ kind: 'keep' })).toEqual({ kind: 'kept' });
    expect(comesTo({ kind: 'keep' }, {}, true)).toBeUndefined();
    expect(comesTo({ kind: 'invalid', problems: PROBLEMS })).toEqual({ kind: 'invalid', problems: PROBLEMS });
    expect(comesTo({ kind: 'invalid', problems: PROBLEMS }, {}, true)).toBeUndefined();
  });

  it('is a person whose names can not be read: it waits, with each reason', () => {
    expect(comesTo({ kind: 'unreadable', problems: PROBLEMS })).toEqual({
      kind: 'postponed',
      code: 'names-unreadable',
      message: 'skills can not be read; groups can not be read',
      unknown: false,
    });
  });

  it.each<Plan>([
    { kind: 'remove', alsoUser: false },
    { kind: 'undo', unassignedGroupId: 'u' },
  ])('is no deletion: %o', (plan) => expect(comesTo(plan, there)).toBeUndefined());
});
