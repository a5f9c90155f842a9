import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { nextChange } from '../../functions/mapping/rules/dates.ts';
import { pathText } from '../../functions/tenant/problem.ts';
import { mappingFor, personOf } from './tenant.ts';

const at = (time: string) => Date.parse(time);
const map = (rules: object[], time: string, person: object = {}, timeZone = 'Europe/Berlin') =>
  mappingFor({ agent: {}, rules, timeZone }).map(personOf(person), undefined, at(time));

const WINTER = { name: 'winter', from: '2026-12-24', until: '2027-01-06', set: { agentGroup: 'Winter' } };
const RULES = [{ name: 'everyone', set: { agentGroup: 'Service' } }, WINTER];

describe('a rule with days', () => {
  it.each([
    ['before its first day', '2026-12-23T22:59:59Z', 'Service'],
    ['from the beginning of its first day', '2026-12-23T23:00:00Z', 'Winter'],
    ['until the end of its last day', '2027-01-06T22:59:59Z', 'Winter'],
    ['after it', '2027-01-06T23:00:00Z', 'Service'],
  ])('counts where the person works: %s', (_, time, agentGroup) => {
    expect(map(RULES, time).agent.agentGroup).toBe(agentGroup);
  });

  it('begins and ends in the time zone of the person, where that is known', () => {
    const tokyo = { timezone: 'Asia/Tokyo' };
    expect(map(RULES, '2026-12-23T15:00:00Z', tokyo).agent.agentGroup).toBe('Winter');
    expect(map(RULES, '2026-12-23T14:59:59Z', tokyo).agent.agentGroup).toBe('Service');
    expect(map(RULES, '2026-12-23T23:00:00Z', { timezone: 'Mars/Base' }).agent.agentGroup).toBe('Winter');
  });

  it('takes a time with its zone as well', () => {
    const rules = [{ name: 'a', from: '2026-12-31T18:00:00+01:00', set: { nickName: 'late' } }];
    expect(map(rules, '2026-12-31T16:59:59Z').agent.nickName).toBeUndefined();
    expect(map(rules, '2026-12-31T17:00:00Z').agent.nickName).toBe('late');
  });

  it('says when it begins or ends, for those whom it is for alone', () => {
    const dates = map(RULES, '2026-12-01T00:00:00Z').dates;
    expect(dates).toEqual([{ rule: 'winter', is: 'not yet', at: at('2026-12-23T23:00:00Z') }]);
    expect(nextChange(dates)).toBe(at('2026-12-23T23:00:00Z'));
    expect(nextChange(map(RULES, '2026-12-30T00:00:00Z').dates)).toBe(at('2027-01-06T23:00:00Z'));
    expect(nextChange(map(RULES, '2027-02-01T00:00:00Z').dates)).toBeUndefined();
    const others = [{ ...WINTER, when: 'title eq "Boss"' }];
    expect(map(others, '2026-12-01T00:00:00Z').dates).toBeUndefined();
  });

  it('that stops does so in its days alone', () => {
    const rules = [{ name: 'a', until: '2026-12-31', stop: true }, ...RULES];
    expect(map(rules, '2026-12-30T00:00:00Z').agent.agentGroup).toBeUndefined();
    expect(map(rules, '2027-03-30T00:00:00Z').agent.agentGroup).toBe('Service');
  });
});

describe('a skill with a last day', () => {
  const skills = [
    { skill: 'Refunds', proficiency: 'good', until: '2027-03-31' },
    { skill: 'Offers', proficiency: 'good' },
  ];

  it.each(['set', 'add'])('is there until the end of it, and without it in what is sent: %s', (how) => {
    const rules = [{ name: 'a', [how]: { skills } }];
    expect(map(rules, '2027-03-31T21:59:59Z').agent.skills).toEqual([
      { skill: 'Refunds', proficiency: 'good' },
      { skill: 'Offers', proficiency: 'good' },
    ]);
    const after = map(rules, '2027-03-31T22:00:00Z');
    expect(after.agent.skills).toEqual([{ skill: 'Offers', proficiency: 'good' }]);
    expect(after.dates).toEqual([
      { rule: 'a', skill: 'Refunds', is: 'over', at: at('2027-03-31T22:00:00Z') },
    ]);
  });

  it('may have it from the person, and is left out where the person has none', () => {
    const rules = [
      { name: 'a', add: { skills: [{ skill: 'X', proficiency: 'good', until: { from: 'title' } }] } },
    ];
    const skillsOf = (title: unknown, time = '2027-01-01T00:00:00Z') => map(rules, time, { title });
    expect(skillsOf('2027-03-31').agent.skills).toEqual([{ skill: 'X', proficiency: 'good' }]);
    expect(skillsOf('2027-03-31T00:00:00Z', '2027-03-31T12:00:00Z').agent.skills).toHaveLength(1);
    // The list is managed, so that SmartAssist loses the skill.
    expect(skillsOf('2026-03-31').agent.skills).toEqual([]);
    expect(skillsOf(undefined).agent.skills).toBeUndefined();
    expect(skillsOf('soon').problems).toMatchObject([
      { field: 'skills', message: expect.stringContaining('"soon" is no day on which skill "X" ends') },
    ]);
  });
});

it.each([
  ['from: 24.12.2026', 'from', 'a day such as 2026-12-31'],
  ['until: 2026-02-30', 'until', 'a day such as 2026-12-31'],
  ['until: next week', 'until', 'a day such as 2026-12-31'],
  ['from: 2027-01-02, until: 2027-01-01', 'until', 'lies before the from of the same rule'],
  [
    'add: { skills: [{ skill: X, proficiency: good, until: 31/12/2026 }] }',
    'add.skills[0].until',
    'a day such as 2026-12-31',
  ],
])('a day that can not be read is refused with its line: %s', (written, path, words) => {
  const text = `tenants:\n  demo:\n    smartassist: { host: h.example, streamId: st-1 }\n    rules:\n      - { name: a, ${written} }\n`;
  const { problems } = checkConfiguration(text);
  expect(problems).toMatchObject([{ line: 5, message: expect.stringContaining(words) }]);
  expect(pathText(problems[0]?.path ?? [])).toBe(`tenants.demo.rules[0].${path}`);
});
