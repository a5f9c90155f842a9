import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../functions/mapping/compile.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { demoTenant, mappingOf } from './demo.ts';

const ada: Person = {
  userName: 'ada@example.com',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'home@example.com', type: 'home' },
    { value: 'ada@work.example', type: 'work' },
  ],
  phoneNumbers: [{ value: '+49 (0)30 1234-567', type: 'work' }],
};
const inGroup = (...displays: string[]): Person => ({
  ...ada,
  groups: displays.map((display) => ({ value: display, display })),
});

describe('fields from paths', () => {
  it('take the first path that has a value', () => {
    const { agent, origins } = mappingOf({}).map(ada);
    expect(agent.emailId).toBe('ada@work.example');
    expect(origins.emailId).toEqual([{ from: 'path', path: 'emails[type eq "work"].value' }]);
  });

  it('prefer the primary e-mail', () => {
    const person = { ...ada, emails: [...(ada.emails ?? []), { value: 'first@example.com', primary: true }] };
    expect(mappingOf({}).map(person).agent.emailId).toBe('first@example.com');
  });

  it('fall back on the last path when all others are empty or blank', () => {
    expect(mappingOf({}).map({ ...ada, emails: [{ value: '  ' }] }).agent.emailId).toBe('ada@example.com');
  });

  it('are left out when no path has a value', () => {
    const { phoneNumbers: _, ...without } = ada;
    const { agent, origins } = mappingOf({}).map(without);
    expect(agent).not.toHaveProperty('phoneNumber');
    expect(origins).not.toHaveProperty('phoneNumber');
  });

  it.each([
    ['digits', '+49 (0)30 1234-567', '49301234567'],
    ['digits', '٠١٢ x', 'kept: ٠١٢ x'],
    ['lower', 'ADA', 'ada'],
    ['upper', 'ada', 'ADA'],
    ['trim', '  ada ', 'ada'],
  ] as const)('are converted as %s: %s', (as, value, expected) => {
    const mapping = mappingOf({ agent: { ...demoTenant().agent, nickName: { from: 'displayName', as } } });
    expect(mapping.map({ ...ada, displayName: value }).agent.nickName).toBe(expected.replace('kept: ', ''));
  });

  it('keep a | inside a quoted value', () => {
    const mapping = mappingOf({
      agent: { ...demoTenant().agent, nickName: { from: 'emails[value eq "a|b"].type | displayName' } },
    });
    expect(mapping.map({ ...ada, emails: [{ value: 'a|b', type: 'odd' }] }).agent.nickName).toBe('odd');
  });
});

describe('rules', () => {
  it('apply in order, and set replaces what an earlier rule set', () => {
    const mapping = mappingOf({
      rules: [
        { name: 'one', set: { agentGroup: 'First', role: 'Agent' } },
        { name: 'two', when: 'groups.display eq "Billing"', set: { agentGroup: 'Second' } },
      ],
    });
    expect(mapping.map(ada).agent.agentGroup).toBe('First');
    const { agent, origins } = mapping.map(inGroup('Billing'));
    expect(agent).toMatchObject({ agentGroup: 'Second', role: 'Agent' });
    expect(origins.agentGroup).toEqual([{ from: 'rule', rule: 'two', how: 'set' }]);
  });

  it('replace one part of a channel without touching the others', () => {
    const mapping = mappingOf({
      rules: [
        { name: 'one', set: { chat: { languages: [{ language: 'en', proficiency: 'good' }], capacity: 3 } } },
        { name: 'two', set: { chat: { capacity: 5 } } },
      ],
    });
    const { agent } = mapping.map(ada);
    expect(agent['chat.capacity']).toBe(5);
    expect(agent['chat.languages']).toEqual([{ language: 'en', proficiency: 'good' }]);
  });

  it('add to lists, where the higher proficiency of a skill wins and nothing is doubled', () => {
    const mapping = mappingOf({
      rules: [
        {
          name: 'one',
          set: { skills: [{ skill: 'Refunds', proficiency: 'good' }] },
          add: { queues: [{ queue: 'A' }] },
        },
        {
          name: 'two',
          add: {
            skills: [
              { skill: 'refunds', proficiency: 'expert' },
              { skill: 'Invoices', proficiency: 'novice' },
            ],
            queues: [{ queue: 'A', preferred: true }],
          },
        },
        { name: 'three', add: { skills: [{ skill: 'Invoices', proficiency: 'average' }] } },
        { name: 'four', add: { skills: [{ skill: 'Refunds', proficiency: 'average' }] } },
      ],
    });
    const { agent, origins } = mapping.map(ada);
    expect(agent.skills).toEqual([
      { skill: 'refunds', proficiency: 'expert' },
      { skill: 'Invoices', proficiency: 'average' },
    ]);
    expect(agent.queues).toEqual([{ queue: 'A', preferred: true }]);
    expect(
      origins.skills?.map((origin) => (origin.from === 'rule' ? `${origin.how} ${origin.rule}` : '')),
    ).toEqual(['set one', 'add two', 'add three', 'add four']);
  });

  it('give the same agent in whatever order the groups arrived', () => {
    const mapping = mappingOf({
      rules: [
        {
          name: 'a',
          when: 'groups.display eq "A"',
          set: { agentGroup: 'A' },
          add: { queues: [{ queue: 'A' }] },
        },
        {
          name: 'b',
          when: 'groups.display eq "B"',
          set: { agentGroup: 'B' },
          add: { queues: [{ queue: 'B' }] },
        },
      ],
    });
    expect(mapping.map(inGroup('A', 'B'))).toEqual(mapping.map(inGroup('B', 'A')));
    expect(mapping.map(inGroup('A', 'B')).agent.agentGroup).toBe('B');
  });

  it('never change what another person gets', () => {
    const mapping = mappingOf({
      rules: [
        { name: 'all', set: { skills: [{ skill: 'X', proficiency: 'good' }] } },
        { name: 'a', when: 'groups.display eq "A"', add: { skills: [{ skill: 'Y', proficiency: 'good' }] } },
      ],
    });
    mapping.map(inGroup('A'));
    expect(mapping.map(ada).agent.skills).toEqual([{ skill: 'X', proficiency: 'good' }]);
  });
});

describe('a condition that would never hold', () => {
  it.each([
    [
      'groups eq "Billing"',
      '"groups eq" compares the ids of groups; for their names write groups.display eq "Billing".',
    ],
    ['active eq true and GROUPS Sw "Bill"', 'write groups.display sw "Bill".'],
    ['groups.display eq \u201cBilling\u201d', 'Strings stand in double quotes: groups.display eq "…".'],
    ['groups.display eq \u201eContact Centre\u201c', 'Strings stand in double quotes'],
    [
      'active eq true and groups.display eq "\u201cContact Centre\u201d"',
      'The quotation marks within the quotes are part of the value: write groups.display eq "Contact Centre".',
    ],
    ['groups.display sw "\u201eBilling\u201c"', 'write groups.display sw "Billing".'],
    ['title eq "\u00abDr\u00bb"', 'write title eq "Dr".'],
    ['groups[display eq "\'Billing\'"]', 'write display eq "Billing".'],
    ['emails[type eq "\u2019work\u2019"].value pr', 'write type eq "work".'],
    ['title eq \u2018Dr\u2019', 'Strings stand in double quotes: title eq "…".'],
  ])('is refused with the right form: %s', (when, message) => {
    for (const changes of [
      { provisionWhen: when },
      { rules: [...demoTenant().rules, { name: 'more', when, set: { agentGroup: 'Billing' } }] },
    ]) {
      const compiled = compileMapping({ ...demoTenant(), ...changes });
      expect('problems' in compiled && compiled.problems.map((problem) => problem.message).join()).toContain(
        message,
      );
    }
  });

  it.each([
    'title eq "Team \u201cNorth\u201d"',
    'title eq "\u201cA\u201d or B"',
    'groups.value eq "g1"',
    'groups[display eq "Billing"]',
    'groups pr',
    'title eq "groups eq 1"',
  ])('is not one that may: %s', (when) => {
    expect('mapping' in compileMapping({ ...demoTenant(), provisionWhen: when })).toBe(true);
  });
});

describe('provisionWhen', () => {
  it('decides who becomes an agent', () => {
    const mapping = mappingOf({ provisionWhen: 'active eq true and groups.display sw "Contact Centre"' });
    expect(mapping.wants(inGroup('Contact Centre Billing'))).toBe(true);
    expect(mapping.wants(inGroup('Accounting'))).toBe(false);
    expect(mapping.wants({ ...inGroup('Contact Centre Billing'), active: false })).toBe(false);
  });

  it('counts who is said nothing of as active', () => {
    const { active: _, ...silent } = ada;
    expect(mappingOf({ provisionWhen: 'active eq true' }).wants(silent)).toBe(true);
    expect(mappingOf({ provisionWhen: 'active eq true' }).wants({ ...ada, active: false })).toBe(false);
  });

  it('takes everybody who is active in the demo tenant, also where nothing says so', () => {
    const { active: _, ...silent } = ada;
    expect(mappingOf({}).wants(silent)).toBe(true);
    expect(mappingOf({}).wants({ ...ada, active: false })).toBe(false);
  });
});

describe('compiling', () => {
  it('reports every problem with its path', () => {
    const compiled = compileMapping({
      ...demoTenant(),
      provisionWhen: 'active eq',
      agent: { ...demoTenant().agent, firstName: { from: 'name.givenNam' } },
      rules: [
        { name: 'same', when: 'groups.display zz "x"' },
        { name: 'same', set: {} },
      ],
    });
    expect(compiled.problems.map(({ path }) => path.join('.'))).toEqual([
      'provisionWhen',
      'agent.firstName',
      'rules.0.when',
      'rules.1.name',
    ]);
    expect(compiled.problems[1]?.message).toContain('givenName');
  });
});
