import { describe, expect, it } from 'vitest';
import { complaintsOf, ENTERPRISE, inGroups, mappingFor, personOf } from './tenant.ts';

const map = (rules: object[], person: object = {}) => mappingFor({ agent: {}, rules }).map(personOf(person));
const agentOf = (rules: object[], person: object = {}) => map(rules, person).agent;

describe('set', () => {
  it('gives every field that Create an Agent takes', () => {
    const set = {
      agentGroup: 'Billing',
      role: 'Agent',
      skills: [{ skill: 'Refunds', proficiency: 'good' }],
      queues: ['Billing', { queue: 'VIP', preferred: true }],
      chat: {
        enabled: true,
        languages: [{ language: 'en', proficiency: 'good', isActive: false }],
        capacity: 1,
        digitalCapacity: 2,
        emailCapacity: 3,
        messagingCapacity: 4,
      },
      voice: { enabled: false, languages: [{ language: 'de', proficiency: 'expert' }] },
      nickName: 'Ada',
      profImage: 'image',
      callRegion: 'DE',
      desktopLayouts: ['ly-1', { id: 'ly-2', isDefault: true }],
      createDefaultLayoutAndAssign: false,
      status: 'ACTIVE',
      attachmentsEnabled: true,
      emojisEnabled: false,
      agentAffinity: true,
      custom: { employeeId: '4711', floor: 3, remote: true, badges: ['a', 1] },
    };
    const { emailId, ...agent } = agentOf([{ name: 'all', set }]);
    expect(emailId).toBe('ada@example.com');
    expect(agent).toEqual({
      agentGroup: 'Billing',
      role: 'Agent',
      skills: [{ skill: 'Refunds', proficiency: 'good' }],
      queues: [{ queue: 'Billing' }, { queue: 'VIP', preferred: true }],
      'chat.enabled': true,
      'chat.languages': [{ language: 'en', proficiency: 'good', isActive: false }],
      'chat.capacity': 1,
      'chat.digitalCapacity': 2,
      'chat.emailCapacity': 3,
      'chat.messagingCapacity': 4,
      'voice.enabled': false,
      'voice.languages': [{ language: 'de', proficiency: 'expert' }],
      nickName: 'Ada',
      profImage: 'image',
      callRegion: 'DE',
      desktopLayouts: [{ id: 'ly-1' }, { id: 'ly-2', isDefault: true }],
      createDefaultLayoutAndAssign: false,
      status: 'ACTIVE',
      attachmentsEnabled: true,
      emojisEnabled: false,
      agentAffinity: true,
      'custom.employeeId': '4711',
      'custom.floor': 3,
      'custom.remote': true,
      'custom.badges': ['a', 1],
    });
  });

  it('of a list that has an entry twice keeps the higher', () => {
    const skills = [
      { skill: 'A', proficiency: 'novice' },
      { skill: 'a', proficiency: 'expert' },
      { skill: 'A', proficiency: 'good' },
    ];
    expect(agentOf([{ name: 'a', set: { skills } }]).skills).toEqual([{ skill: 'a', proficiency: 'expert' }]);
  });

  it('takes a value from the person, and says from where', () => {
    const { agent, origins } = map([{ name: 'a', set: { agentGroup: { from: 'title | department' } } }], {
      [ENTERPRISE]: { department: 'Sales' },
    });
    expect(agent.agentGroup).toBe('Sales');
    expect(origins.agentGroup).toEqual([{ from: 'rule', rule: 'a', how: 'set', path: 'department' }]);
  });

  it('that finds no value in the person leaves the field as it is', () => {
    const rules = [
      { name: 'a', set: { agentGroup: 'First', chat: { capacity: 2 } } },
      { name: 'b', set: { agentGroup: { from: 'title' } } },
    ];
    const { agent, origins } = map(rules);
    expect(agent.agentGroup).toBe('First');
    expect(origins.agentGroup).toEqual([{ from: 'rule', rule: 'a', how: 'set' }]);
  });

  it('that can not use the value of the person is a problem, until a later rule sets the field', () => {
    const table = { name: 'table', set: { agentGroup: { from: 'title', map: { A: 'a' } } } };
    const message = 'rule "table": title: "B" is not in its map, and it has no otherwise';
    const { agent, problems } = map([{ name: 'first', set: { agentGroup: 'First' } }, table], { title: 'B' });
    expect(agent.agentGroup).toBe('First');
    expect(problems).toEqual([{ field: 'agentGroup', message, rule: 'table' }]);
    const later = (change: object) => map([table, { name: 'later', ...change }], { title: 'B' });
    expect(later({ set: { agentGroup: 'Later' } })).not.toHaveProperty('problems');
    expect(later({ remove: { agentGroup: true } })).not.toHaveProperty('problems');
    expect(later({ remove: { agentGroup: true } }).origins).not.toHaveProperty('agentGroup');
    expect(later({ set: { role: 'Later' } }).problems).toHaveLength(1);
  });
});

describe('add', () => {
  it('merges with what is there: higher proficiency, preferred queue, default layout', () => {
    const rules = [
      {
        name: 'a',
        set: {
          skills: [
            { skill: 'A', proficiency: 'good' },
            { skill: 'B', proficiency: 'good' },
          ],
          queues: [{ queue: 'A', preferred: true }, 'B'],
          desktopLayouts: ['ly-1', { id: 'ly-2', isDefault: true }],
          chat: { languages: [{ language: 'en', proficiency: 'average' }] },
        },
      },
      {
        name: 'b',
        add: {
          skills: [
            { skill: 'b', proficiency: 'expert' },
            { skill: 'A', proficiency: 'novice' },
          ],
          queues: ['A', { queue: 'B', preferred: true }, 'C'],
          desktopLayouts: [{ id: 'ly-1', isDefault: true }, 'ly-2', 'ly-3'],
          chat: { languages: [{ language: 'EN', proficiency: 'good' }] },
          voice: { languages: [{ language: 'de', proficiency: 'good' }] },
        },
      },
    ];
    expect(agentOf(rules)).toMatchObject({
      skills: [
        { skill: 'A', proficiency: 'good' },
        { skill: 'b', proficiency: 'expert' },
      ],
      queues: [{ queue: 'A', preferred: true }, { queue: 'B', preferred: true }, { queue: 'C' }],
      desktopLayouts: [{ id: 'ly-1', isDefault: true }, { id: 'ly-2', isDefault: true }, { id: 'ly-3' }],
      'chat.languages': [{ language: 'EN', proficiency: 'good' }],
      'voice.languages': [{ language: 'de', proficiency: 'good' }],
    });
  });

  it('tells names apart that are the same in capitals alone', () => {
    const add = { queues: ['Straße', 'Strasse', 'STRASSE'] };
    expect(agentOf([{ name: 'a', add }]).queues).toEqual([{ queue: 'Straße' }, { queue: 'Strasse' }]);
  });

  it('names a path once that gave several values, and leaves out what has no proficiency', () => {
    const add = {
      skills: [
        { skill: { from: 'title' }, proficiency: 'good' },
        { skill: { from: '{title} 2' }, proficiency: 'good' },
        { skill: { from: 'title' }, proficiency: 'expert' },
        { skill: 'Other', proficiency: { from: 'nickName' } },
      ],
    };
    const { agent, origins, problems } = map([{ name: 'a', add }], { title: 'A' });
    expect(agent.skills).toEqual([
      { skill: 'A', proficiency: 'expert' },
      { skill: 'A 2', proficiency: 'good' },
    ]);
    expect(origins.skills).toMatchObject([{ path: 'title, {title} 2' }]);
    expect(problems).toBeUndefined();
  });

  it('keeps the first of two entries that are equal', () => {
    const add = {
      skills: [
        { skill: 'A', proficiency: 'good' },
        { skill: 'a', proficiency: 'good' },
      ],
      queues: ['Q', 'q'],
    };
    expect(agentOf([{ name: 'a', add }])).toMatchObject({
      skills: [{ skill: 'A', proficiency: 'good' }],
      queues: [{ queue: 'Q' }],
    });
  });

  it('takes parts of an entry from the person, and leaves an entry out of which a part is missing', () => {
    const rules = [
      {
        name: 'a',
        add: {
          skills: [
            {
              skill: { from: 'department' },
              proficiency: { from: 'title', map: { Boss: 'expert' }, otherwise: 'novice' },
            },
            { skill: { from: 'nickName' }, proficiency: 'good' },
            { skill: 'Fixed', proficiency: 'good' },
          ],
          queues: [{ from: 'department' }, { queue: { from: 'nickName' }, preferred: true }],
          desktopLayouts: [{ from: 'department' }],
        },
      },
    ];
    const { agent, origins } = map(rules, { title: 'boss', [ENTERPRISE]: { department: 'Sales' } });
    expect(agent.skills).toEqual([
      { skill: 'Sales', proficiency: 'expert' },
      { skill: 'Fixed', proficiency: 'good' },
    ]);
    expect(agent.queues).toEqual([{ queue: 'Sales' }]);
    expect(agent.desktopLayouts).toEqual([{ id: 'Sales' }]);
    expect(origins.skills).toEqual([
      { from: 'rule', rule: 'a', how: 'add', path: 'department, title', entries: agent.skills },
    ]);
  });

  it('that finds nothing in the person adds nothing, and is no origin', () => {
    const { agent, origins } = map([{ name: 'a', add: { queues: [{ from: 'title' }] } }]);
    expect(agent).not.toHaveProperty('queues');
    expect(origins).not.toHaveProperty('queues');
  });

  it('takes a proficiency from the person in any case, and no other word', () => {
    const rules = [{ name: 'a', add: { skills: [{ skill: 'A', proficiency: { from: 'title' } }] } }];
    expect(agentOf(rules, { title: ' Expert ' }).skills).toEqual([{ skill: 'A', proficiency: 'expert' }]);
    expect(map(rules, { title: 'good' })).not.toHaveProperty('problems');
    const { agent, problems } = map(rules, { title: 'master' });
    expect(agent).not.toHaveProperty('skills');
    expect(problems).toEqual([
      {
        field: 'skills',
        message: 'rule "a": "master" is no proficiency; write novice, average, good, expert',
        rule: 'a',
      },
    ]);
  });

  it('reports what an entry can not use, and adds the others', () => {
    const add = { queues: [{ queue: { from: 'title', map: { A: 'a' } } }, 'Fixed'] };
    const { agent, problems } = map([{ name: 'a', add }], { title: 'B' });
    expect(agent.queues).toEqual([{ queue: 'Fixed' }]);
    expect(problems?.map(({ field }) => field)).toEqual(['queues']);
  });
});

describe('remove', () => {
  const everything = {
    name: 'all',
    set: {
      agentGroup: 'A',
      role: 'R',
      nickName: 'N',
      skills: [
        { skill: 'Billing/Refunds', proficiency: 'good' },
        { skill: 'Support/Refunds', proficiency: 'good' },
        { skill: 'Invoices', proficiency: 'good' },
      ],
      queues: ['A', 'B', 'C'],
      chat: {
        languages: [
          { language: 'en', proficiency: 'good' },
          { language: 'de', proficiency: 'good' },
        ],
        capacity: 3,
      },
      voice: { enabled: true, languages: [{ language: 'en', proficiency: 'good' }] },
      custom: { one: 1, two: 2 },
      desktopLayouts: ['ly-1', 'ly-2'],
      emojisEnabled: true,
    },
  };
  const less = (remove: object, person: object = {}) => map([everything, { name: 'less', remove }], person);

  it('takes fields away, each of them', () => {
    const remove = {
      ...{ agentGroup: true, role: true, nickName: true, skills: true, queues: true, chat: true },
      ...{ voice: true, custom: true, desktopLayouts: true, emojisEnabled: true, phoneNumber: true },
    };
    const { agent, origins } = less(remove, { phoneNumbers: [{ value: '112' }] });
    expect(agent).toEqual({ emailId: 'ada@example.com' });
    expect(origins.role).toEqual([{ from: 'rule', rule: 'less', how: 'remove' }]);
    expect(origins).toHaveProperty('phoneNumber');
    expect(origins).not.toHaveProperty('callRegion');
  });

  it('takes one part of a channel away, and leaves the others', () => {
    const { agent } = less({ chat: { capacity: true }, voice: { languages: true } });
    expect(agent).not.toHaveProperty('chat.capacity');
    expect(agent).toHaveProperty(['chat.languages']);
    expect(agent).not.toHaveProperty(['voice.languages']);
    expect(agent).toHaveProperty(['voice.enabled']);
  });

  it('takes entries away by name, in any case', () => {
    const { agent, origins } = less({
      queues: ['a', 'C', 'X'],
      chat: { languages: ['EN'] },
      desktopLayouts: ['LY-1'],
      custom: ['one'],
    });
    expect(agent.queues).toEqual([{ queue: 'B' }]);
    expect(agent['chat.languages']).toEqual([{ language: 'de', proficiency: 'good' }]);
    expect(agent.desktopLayouts).toEqual([{ id: 'ly-2' }]);
    expect(agent).not.toHaveProperty(['custom.one']);
    expect(agent['custom.two']).toBe(2);
    expect(origins.queues?.at(-1)).toEqual({
      from: 'rule',
      rule: 'less',
      how: 'remove',
      entries: [{ queue: 'A' }, { queue: 'C' }],
    });
    expect(origins.queues).toHaveLength(2);
  });

  it.each([
    [['Refunds'], ['Invoices']],
    [['billing/refunds'], ['Support/Refunds', 'Invoices']],
    [['Billing/Invoices'], ['Billing/Refunds', 'Support/Refunds']],
    [['Billing'], ['Billing/Refunds', 'Support/Refunds', 'Invoices']],
    [['ices'], ['Billing/Refunds', 'Support/Refunds', 'Invoices']],
  ])('takes skills away with their group and without: %j', (skills, left) => {
    expect(less({ skills }).agent.skills?.map(({ skill }) => skill)).toEqual(left);
  });

  it('takes no queue away for a part of its name', () => {
    const rules = [
      { name: 'all', set: { queues: ['A/B', 'B/C'] } },
      { name: 'less', remove: { queues: ['B', 'X/A/B'] } },
    ];
    expect(agentOf(rules).queues).toHaveLength(2);
  });

  it('takes entries away that the person names', () => {
    expect(less({ queues: [{ from: 'title' }] }, { title: 'B' }).agent.queues).toEqual([
      { queue: 'A' },
      { queue: 'C' },
    ]);
    const failed = less({ queues: [{ from: 'title', map: { A: 'a' } }] }, { title: 'B' });
    expect(failed.problems?.map(({ message }) => message)).toEqual([
      'rule "less": title: "B" is not in its map, and it has no otherwise',
    ]);
  });

  it('of what is not there is no origin', () => {
    const { origins } = map([
      { name: 'less', remove: { queues: ['A'], skills: true, voice: true, custom: ['x'] } },
    ]);
    expect(Object.keys(origins)).toEqual(['emailId']);
  });

  it('never takes anything from another person', () => {
    const mapping = mappingFor({
      agent: {},
      rules: [
        everything,
        { name: 'less', when: 'title eq "x"', add: { queues: ['D'] }, remove: { queues: ['A'] } },
      ],
    });
    expect(mapping.map(personOf({ title: 'x' })).agent.queues).toHaveLength(3);
    expect(mapping.map(personOf({})).agent.queues).toHaveLength(3);
    expect(mapping.map(personOf({})).agent.queues).toContainEqual({ queue: 'A' });
  });

  it('comes after set and add of the same rule, and before the rules below', () => {
    const rules = [
      { name: 'a', set: { queues: ['A'] }, add: { queues: ['B', 'C'] }, remove: { queues: ['B'] } },
      { name: 'b', add: { queues: ['B'] } },
    ];
    expect(agentOf(rules).queues).toEqual([{ queue: 'A' }, { queue: 'C' }, { queue: 'B' }]);
  });
});

describe('stop', () => {
  const rules = [
    { name: 'everyone', set: { agentGroup: 'A' } },
    { name: 'trainees', when: 'title eq "Trainee"', set: { agentGroup: 'B' }, stop: true },
    { name: 'last', set: { agentGroup: 'C', role: 'R' } },
  ];

  it('ends the rules for whom it is for', () => {
    const trainee = map(rules, { title: 'Trainee' });
    expect(trainee.agent).toMatchObject({ agentGroup: 'B' });
    expect(trainee.agent).not.toHaveProperty('role');
    expect(trainee).toMatchObject({ rules: ['everyone', 'trainees'], stoppedBy: 'trainees' });
    const other = map(rules);
    expect(other.agent).toMatchObject({ agentGroup: 'C' });
    expect(other.rules).toEqual(['everyone', 'last']);
    expect(other).not.toHaveProperty('stoppedBy');
  });

  it('for everybody must not have a rule below it', () => {
    const stop = { name: 'stop', stop: true };
    expect(complaintsOf({ rules: [{ name: 'a', when: 'active eq true', stop: true }, stop] })).toEqual([]);
    expect(complaintsOf({ rules: [{ name: 'a' }, stop, { name: 'b' }, { name: 'c' }] })).toEqual([
      'rules.2: never applies: rule "stop" above it stops for everybody',
      'rules.3: never applies: rule "stop" above it stops for everybody',
    ]);
  });
});

describe('when', () => {
  const applies = (when: string, person: object) => map([{ name: 'it', when }], person).rules?.length === 1;

  it.each([
    ['groups.display eq "a"', inGroups('A', 'B'), true],
    ['groups.display eq "c"', inGroups('A', 'B'), false],
    ['groups.display eq "A"', {}, false],
    ['groups.display eq "A"', { groups: [{ value: 'x' }, null] }, false],
    ['groups.display eq "A" and groups.display eq "B"', inGroups('A', 'B'), true],
    ['groups.display eq "A" and groups.display eq "C"', inGroups('A', 'B'), false],
    ['groups.display eq "X" or title eq "x"', { title: 'X' }, true],
    ['groups.display eq "X" or title eq "x"', { title: 'y' }, false],
    ['not (groups.display eq "A")', inGroups('B'), true],
    ['not (groups.display eq "A")', inGroups('A'), false],
    ['groups.display ne "A"', inGroups('A'), false],
    ['groups.display ne "A"', inGroups('A', 'B'), true],
    ['groups.display sw "a"', inGroups('Abc'), true],
    ['groups.display eq null', {}, true],
    ['groups.display eq null', inGroups('A'), false],
    ['groups.value eq "id of A"', inGroups('A'), true],
    ['groups.value eq "A"', inGroups('A'), false],
    ['groups[display eq "A" and value sw "id"].value pr', inGroups('A'), true],
    ['groups[display eq "A"].display eq "B"', inGroups('A', 'B'), false],
    ['groups.value eq "id of A"', inGroups('A'), true],
    ['emails.display eq "A"', { ...inGroups('A'), emails: [{ value: 'a', display: 'B' }] }, false],
    ['emails.display eq "A"', { emails: [{ value: 'a', display: 'A' }] }, true],
    ['department eq "Sales"', { [ENTERPRISE]: { department: 'sales' } }, true],
    ['title pr', { title: 'x' }, true],
    ['emails[type eq "work"]', { emails: [{ value: 'a', type: 'work' }] }, true],
  ])('%s of a person', (when, person, expected) => {
    expect(applies(when, person)).toBe(expected);
  });

  it.each([
    ['id eq "x"', /never sees a value of id, which SmartAssist or this product makes up\.$/],
    ['title pr and not (meta.created gt "2020-01-01T00:00:00Z")', /never sees a value of meta\.created/],
    ['groups[type eq "direct"]', /never sees a value of groups\.type: use groups\.display\.$/],
    ['groups[not (type eq "direct") or display eq "x"]', /never sees a value of groups\.type/],
    ['groups.type eq "direct"', /never sees a value of groups\.type/],
    ['password eq "x"', /password can't be searched/],
    ['title pr or provisioning.state eq "due"', /never sees a value of provisioning\.state/],
  ])('that asks for what is never there is an error: %s', (when, message) => {
    expect(complaintsOf({ rules: [{ name: 'a', when }] })).toEqual([
      expect.stringMatching(new RegExp(`^rules\\.0\\.when: .*${message.source}`)),
    ]);
    expect(complaintsOf({ provisionWhen: when })).toHaveLength(1);
  });
});

describe('what is the work of a mapping', () => {
  const or = (count: number, comparison: string) =>
    Array.from({ length: count }, () => comparison).join(' or ');
  const rules = (count: number, rule: object) =>
    Array.from({ length: count }, (_, index) => ({ name: `rule ${index}`, ...rule }));

  it('is limited in comparisons and paths, the names of groups not counted', () => {
    // Fourteen: the e-mail address and the phone number come from paths with filters, and there is provisionWhen.
    const counted = (count: number, when: string, more: object = {}) =>
      complaintsOf({ provisionWhen: 'active eq true', rules: rules(count, { when, ...more }) });
    expect(counted(500, 'groups.display eq "A" or groups.display eq "B"')).toEqual([]);
    expect(counted(9, or(54, 'title eq "A"'))).toEqual([]);
    expect(counted(9, or(54, 'title eq "A"'), { set: { role: { from: 'title' } } })).toEqual([
      ': has 509 comparisons and paths in all; 500 is the most, groups.display eq not counted',
    ]);
    expect(counted(243, 'emails[type eq "work"].value pr')).toEqual([]);
    expect(counted(244, 'emails[type eq "work"].value pr')).toHaveLength(1);
    expect(counted(243, 'not (title pr) and groups.display co "A"')).toEqual([]);
    expect(counted(244, 'not (title pr) and groups.display co "A"')).toHaveLength(1);
    const paths = { add: { queues: [{ from: '{emails[type eq "work"].value} {title | nickName}' }] } };
    expect(counted(121, 'groups.display eq "A"', paths)).toEqual([]);
    expect(counted(122, 'groups.display eq "A"', paths)).toHaveLength(1);
  });

  it('is limited in entries of lists', () => {
    const add = { queues: Array.from({ length: 10 }, (_, index) => `Queue ${index}`) };
    const remove = { queues: ['Queue 1', 'Queue 2'], skills: true };
    const set = { skills: [{ skill: 'A', proficiency: 'good' }], role: 'A' };
    expect(complaintsOf({ rules: rules(153, { add, remove, set }) })).toEqual([]);
    expect(complaintsOf({ rules: rules(200, { add }) })).toEqual([]);
    expect(complaintsOf({ rules: rules(154, { add, remove, set }) })).toEqual([
      'rules: have 2002 entries in their lists; 2000 is the most',
    ]);
  });
});

describe('fields of one’s own', () => {
  it.each(['emailId', 'roleid', 'customId', 'id', 'userId', 'sipURI', 'iceServers', 'emaiId', 'role'])(
    'must not be %s',
    (name) => {
      expect(complaintsOf({ rules: [{ name: 'a', set: { custom: { [name]: 'x' } } }] })).toEqual([
        expect.stringMatching(new RegExp(`^rules\\.0\\.set\\.custom\\.${name}: is `)),
      ]);
      expect(complaintsOf({ agent: { custom: { [name]: 'userName' } } })).toEqual([
        expect.stringMatching(new RegExp(`^agent\\.custom\\.${name}: is `)),
      ]);
    },
  );

  it('say whose a taken name is', () => {
    expect(complaintsOf({ agent: { custom: { skills: 'title', orgId: 'title' } } })).toEqual([
      'agent.custom.skills: is a field that this product gives by itself',
      "agent.custom.orgId: is SmartAssist's own, which it never takes from outside",
    ]);
  });

  it('come from the person or from rules', () => {
    const { agent, origins } = mappingFor({
      agent: { custom: { employeeId: 'employeeNumber', floor: 'title' } },
      rules: [{ name: 'a', set: { custom: { floor: { from: 'title', map: { Boss: 'top' } } } } }],
    }).map(personOf({ title: 'Boss', [ENTERPRISE]: { employeeNumber: '4711' } }));
    expect(agent).toMatchObject({ 'custom.employeeId': '4711', 'custom.floor': 'top' });
    expect(origins['custom.floor']).toEqual([{ from: 'rule', rule: 'a', how: 'set', path: 'title' }]);
    expect(origins['custom.employeeId']).toEqual([{ from: 'path', path: 'employeeNumber' }]);
  });

  it('have sources that are checked where they stand', () => {
    expect(complaintsOf({ agent: { custom: { floor: 'titel' } } })).toEqual([
      expect.stringMatching(/^agent\.custom\.floor: .*Did you mean "title"/),
    ]);
    const rules = [
      {
        name: 'a',
        set: {
          custom: { floor: { from: 'titel' } },
          skills: [{ skill: { from: 'x' }, proficiency: { from: 'y' } }],
        },
        add: { queues: ['A', { queue: { from: 'z' } }] },
        remove: { chat: { languages: [{ from: 'w' }] } },
      },
    ];
    expect(complaintsOf({ rules }).map((line) => line.split(':')[0])).toEqual([
      'rules.0.set.skills.0.skill',
      'rules.0.set.skills.0.proficiency',
      'rules.0.set.custom.floor',
      'rules.0.add.queues.1.queue',
      'rules.0.remove.chat.languages.0',
    ]);
  });
});
