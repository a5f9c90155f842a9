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
