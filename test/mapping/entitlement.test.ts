import { describe, expect, it } from 'vitest';
import { entitlementId, entitlementsIn } from '../../functions/mapping/rules/entitlement.ts';
import { AGENT, mappingFor, personOf } from './tenant.ts';

const ALL = ['agentGroup', 'role', 'skills', 'languages', 'queues'];
const map = (attributes: object, wishes: unknown = ALL, sourceOf?: (attribute: string) => string) =>
  mappingFor({ agent: { emailId: 'nickName' }, wishes, rules: [] }).map(personOf(attributes), sourceOf);
const read = (element: object, attribute: 'entitlements' | 'roles' = 'entitlements') =>
  entitlementsIn(personOf({ [attribute]: [element] }), attribute);

describe('an element of entitlements', () => {
  it.each([
    ['skill:5f0c', undefined, { wish: 'skills', name: '5f0c' }],
    ['skill:5f0c:expert', undefined, { wish: 'skills', name: '5f0c', proficiency: 'expert' }],
    [
      'Skill:Billing/Refunds:Good',
      undefined,
      { wish: 'skills', name: 'Billing/Refunds', proficiency: 'good' },
    ],
    ['Refunds: Part 2', 'Skill', { wish: 'skills', name: 'Refunds: Part 2' }],
    ['skill::expert', undefined, { wish: 'skills', name: ':expert' }],
    ['queue:VIP:expert', undefined, { wish: 'queues', name: 'VIP:expert' }],
    ['agentgroup:Billing', undefined, { wish: 'agentGroup', name: 'Billing' }],
    ['Billing', 'Agent Group', { wish: 'agentGroup', name: 'Billing' }],
    ['VIP', 'queues', { wish: 'queues', name: 'VIP' }],
    ['de:novice', 'language', { wish: 'languages', name: 'de', proficiency: 'novice' }],
    ['queue:VIP', 'Skill', { wish: 'queues', name: 'VIP' }],
  ])('%s of the type %s is %o', (value, type, expected) => {
    expect(read({ value, type })).toEqual({ known: [expected], unknown: [] });
  });

  it.each([['VIP'], ['licence:gold'], ['skill:']])('%s without a type is nothing of ours', (value) => {
    expect(read({ value })).toEqual({ known: [], unknown: [value] });
  });

  it.each([[{}], [{ value: ' ' }], [{ value: 7 }]])('%o has nothing to read', (element) => {
    expect(read(element)).toEqual({ known: [], unknown: [] });
  });

  it('comes back as it was offered', () => {
    for (const entitlement of [
      { wish: 'skills', name: 'a2e9', proficiency: 'expert' },
      { wish: 'agentGroup', name: 'ag-1' },
    ] as const) {
      expect(read({ value: entitlementId(entitlement) }).known).toEqual([entitlement]);
    }
  });
});

describe('an element of roles', () => {
  it('is a role, whatever its type, unless its value says something else', () => {
    const type = 'WindowsAzureActiveDirectoryRole';
    expect(read({ value: 'Supervisor', type }, 'roles').known).toEqual([
      { wish: 'role', name: 'Supervisor' },
    ]);
    expect(read({ value: 'role:Supervisor', type }, 'roles').known).toEqual([
      { wish: 'role', name: 'Supervisor' },
    ]);
    expect(read({ value: 'queue:VIP', type }, 'roles').known).toEqual([{ wish: 'queues', name: 'VIP' }]);
  });

  it('counts first where it is primary', () => {
    const { agent } = map({ roles: [{ value: 'Agent' }, { value: 'Supervisor', primary: true }] });
    expect(agent.role).toBe('Supervisor');
  });
});

describe('entitlements', () => {
  it('are added to the agent, each with where it came from', () => {
    const { agent, origins } = map({
      entitlements: [
        { value: 'skill:Refunds:expert' },
        { value: 'queue:VIP' },
        { value: 'agentGroup:Billing' },
      ],
    });
    expect(agent).toMatchObject({
      agentGroup: 'Billing',
      skills: [{ skill: 'Refunds', proficiency: 'expert' }],
      queues: [{ queue: 'VIP' }],
    });
    expect(origins.queues).toEqual([
      { from: 'wish', wish: 'queues', how: 'add', attribute: 'entitlements', entries: [{ queue: 'VIP' }] },
    ]);
  });

  it('give the higher of two proficiencies, and the extension has the last word on a group', () => {
    const { agent } = map({
      entitlements: [
        { value: 'skill:Refunds:novice' },
        { value: 'skill:Refunds:good' },
        { value: 'agentGroup:Billing' },
      ],
      [AGENT]: { agentGroup: 'Sales' },
    });
    expect(agent.skills).toEqual([{ skill: 'Refunds', proficiency: 'good' }]);
    expect(agent.agentGroup).toBe('Sales');
  });

  it('are passed over where wishes does not list them, and said to be', () => {
    const { agent, ignoredWishes } = map({ entitlements: [{ value: 'skill:X' }, { value: 'queue:Y' }] }, [
      'queues',
    ]);
    expect(agent.queues).toEqual([{ queue: 'Y' }]);
    expect(agent.skills).toBeUndefined();
    expect(ignoredWishes).toEqual(['skills']);
  });

  it('are named where nothing says what they are of, unless the tenant takes none at all', () => {
    const attributes = { entitlements: [{ value: 'licence:gold' }] };
    expect(map(attributes).ignoredEntitlements).toEqual(['licence:gold']);
    expect(map(attributes, []).ignoredEntitlements).toBeUndefined();
  });

  it('count for the sources that wishes names', () => {
    const attributes = { entitlements: [{ value: 'queue:VIP' }], roles: [{ value: 'Admin' }] };
    const wishes = { scim: ['role'], okta: ['queues'] };
    const from = (sources: Record<string, string>) => (attribute: string) => sources[attribute] ?? 'scim';
    expect(map(attributes, wishes).agent).toEqual({ role: 'Admin' });
    expect(map(attributes, wishes, from({ entitlements: 'okta', roles: 'okta' })).agent).toEqual({
      queues: [{ queue: 'VIP' }],
    });
    expect(map(attributes, wishes, from({ entitlements: 'auth0', roles: 'auth0' })).agent).toEqual({});
  });
});
