import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DesiredAgent, Mapped, Origin } from '../../functions/mapping/desired/desired-agent.ts';
import { payloadHash, planHash, toPayload } from '../../functions/mapping/payload/payload.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';
import type { ApiGeneration } from '../../functions/tenant/configuration.ts';
import { demoCatalogue, demoTenant, mappingOf } from './demo.ts';

const paths = demoTenant().agent;
const context = {
  /** Another one each time, so that its index is built in the test that looks names up. */
  get catalogue() {
    return { ...demoCatalogue };
  },
  customId: 'abcdefghijklmno',
  paths,
};

const complete: DesiredAgent = {
  emailId: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  phoneNumber: '490301234567',
  agentGroup: 'Billing',
  role: 'Agent',
  'chat.languages': [{ language: 'en', proficiency: 'good' }],
};
const of = (agent: DesiredAgent): Mapped => ({ agent, origins: {} });
const payloadOf = (changes: DesiredAgent, profile: ApiGeneration = 'ai-for-service') =>
  toPayload(of({ ...complete, ...changes }), { ...context, profile });
const messagesOf = (result: ReturnType<typeof toPayload>) => result.problems.map(({ message }) => message);
const without = (field: keyof DesiredAgent): DesiredAgent => {
  const { [field]: _, ...rest } = complete;
  return rest;
};

describe('the payload', () => {
  const everything: Person = {
    userName: 'ada@example.com',
    active: true,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    nickName: 'Countess',
    emails: [{ value: 'ada@example.com', primary: true }],
    phoneNumbers: [{ value: '+49 (0)30 1234-567', type: 'work' }],
  };
  const mapping = () =>
    mappingOf({
      agent: { ...paths, nickName: { from: 'nickName' } },
      rules: [
        {
          name: 'everything',
          set: {
            agentGroup: 'Billing',
            role: 'Supervisor',
            skills: [
              { skill: 'Billing/Refunds', proficiency: 'expert' },
              { skill: 'Hardware', proficiency: 'novice' },
            ],
            queues: [{ queue: 'VIP', preferred: true }, { queue: 'Default Queue' }],
            chat: {
              languages: [{ language: 'en', proficiency: 'good' }],
              capacity: 5,
              digitalCapacity: 4,
              emailCapacity: 2,
              messagingCapacity: 15,
            },
            voice: { languages: [{ language: 'de', proficiency: 'average', isActive: false }] },
            profImage: '5ff233123124',
            callRegion: 'DE',
            desktopLayouts: [{ id: 'ly-59736ed-eaac-40d6-8c5b-db294b10abcd', isDefault: true }],
            attachmentsEnabled: true,
            emojisEnabled: false,
            agentAffinity: true,
          },
        },
      ],
    });

  it.each(['smartassist', 'ai-for-service'] as const)(
    'is, field for field, the golden one: %s',
    (profile) => {
      const golden = JSON.parse(readFileSync(`test/fixtures/golden/payload-${profile}.json`, 'utf8'));
      expect(toPayload(mapping().map(everything), { ...context, profile })).toEqual({
        payload: golden,
        problems: [],
      });
    },
  );

  it('asks for the default layout where no layout is given', () => {
    expect(payloadOf({})).toMatchObject({
      payload: { createDefaultLayoutAndAssign: true, skills: [], queues: [] },
    });
  });

  it('switches a channel on by its languages, and off by word', () => {
    expect(payloadOf({})).toMatchObject({ payload: { canSupportChat: true, canSupportVoice: false } });
    const voiceOnly = payloadOf({
      'chat.enabled': false,
      'voice.languages': [{ language: 'en', proficiency: 'good' }],
    });
    expect(voiceOnly).toMatchObject({ payload: { canSupportChat: false, canSupportVoice: true } });
  });

  it('sends a skill once that two names lead to', () => {
    const result = payloadOf({
      skills: [
        { skill: 'Invoices', proficiency: 'good' },
        { skill: 'Billing/Invoices', proficiency: 'expert' },
      ],
    });
    expect(
      'payload' in result && result.payload.skills.map(({ proficiencyLevel }) => proficiencyLevel),
    ).toEqual(['expert']);
  });

  it.each([
    ['good', 'expert'],
    ['expert', 'good'],
  ] as const)('sends the higher proficiency of two names of one skill: %s, %s', (first, second) => {
    const result = payloadOf({
      skills: [
        { skill: 'Invoices', proficiency: first },
        { skill: 'Billing/Invoices', proficiency: second },
      ],
    });
    expect(result).toMatchObject({ payload: { skills: [{ proficiencyLevel: 'expert' }] } });
  });

  it('sends a queue once that two names lead to, preferred if one of them is', () => {
    const queues = (...list: DesiredAgent['queues'] & object) =>
      (payloadOf({ queues: list }) as { payload: AgentPayload }).payload.queues;
    expect(queues({ queue: 'vip' }, { queue: 'VIP', preferred: true })).toMatchObject([
      { isPreferredAgent: true },
    ]);
    expect(queues({ queue: 'VIP', preferred: true }, { queue: 'vip', preferred: false })).toMatchObject([
      { isPreferredAgent: true },
    ]);
    expect(queues({ queue: 'VIP' })[0]).not.toHaveProperty('isPreferredAgent');
  });

  it('has an international number without its plus', () => {
    expect(payloadOf({ phoneNumber: '+49301234567' })).toMatchObject({
      payload: { phoneNumber: '49301234567' },
    });
  });

  it('asks for no default layout where layouts are given, unless a rule does', () => {
    const desktopLayouts = [{ id: 'ly-1', isDefault: undefined }];
    const { payload } = payloadOf({ desktopLayouts }) as { payload: AgentPayload };
    expect(payload).not.toHaveProperty('createDefaultLayoutAndAssign');
    expect(payload.desktopLayouts).toStrictEqual([{ id: 'ly-1' }]);
    expect(payloadOf({ desktopLayouts, createDefaultLayoutAndAssign: true })).toMatchObject({
      payload: { createDefaultLayoutAndAssign: true },
    });
    expect(payloadOf({ createDefaultLayoutAndAssign: false })).toMatchObject({
      payload: { createDefaultLayoutAndAssign: false },
    });
  });

  it('has the tenant’s own fields as they are, and the status', () => {
    const result = payloadOf({
      'custom.employeeId': '0815',
      'custom.tags': ['a', 1, true],
      status: 'ACTIVE',
    });
    expect(result).toMatchObject({ payload: { employeeId: '0815', tags: ['a', 1, true], status: 'ACTIVE' } });
    expect(payloadOf({}).problems).toEqual([]);
  });

  it('never lets a field of the tenant’s own stand for a known one', () => {
    expect(payloadOf({ 'custom.customId': 'other' })).toMatchObject({
      payload: { customId: 'abcdefghijklmno' },
    });
  });
});

describe('limits', () => {
  it.each([
    ['firstName', '1234567890'.repeat(5), []],
    ['firstName', '😀'.repeat(50), []],
    ['firstName', '😀'.repeat(51), ['firstName: "😀', 'is not 1 to 50 characters long']],
    ['lastName', 'x'.repeat(51), ['lastName: "xxx', 'is not 1 to 50 characters long']],
    ['nickName', 'x'.repeat(51), ['nickName: "xxx', 'is not 1 to 50 characters long']],
    ['emailId', 'no address', ['emailId: "no address" is not an e-mail address']],
    ['phoneNumber', 'none', ['phoneNumber: "none" has no digits']],
    ['callRegion', 'de', ['callRegion: "de" is not two or three capital letters']],
    ['phoneNumber', '1234567890123456', ['phoneNumber: the value has more than 15 digits']],
    ['chat.capacity', 16, ['chat.capacity: "16" Too big']],
    ['chat.digitalCapacity', -1, ['chat.digitalCapacity: "-1" Too small']],
    ['chat.emailCapacity', 1.5, ['chat.emailCapacity: "1.5" ']],
    ['chat.messagingCapacity', 15, []],
    ['chat.messagingCapacity', 16, ['chat.messagingCapacity: "16"']],
    ['phoneNumber', '4+9', ['phoneNumber: the value has no digits']],
    ['phoneNumber', '++49', ['phoneNumber: the value has no digits']],
    ['emailId', `${'a'.repeat(64)}@${'b.'.repeat(94)}de`, ['emailId: "aaa']],
    ['emailId', `${'a'.repeat(64)}@${'b.'.repeat(93)}de`, []],
    ['emailId', ' ada@example.com ', []],
    ['phoneNumber', '+', ['phoneNumber: "+" has no digits']],
    ['profImage', '', ['profImage: "" is not 1 to 1000 characters long']],
    ['profImage', 'x'.repeat(1000), []],
    ['profImage', 'x'.repeat(1001), ['is not 1 to 1000 characters long']],
    ['desktopLayouts', [{ id: '' }], ['desktopLayouts: "[{']],
    ['custom.floor', 'x'.repeat(1001), ['custom.floor: "xxx']],
    ['custom.floor', '', ['custom.floor: ""']],
    ['chat.languages', [{ language: '', proficiency: 'good' }], ['chat.languages: "[{']],
    ['voice.languages', [{ language: 'x'.repeat(1001), proficiency: 'good' }], ['voice.languages: "[{']],
    ['nickName', '', ['nickName: "" is not 1 to 50 characters long']],
    ['firstName', '', ['firstName: "" is not 1 to 50 characters long']],
  ] as const)('of %s hold for %s', (field, value, parts) => {
    const [message] = messagesOf(payloadOf({ [field]: value } as DesiredAgent));
    if (parts.length === 0) expect(message).toBeUndefined();
    for (const part of parts) expect(message).toContain(part);
  });

  it('require a phone number only where the profile does', () => {
    const result = (profile: ApiGeneration) => toPayload(of(without('phoneNumber')), { ...context, profile });
    expect(result('ai-for-service').problems).toEqual([]);
    expect(messagesOf(result('smartassist'))).toEqual([
      'phoneNumbers[type eq "work"].value | phoneNumbers.value has no value, and the smartassist profile of SmartAssist requires phoneNumber',
    ]);
  });

  it('require a role only where the profile does', () => {
    const result = (profile: ApiGeneration) => toPayload(of(without('role')), { ...context, profile });
    expect(result('smartassist').problems).toEqual([]);
    expect(messagesOf(result('ai-for-service'))).toEqual(['no rule gives role, and SmartAssist requires it']);
  });

  it('require an e-mail address, names, a group and a channel, and report all of it at once', () => {
    const result = toPayload(of({}), { ...context, profile: 'ai-for-service' });
    expect(result.problems.map(({ field }) => field)).toEqual([
      'emailId',
      'firstName',
      'lastName',
      'agentGroup',
      'role',
      'agent',
    ]);
  });

  it('name the attribute that a value comes from, or the rule', () => {
    const tooLong = 'x'.repeat(61);
    const message = (origin: Origin) =>
      toPayload(
        { agent: { ...complete, firstName: tooLong }, origins: { firstName: [origin] } },
        { ...context, profile: 'ai-for-service' },
      ).problems[0]?.message;
    const rest = `"${'x'.repeat(57)}…" is not 1 to 50 characters long`;
    expect(message({ from: 'path', path: 'name.givenName' })).toBe(`name.givenName (firstName): ${rest}`);
    expect(message({ from: 'rule', rule: 'a', how: 'set' })).toBe(`rule "a": firstName: ${rest}`);
    expect(message({ from: 'wish', wish: 'role', how: 'set' })).toBe(`wish role: firstName: ${rest}`);
  });

  it('say of a channel that has no language which rule switched it on', () => {
    const result = toPayload(
      {
        agent: { ...complete, 'voice.enabled': true },
        origins: { 'voice.enabled': [{ from: 'rule', rule: 'on', how: 'set' }] },
      },
      { ...context, profile: 'ai-for-service' },
    );
    expect(messagesOf(result)).toEqual(['rule "on": voice is on, and no rule gives it a language']);
    expect(messagesOf(payloadOf({ 'chat.enabled': true, 'chat.languages': [] }))).toEqual([
      'chat is on, and no rule gives it a language',
    ]);
  });

  it('say that no channel is on', () => {
    const result = payloadOf({ 'chat.enabled': false });
    expect(result.problems).toEqual([
      { field: 'agent', message: 'no rule gives chat or voice languages, and SmartAssist requires it' },
    ]);
  });

  it('say which rule took a field away that is required', () => {
    const result = toPayload(
      {
        agent: without('role'),
        origins: { role: [{ from: 'rule', rule: 'less', how: 'remove' }] },
      },
      { ...context, profile: 'ai-for-service' },
    );
    expect(messagesOf(result)).toEqual(['rule "less": role is taken away, and SmartAssist requires it']);
  });

  it('say so also where the field would come from a path', () => {
    const { phoneNumber: _, ...agent } = complete;
    const origins: Mapped['origins'] = { phoneNumber: [{ from: 'rule', rule: 'less', how: 'remove' }] };
    const result = toPayload({ agent, origins }, { ...context, profile: 'smartassist' });
    expect(messagesOf(result)).toEqual([
      'rule "less": phoneNumber is taken away, and SmartAssist requires it',
    ]);
  });

  it('are not all: what the mapping could not make out is refused too', () => {
    const problems = [{ field: 'skills', message: 'rule "a": no' } as const];
    const result = toPayload(
      { agent: complete, origins: {}, problems },
      { ...context, profile: 'smartassist' },
    );
    expect(result).toEqual({ problems, unknownName: false });
  });

  it('report what the mapping could not make out, once', () => {
    const problems = [{ field: 'role', message: 'rule "a": no' } as const];
    const result = toPayload(
      { agent: without('role'), origins: {}, problems },
      { ...context, profile: 'ai-for-service' },
    );
    expect(result).toEqual({ problems, unknownName: false });
    const other = toPayload(
      { agent: without('agentGroup'), origins: {}, problems },
      { ...context, profile: 'smartassist' },
    );
    expect(other.problems.map(({ field }) => field)).toEqual(['role', 'agentGroup']);
  });

  it('are told once, though a value breaks several of a field', () => {
    expect(messagesOf(payloadOf({ phoneNumber: '' }))).toEqual([
      'phoneNumber: "" has no digits, and SmartAssist takes digits only',
    ]);
    expect(payloadOf({ phoneNumber: `+${'1'.repeat(16)}` }).problems).toHaveLength(1);
  });

  it('never quote a phone number', () => {
    const result = payloadOf({ phoneNumber: '+49 30 1234567' });
    expect(messagesOf(result).join()).not.toMatch(/\d{3}/);
    expect(result.problems).toHaveLength(1);
  });
});

describe('names', () => {
  const skill = (name: string) => payloadOf({ skills: [{ skill: name, proficiency: 'good' }] });

  it('are found in another case where only one fits', () => {
    expect(skill('billing/refunds').problems).toEqual([]);
    expect(skill('INVOICES').problems).toEqual([]);
  });

  it('that are ambiguous have to be written in full', () => {
    expect(messagesOf(skill('Refunds'))).toEqual([
      'skill "Refunds" exists more than once; write one of: Billing/Refunds, Support/Refunds',
    ]);
    expect(skill('Refunds')).toMatchObject({ unknownName: false });
  });

  it('that are unknown come with the nearest ones, and with the rule that asks for them', () => {
    const result = toPayload(
      {
        agent: { ...complete, skills: [{ skill: 'Billing/Refundz', proficiency: 'good' }] },
        origins: { skills: [{ from: 'rule', rule: 'billing', how: 'add' }] },
      },
      { ...context, profile: 'ai-for-service' },
    );
    expect(messagesOf(result)[0]).toMatch(
      /^rule "billing": skill "Billing\/Refundz" does not exist in SmartAssist; the nearest names are: Billing\/Refunds/,
    );
    expect(result).toMatchObject({ unknownName: true });
  });

  it.each([
    ['agentGroup', 'agent group'],
    ['role', 'role'],
  ] as const)('are checked for %s', (field, kind) => {
    expect(messagesOf(payloadOf({ [field]: 'Nowhere' }))).toEqual([
      expect.stringContaining(`${kind} "Nowhere" does not exist`),
    ]);
  });

  it('are checked for queues', () => {
    expect(messagesOf(payloadOf({ queues: [{ queue: 'Nowhere' }] }))).toEqual([
      expect.stringContaining('queue "Nowhere" does not exist'),
    ]);
  });
});

describe('the names of somebody who has very many', () => {
  it('are all looked up, and suggestions made for the first of them', () => {
    const skills = Array.from({ length: 40 }, (_, index) => ({
      skill: `Refundz ${index}`,
      proficiency: 'good' as const,
    }));
    const messages = messagesOf(payloadOf({ skills }));
    expect(messages).toHaveLength(40);
    expect(messages.filter((message) => message.includes('nearest'))).toHaveLength(5);
  });

  it('are said to be unknown by the rule or wish that asks for them', () => {
    const skill = (name: string) => ({ skill: name, proficiency: 'good' as const });
    const result = toPayload(
      {
        agent: { ...complete, skills: ['X1', 'Y2', 'Z3'].map(skill) },
        origins: {
          skills: [
            { from: 'rule', rule: 'a', how: 'set', entries: [skill('X1')] },
            { from: 'rule', rule: 'b', how: 'add', entries: [skill('Y2'), skill('X1')] },
            { from: 'rule', rule: 'c', how: 'remove', entries: [skill('Z3')] },
            { from: 'wish', wish: 'skills', how: 'add', entries: [skill('Z3')] },
          ],
        },
      },
      { ...context, profile: 'ai-for-service' },
    );
    expect(messagesOf(result).map((message) => message.replace(/ does not.*/, ''))).toEqual([
      'rule "a": skill "X1"',
      'rule "b": skill "Y2"',
      'wish skills: skill "Z3"',
    ]);
  });

  it('are shown cut to a length that fits a log', () => {
    expect(messagesOf(payloadOf({ role: 'x'.repeat(500) }))).toEqual([
      expect.stringContaining(`role "${'x'.repeat(57)}…" does not exist`),
    ]);
  });
});

describe('the hash', () => {
  const payload = () => (payloadOf({}) as { payload: AgentPayload }).payload;

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(payload()).reverse()) as AgentPayload;
    expect(payloadHash(reversed)).toBe(payloadHash(payload()));
  });

  it('is what it was: another one would mean an update of every agent', () => {
    expect(payloadHash(payload())).toBe('b386b10203bb2e4c14d40867861b996d9a1af4ffec9b8eea87b82ae9a486e7f5');
  });

  it('changes with the order of a list', () => {
    const [first, second] = ['en', 'de'].map((language) => ({ language, proficiency: 'good' as const }));
    if (first === undefined || second === undefined) throw new Error('two languages');
    expect(payloadHash({ ...payload(), chatLanguageSupport: [first, second] })).not.toBe(
      payloadHash({ ...payload(), chatLanguageSupport: [second, first] }),
    );
  });

  it.each([
    ['desktopLayouts', [{ id: 'ly-1', isDefault: true }]],
    ['queues', [{ id: 'qu-1' }]],
    ['skills', [{ skillId: 's-1', proficiencyLevel: 'good' }]],
    ['agentGroupId', 'ag-other'],
    ['lastName', 'Byron'],
    ['maxEmailChatSupport', 2],
  ])('of what an update writes changes with %s', (field, value) => {
    const known = { customId: 'c' };
    expect(planHash({ ...payload(), [field]: value }, known)).not.toBe(planHash(payload(), known));
  });

  it('changes with any value', () => {
    expect(payloadHash({ ...payload(), lastName: 'Byron' })).not.toBe(payloadHash(payload()));
  });
});
