import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DesiredAgent, Mapped } from '../../functions/mapping/desired.ts';
import { payloadHash, toPayload } from '../../functions/mapping/payload.ts';
import type { Person } from '../../functions/person/person.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';
import type { ApiProfile } from '../../functions/tenant/configuration.ts';
import { demoCatalogue, demoTenant, mappingOf } from './demo.ts';

const paths = demoTenant().agent;
const context = { catalogue: demoCatalogue, customId: 'abcdefghijklmno', paths };

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
const payloadOf = (changes: DesiredAgent, profile: ApiProfile = 'ai-for-service') =>
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
  const mapping = mappingOf({
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
      expect(toPayload(mapping.map(everything), { ...context, profile })).toEqual({
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
    ['callRegion', 'de', ['callRegion: "de" is not two capital letters']],
    ['chat.capacity', 16, ['chat.capacity']],
  ] as const)('of %s hold for %s', (field, value, parts) => {
    const [message] = messagesOf(payloadOf({ [field]: value }));
    if (parts.length === 0) expect(message).toBeUndefined();
    for (const part of parts) expect(message).toContain(part);
  });

  it('require a phone number only where the profile does', () => {
    const result = (profile: ApiProfile) => toPayload(of(without('phoneNumber')), { ...context, profile });
    expect(result('ai-for-service').problems).toEqual([]);
    expect(messagesOf(result('smartassist'))).toEqual([
      'phoneNumbers[type eq "work"].value | phoneNumbers.value has no value, and the smartassist profile of SmartAssist requires phoneNumber',
    ]);
  });

  it('require a role only where the profile does', () => {
    const result = (profile: ApiProfile) => toPayload(of(without('role')), { ...context, profile });
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

describe('the hash', () => {
  const payload = (payloadOf({}) as { payload: AgentPayload }).payload;

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(payload).reverse()) as AgentPayload;
    expect(payloadHash(reversed)).toBe(payloadHash(payload));
  });

  it('changes with any value', () => {
    expect(payloadHash({ ...payload, lastName: 'Byron' })).not.toBe(payloadHash(payload));
  });
});
