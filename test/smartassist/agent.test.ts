import { describe, expect, it } from 'vitest';
import {
  type AgentRecord,
  differences,
  isOutOfService,
  managedFieldsOf,
  merge,
} from '../../functions/smartassist/agent.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';
import { fieldsIn } from '../../functions/smartassist/record-fields.ts';

/** As the newest documentation shows a single record; values are made up. */
const record = {
  id: 'a-1',
  userId: 'u-1',
  accountId: 'c0ffee',
  orgId: 'o-1',
  iId: 'st-1',
  emailId: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Example',
  customId: '1111',
  roleId: 'r-1',
  role: 'Agent',
  name: 'Ada Example',
  agentGroups: [
    { groupId: 'ag-team', role: 'manager', name: 'Team' },
    { groupId: 'ag-old', role: 'agent', name: 'Old' },
  ],
  canSupportChat: true,
  canSupportVoice: false,
  chatLanguageSupport: [{ language: 'en', proficiency: 'good', isActive: true }],
  voiceLanguageSupport: [],
  skills: [{ id: 'as-1', skillId: 's-1', proficiencyLevel: 'good', isOptedOut: true }],
  queues: [{ id: 'qu-1', name: 'Billing', isPreferredAgent: true, isOptedOut: true }],
  desktopLayouts: [{ id: 'ly-1', isDefault: true }],
  onlineStatus: 'Available',
  onlineStatusType: 'AVAILABLE',
  prevStatus: 'Away',
  iceServers: [{ username: 'turn', credential: 'secret' }],
  sipURI: 'sip:ada@example.com',
  addresses: ['ada'],
  profImage: 'no-avatar',
  callRegion: 'USA',
  maxDigitalConvoLimit: 3,
  lastOnlineAt: '2026-04-01T00:00:00.000Z',
  markedAutoAway: false,
  status: 'ACTIVE',
  badge: '4711',
} as unknown as AgentRecord;
const payload: AgentPayload = {
  emailId: 'Ada@example.com',
  firstName: 'Ada',
  lastName: 'Example',
  customId: 'ourkeyourkeyour',
  agentGroupId: 'ag-new',
  roleId: 'r-1',
  canSupportChat: true,
  canSupportVoice: false,
  chatLanguageSupport: [{ language: 'en', proficiency: 'good', isActive: true }],
  voiceLanguageSupport: [],
  skills: [{ skillId: 's-1', proficiencyLevel: 'expert' }],
  queues: [{ id: 'qu-1', isPreferredAgent: true }],
  maxChatSupport: 3,
  createDefaultLayoutAndAssign: true,
  callRegion: 'DE',
};
const terms = { streamId: 'st-1', groups: 'managed', custom: ['badge'] } as const;
const wanted = managedFieldsOf(payload);

describe('the body of an update', () => {
  const body = merge(record, wanted, terms);

  it('has documented fields and those of the tenant alone: 41 are documented', () => {
    expect(fieldsIn('update')).toHaveLength(41);
    const others = Object.keys(body).filter((field) => !fieldsIn('update').includes(field));
    expect(others).toEqual(['badge']);
  });

  it('echoes when the agent was online last, and nothing of its presence', () => {
    expect(body).toMatchObject({ lastOnlineAt: '2026-04-01T00:00:00.000Z', markedAutoAway: false });
    expect(JSON.stringify(body)).not.toMatch(/onlineStatus|prevStatus|iceServers|secret|sip:/);
  });

  it("keeps the server's own entries of skills and queues that stay, for an agent may have opted out", () => {
    expect(body.skills).toEqual([
      { id: 'as-1', skillId: 's-1', proficiencyLevel: 'expert', isOptedOut: true },
    ]);
    expect(body.queues).toEqual([{ id: 'qu-1', name: 'Billing', isPreferredAgent: true, isOptedOut: true }]);
  });

  it("never replaces a custom id that is there: it is the customer's own", () => {
    expect(body.customId).toBe('1111');
    expect(merge({ ...record, customId: '' }, wanted, terms).customId).toBe('ourkeyourkeyour');
  });

  it('exchanges the group in which the agent works, and leaves the others', () => {
    expect(body.agentGroupId).toBe('ag-new');
    expect(body.agentGroups).toEqual([
      { groupId: 'ag-new', role: 'agent' },
      { groupId: 'ag-team', role: 'manager' },
    ]);
  });

  it('has one group where all of them are managed', () => {
    const { agentGroups } = merge(record, wanted, { ...terms, groups: 'all' });
    expect(agentGroups).toEqual([{ groupId: 'ag-new', role: 'agent' }]);
  });
});

describe('what differs', () => {
  it('is what an update can change, and no custom id', () => {
    expect(differences(record, wanted)).toEqual(['agentGroupId', 'skills']);
    expect(differences(record, payload)).toEqual(['agentGroupId', 'skills']);
  });

  it('is no group that the agent is in among others, unless all are managed', () => {
    expect(differences(record, { agentGroupId: 'ag-team' })).toEqual([]);
    expect(differences(record, { agentGroupId: 'ag-team' }, 'all')).toEqual(['agentGroupId']);
  });

  it("reads the list's queues, which have the preference one level deeper", () => {
    const queues = (isPreferredAgent: boolean) => [
      { id: 'qu-1', name: 'Billing', agents: [{ userId: 'u-1', isPreferredAgent }] },
    ];
    expect(differences({ ...record, queues: queues(true) }, { queues: payload.queues })).toEqual([]);
    expect(differences({ ...record, queues: queues(false) }, { queues: payload.queues })).toEqual(['queues']);
  });
});

describe('an agent is out of service', () => {
  it.each([
    [true, [{ groupId: 'ag-out', role: 'agent' }]],
    [false, [{ groupId: 'ag-out', role: 'manager' }]],
    [
      false,
      [
        { groupId: 'ag-out', role: 'agent' },
        { groupId: 'ag-team', role: 'manager' },
      ],
    ],
    [false, []],
  ])('%s with the groups %j', (expected, agentGroups) => {
    expect(isOutOfService({ ...record, agentGroups }, 'ag-out')).toBe(expected);
  });
});
