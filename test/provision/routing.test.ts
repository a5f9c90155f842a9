import { describe, expect, it } from 'vitest';
import { leavesRouting } from '../../functions/provision/brake/routing.ts';
import type { AgentRecord } from '../../functions/smartassist/agent.ts';

const OUT = new Set(['ag-out']);
const member = (groupId: string, role = 'agent') => ({ groupId, role });
const record = (agentGroups: object[]) =>
  ({ id: 'a-1', canSupportChat: true, agentGroups }) as unknown as AgentRecord;

describe('a change of group', () => {
  it.each([
    ['out of the only group', [member('ag-a')], 'ag-out', 'managed', true],
    ['out of the second of two groups', [member('ag-out'), member('ag-a')], 'ag-out', 'all', true],
    [
      'out of its own, the manager of another',
      [member('ag-b', 'manager'), member('ag-a')],
      'ag-out',
      'managed',
      true,
    ],
    ['out of all at once', [member('ag-b', 'manager'), member('ag-a')], 'ag-out', 'all', true],
    ['out of one, an agent of another', [member('ag-a'), member('ag-b')], 'ag-out', 'managed', false],
    ['into another', [member('ag-a')], 'ag-b', 'managed', false],
    ['nowhere, being out already', [member('ag-out')], 'ag-out', 'managed', false],
    [
      'nowhere, the manager of another staying so',
      [member('ag-out'), member('ag-b', 'manager')],
      'ag-out',
      'managed',
      false,
    ],
    ['back from Unassigned', [member('ag-out')], 'ag-a', 'managed', false],
  ] as const)('%s', (_, groups, agentGroupId, scope, leaves) => {
    expect(leavesRouting(record([...groups]), { agentGroupId }, OUT, scope)).toBe(leaves);
  });
});

describe('a change of work', () => {
  const GROUPS = [member('ag-a')];
  const [WORK, CHATS, BOTH] = [
    { skills: [{ skillId: 's-1' }], queues: [{ id: 'q-1' }] },
    { canSupportChat: true, canSupportVoice: false },
    { canSupportChat: true, canSupportVoice: true },
  ];
  it.each<[string, object, object, boolean]>([
    ['the last channel gone', CHATS, { canSupportChat: false }, true],
    ['both channels gone', BOTH, { canSupportChat: false, canSupportVoice: false }, true],
    ['one of two channels left', BOTH, { canSupportChat: false }, false],
    ['one channel for the other', CHATS, { canSupportChat: false, canSupportVoice: true }, false],
    ['no channel before and none after', { canSupportChat: false }, { canSupportVoice: false }, false],
    ['its last queue gone, with skills left', WORK, { queues: [] }, true],
    ['its last skill gone, with queues left', WORK, { skills: [] }, true],
    ['another queue', WORK, { queues: [{ id: 'q-2' }] }, false],
    ['lists that are not managed', WORK, { firstName: 'Ada' }, false],
    ['no skill before and none after', { skills: [] }, { skills: [] }, false],
    ['its first skill', { skills: [] }, { skills: [{ skillId: 's-1' }] }, false],
    ['a skill where none was said', {}, { skills: [] }, false],
  ])('takes an agent out of routing or not: %s', (_, before, wanted, leaves) => {
    const current = { id: 'a-1', agentGroups: GROUPS, ...before } as unknown as AgentRecord;
    expect(leavesRouting(current, { ...wanted }, OUT, 'managed')).toBe(leaves);
  });
});
