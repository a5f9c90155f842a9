import { describe, expect, it } from 'vitest';
import { explain, originLabel, originText, reasons } from '../../functions/mapping/desired/explain.ts';
import { AGENT, mappingFor, personOf } from './tenant.ts';

/** In a function, so that a mutant in what it calls is one of the test's, not of the file's. */
const mapped = () =>
  mappingFor({
    agent: { nickName: 'nickName | displayName', callRegion: { from: 'locale', as: 'upper' } },
    rules: [
      {
        name: 'everyone',
        set: { agentGroup: 'First', skills: [{ skill: 'A', proficiency: 'good' }], chat: { capacity: 3 } },
      },
      {
        name: 'second',
        set: { agentGroup: 'Second', nickName: 'Fixed' },
        add: {
          skills: [
            { skill: 'a', proficiency: 'expert' },
            { skill: 'B', proficiency: 'good' },
          ],
        },
      },
      { name: 'third', set: { agentGroup: 'Third' }, remove: { skills: ['B'], chat: true } },
    ],
    wishes: ['skills', 'agentGroup'],
  }).map(
    personOf({
      displayName: 'Ada',
      locale: 'de',
      [AGENT]: { skills: [{ skill: 'C' }], agentGroup: 'Fourth' },
    }),
  );
const explanationOf = (field: string) => explain(mapped()).find((each) => each.field === field);

const rule = (name: string, how: string) => ({ from: 'rule', rule: name, how });

describe('an explanation', () => {
  it('has each field that has or had a value', () => {
    expect(explain(mapped()).map(({ field }) => field)).toEqual([
      'emailId',
      'nickName',
      'callRegion',
      'agentGroup',
      'skills',
      'chat.capacity',
    ]);
  });

  it('says what a field had before, oldest first, and who had given that', () => {
    expect(explanationOf('agentGroup')).toEqual({
      field: 'agentGroup',
      value: 'Fourth',
      origins: [{ from: 'wish', wish: 'agentGroup', how: 'set' }],
      replaced: [
        { value: 'First', origins: [rule('everyone', 'set')] },
        { value: 'Second', origins: [rule('second', 'set')] },
        { value: 'Third', origins: [rule('third', 'set')] },
      ],
    });
    expect(explanationOf('nickName')?.replaced).toEqual([
      { value: 'Ada', origins: [{ from: 'path', path: 'displayName' }] },
    ]);
    expect(explanationOf('callRegion')).toEqual({
      field: 'callRegion',
      value: 'DE',
      origins: [{ from: 'path', path: 'locale', as: 'upper' }],
      replaced: [],
    });
  });

  it('says of a list who gave each entry', () => {
    const skills = explanationOf('skills');
    expect(skills?.value).toEqual([
      { skill: 'a', proficiency: 'expert' },
      { skill: 'C', proficiency: 'average' },
    ]);
    expect(skills?.entries?.map(({ entry, origins }) => [entry, origins.map(originLabel)])).toEqual([
      [{ skill: 'a', proficiency: 'expert' }, ['everyone (set)', 'second (add)']],
      [{ skill: 'C', proficiency: 'average' }, ['wish skills (add)']],
    ]);
    expect(skills?.origins.map(originLabel)).toEqual([
      'everyone (set)',
      'second (add)',
      'third (remove)',
      'wish skills (add)',
    ]);
  });

  it('says what was taken away', () => {
    expect(explanationOf('chat.capacity')).toEqual({
      field: 'chat.capacity',
      origins: [rule('third', 'remove')],
      replaced: [{ value: 3, origins: [rule('everyone', 'set')] }],
    });
  });

  it('has a list as it was before a rule replaced or took it away', () => {
    const lists = mappingFor({
      agent: {},
      rules: [
        { name: 'a', add: { queues: ['A', 'B'] } },
        { name: 'b', set: { queues: ['C'] } },
        { name: 'c', remove: { queues: true } },
      ],
    }).map(personOf({}));
    expect(explain(lists).find(({ field }) => field === 'queues')).toMatchObject({
      origins: [rule('c', 'remove')],
      replaced: [{ value: [{ queue: 'A' }, { queue: 'B' }] }, { value: [{ queue: 'C' }] }],
    });
    expect(explain(lists)[1]).not.toHaveProperty('entries');
    expect(explain(lists)[1]).not.toHaveProperty('value');
  });

  it('is there for everybody, also where nothing was replaced', () => {
    expect(explain(mappingFor({ agent: {} }).map(personOf({})))).toEqual([
      {
        field: 'emailId',
        value: 'ada@example.com',
        origins: [{ from: 'path', path: 'userName' }],
        replaced: [],
      },
    ]);
  });
});

it('reasons are the origins of each field in words, and no value of the person', () => {
  expect(reasons(mapped())).toEqual({
    emailId: ['userName'],
    nickName: ['second (set)'],
    callRegion: ['locale'],
    agentGroup: ['wish agentGroup (set)'],
    skills: ['everyone (set)', 'second (add)', 'third (remove)', 'wish skills (add)'],
    'chat.capacity': ['third (remove)'],
  });
});

it.each([
  [{ from: 'path', path: 'userName', as: 'lower' }, 'userName: '],
  [{ from: 'rule', rule: 'billing', how: 'add' }, 'rule "billing": '],
  [{ from: 'wish', wish: 'skills', how: 'add' }, 'wish skills: '],
  [undefined, ''],
] as const)('an origin begins a message: %j', (origin, text) => {
  expect(originText(origin)).toBe(text);
});
