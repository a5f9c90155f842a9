import { describe, expect, it } from 'vitest';
import { AGENT, mappingFor, personOf } from './tenant.ts';

const ALL = ['agentGroup', 'role', 'skills', 'languages', 'queues'];
const everyone = {
  name: 'everyone',
  set: {
    agentGroup: 'Default Group',
    role: 'Agent',
    skills: [{ skill: 'Refunds', proficiency: 'good' }],
    queues: ['Default Queue'],
    chat: { languages: [{ language: 'en', proficiency: 'good' }] },
  },
};
const wish = (extension: unknown, wishes: readonly string[] = ALL, rules: object[] = [everyone]) =>
  mappingFor({ agent: {}, wishes, rules }).map(personOf({ [AGENT]: extension }));
const wished = (extension: unknown, rules?: object[]) => wish(extension, ALL, rules).agent;

describe('wishes', () => {
  it('come after the rules: names replace, entries are added, and each says that it was a wish', () => {
    const { agent, origins, replaced } = wish({
      agentGroup: ' Billing ',
      role: 'Supervisor',
      skills: [
        { skill: 'refunds', proficiency: 'Expert' },
        { skill: 'Invoices', proficiency: 'novice' },
      ],
      queues: [
        { value: 'VIP', preferred: true },
        { value: 'Billing', preferred: false },
      ],
      languages: [{ language: 'de', proficiency: 'expert' }],
    });
    expect(agent).toMatchObject({
      agentGroup: 'Billing',
      role: 'Supervisor',
      skills: [
        { skill: 'refunds', proficiency: 'expert' },
        { skill: 'Invoices', proficiency: 'novice' },
      ],
      queues: [{ queue: 'Default Queue' }, { queue: 'VIP', preferred: true }, { queue: 'Billing' }],
      'chat.languages': [
        { language: 'en', proficiency: 'good' },
        { language: 'de', proficiency: 'expert' },
      ],
    });
    expect(agent.queues?.[2]).toEqual({ queue: 'Billing' });
    expect(origins.agentGroup).toEqual([{ from: 'wish', wish: 'agentGroup', how: 'set' }]);
    expect(origins.role).toEqual([{ from: 'wish', wish: 'role', how: 'set' }]);
    expect(origins.skills?.map(({ from }) => from)).toEqual(['rule', 'wish']);
    expect(origins.queues?.at(-1)).toEqual({
      from: 'wish',
      wish: 'queues',
      how: 'add',
      entries: [{ queue: 'VIP', preferred: true }, { queue: 'Billing' }],
    });
    expect(origins['chat.languages']?.at(-1)).toMatchObject({ from: 'wish', wish: 'languages', how: 'add' });
    expect(replaced?.agentGroup?.[0]?.value).toBe('Default Group');
  });

  it('come also after a rule that stops', () => {
    expect(wished({ agentGroup: 'Billing' }, [{ ...everyone, stop: true }]).agentGroup).toBe('Billing');
  });

  it.each(ALL)('are granted field by field: without %s it is ignored, and said to be', (field) => {
    const extension = {
      agentGroup: 'Billing',
      role: 'Supervisor',
      skills: [{ skill: 'X' }],
      languages: [{ language: 'fr' }],
      queues: [{ value: 'X' }],
    };
    const others = ALL.filter((each) => each !== field);
    const { ignoredWishes, origins } = wish(extension, others);
    expect(ignoredWishes).toEqual([field]);
    const granted = Object.values(origins).flatMap((list) => list ?? []);
    expect(new Set(granted.flatMap((origin) => (origin.from === 'wish' ? [origin.wish] : [])))).toEqual(
      new Set(others),
    );
  });

  it('that say nothing are none', () => {
    const mapped = wish({ agentGroup: ' ', role: '', skills: [], queues: [], languages: null }, []);
    expect(mapped).not.toHaveProperty('ignoredWishes');
    expect(wish({ agentGroup: ' ', skills: [] }).agent.agentGroup).toBe('Default Group');
    expect(wish(undefined)).not.toHaveProperty('ignoredWishes');
    expect(wish('text').agent.agentGroup).toBe('Default Group');
  });

  it('of no proficiency are average', () => {
    const agent = wished({
      skills: [{ skill: 'A' }, { skill: 'B', proficiency: ' ' }],
      languages: [{ language: 'fr' }],
    });
    expect(agent.skills?.slice(1)).toEqual([
      { skill: 'A', proficiency: 'average' },
      { skill: 'B', proficiency: 'average' },
    ]);
    expect(agent['chat.languages']?.at(-1)).toEqual({ language: 'fr', proficiency: 'average' });
  });

  it('of another proficiency or channel are problems that name the wish', () => {
    const { problems } = wish({
      skills: [{ skill: 'A', proficiency: 'master' }],
      languages: [
        { language: 'fr', proficiency: 'fluent' },
        { language: 'it', channel: 'fax' },
      ],
    });
    expect(problems).toEqual([
      {
        field: 'skills',
        message: 'wish skills: "A": "master" is no proficiency; write novice, average, good, expert',
      },
      {
        field: 'chat.languages',
        message: 'wish languages: "fr": "fluent" is no proficiency; write novice, average, good, expert',
      },
      {
        field: 'chat.languages',
        message: 'wish languages: "it" is for the channel "fax"; write chat or voice',
      },
    ]);
  });

  it('that are nothing that can be wished for are passed over', () => {
    const agent = wished({
      skills: ['A', { proficiency: 'good' }, null, { skill: 7 }],
      queues: ['A', { preferred: true }],
      languages: ['en', { channel: 'chat' }],
    });
    expect(agent.skills).toHaveLength(1);
    expect(agent.queues).toHaveLength(1);
    expect(agent['chat.languages']).toHaveLength(1);
  });

  it('of which nothing is left are no origin', () => {
    const { agent, origins } = wish({ skills: ['A'], languages: ['B'], queues: [{}] }, ALL, []);
    expect(Object.keys(agent)).toEqual(['emailId']);
    expect(Object.keys(origins)).toEqual(['emailId']);
  });

  it('of any length are read only so far that they still can not be found', () => {
    expect(wished({ agentGroup: 'x'.repeat(1_000_000) }).agentGroup).toHaveLength(1001);
  });
});

describe('a language that is wished for', () => {
  const chat = { languages: [{ language: 'en', proficiency: 'good' }] };
  const voice = chat;
  const french = { languages: [{ language: 'fr', proficiency: 'good' }] };
  const channels = (set: object, extension: object = french) => {
    const agent = wished(extension, [{ name: 'a', set }]);
    return (['chat', 'voice'] as const).filter((channel) =>
      agent[`${channel}.languages`]?.some(({ language }) => language === 'fr'),
    );
  };

  it.each([
    [{ chat }, ['chat']],
    [{ voice }, ['voice']],
    [{ chat, voice }, ['chat', 'voice']],
    [{}, ['chat', 'voice']],
    [{ voice: { enabled: false } }, ['chat']],
    [{ chat: { enabled: false } }, ['voice']],
    [{ chat: { enabled: true } }, ['chat']],
    [{ chat, voice: { ...voice, enabled: false } }, ['chat']],
    [{ chat: { languages: [] } }, ['chat', 'voice']],
  ])('goes, without a channel, where the rules are: %j', (set, expected) => {
    expect(channels(set)).toEqual(expected);
  });

  it.each(['voice', ' Voice '])('goes where it says: %s', (channel) => {
    expect(channels({ chat }, { languages: [{ language: 'fr', channel }] })).toEqual(['voice']);
  });
});
