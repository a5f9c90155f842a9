import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { payloadSchema } from '../../functions/smartassist/payload.ts';
import type { ApiGeneration } from '../../functions/tenant/configuration.ts';

const PROFILES = ['smartassist', 'ai-for-service'] as const;

const golden = (profile: ApiGeneration): Record<string, unknown> =>
  JSON.parse(readFileSync(`test/fixtures/golden/payload-${profile}.json`, 'utf8'));

/** The fields that a golden payload with these changes is refused for; undefined takes a field out. */
function refusedFor(profile: ApiGeneration, changes: Record<string, unknown>): string[] {
  const payload = Object.fromEntries(
    Object.entries({ ...golden(profile), ...changes }).filter(([, value]) => value !== undefined),
  );
  const issues = payloadSchema(profile).safeParse(payload).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
  );
}

describe.each(PROFILES)('a payload of the %s profile', (profile) => {
  it('is passed on as it is', () => {
    expect(payloadSchema(profile).parse(golden(profile))).toEqual(golden(profile));
  });

  it.each([
    'id',
    'userId',
    'accountId',
    'orgId',
    'createdBy',
    'createdAt',
    'updatedAt',
    'lastOnlineAt',
    'onlineStatus',
    'onlineStatusType',
    'sipURI',
    'iceServers',
    'emaiId',
    'somethingNew',
  ])("never has %s, which is the server's or nobody's", (field) => {
    expect(refusedFor(profile, { [field]: 'x' })).toEqual([field]);
  });

  it.each([
    ['skills', { skillId: 's', proficiencyLevel: 'good', name: 'Refunds' }],
    ['queues', { id: 'qu-1', name: 'Billing' }],
    ['chatLanguageSupport', { language: 'en', proficiency: 'good', id: 'x' }],
    ['voiceLanguageSupport', { language: 'en', proficiency: 'good', id: 'x' }],
    ['desktopLayouts', { id: 'ly-1', name: 'Default' }],
  ])('has none of the extra keys that records have in %s', (field, entry) => {
    expect(refusedFor(profile, { [field]: [entry] })).toEqual([Object.keys(entry).at(-1)]);
  });

  it.each([
    ['emailId', 'no address'],
    ['emailId', ''],
    ['emailId', undefined],
    ['firstName', 'x'.repeat(51)],
    ['firstName', '👩'.repeat(51)],
    ['firstName', ''],
    ['firstName', undefined],
    ['lastName', 'x'.repeat(51)],
    ['lastName', undefined],
    ['nickName', 'x'.repeat(51)],
    ['phoneNumber', '+49 30 1234567'],
    ['phoneNumber', ''],
    ['phoneNumber', 4930],
    ['customId', ''],
    ['customId', 'a b'],
    ['customId', 'a\\b'],
    ['customId', 'x'.repeat(65)],
    ['agentGroupId', ''],
    ['agentGroupId', undefined],
    ['roleId', ''],
    ['skills', undefined],
    ['skills.0.proficiencyLevel', [{ skillId: 's', proficiencyLevel: 'Expert' }]],
    ['queues', undefined],
    ['queues.0.id', [{ id: '' }]],
    ['chatLanguageSupport', undefined],
    ['chatLanguageSupport.0.proficiency', [{ language: 'en', proficiency: 'fluent' }]],
    ['maxChatSupport', 16],
    ['maxChatSupport', -1],
    ['maxDigitalChatSupport', 1.5],
    ['maxEmailChatSupport', '3'],
    ['maxMessagingChatSupport', 16],
    ['callRegion', 'de'],
    ['callRegion', 'Deu'],
    ['canSupportChat', 'true'],
  ])('is refused for %s = %j', (where, value) => {
    const [field = ''] = where.split('.');
    expect(refusedFor(profile, { [field]: value })).toContain(where);
  });

  it.each([
    ['firstName', '👩'.repeat(50)],
    ['lastName', 'x'],
    ['nickName', undefined],
    ['profImage', undefined],
    ['customId', 'a'],
    ['customId', '1111'],
    ['customId', 'ABC'],
    ['customId', undefined],
    ['skills', []],
    ['queues', []],
    ['maxChatSupport', 0],
    ['maxChatSupport', 15],
    ['desktopLayouts', undefined],
    ['createDefaultLayoutAndAssign', true],
    ['callRegion', undefined],
  ])('is good with %s = %j', (field, value) => {
    expect(refusedFor(profile, { [field]: value })).toEqual([]);
  });

  it('has a language for each channel that is on, and one channel that is', () => {
    expect(refusedFor(profile, { chatLanguageSupport: [] })).toEqual(['chatLanguageSupport']);
    expect(refusedFor(profile, { voiceLanguageSupport: [] })).toEqual(['voiceLanguageSupport']);
    expect(refusedFor(profile, { canSupportVoice: false, voiceLanguageSupport: [] })).toEqual([]);
    expect(refusedFor(profile, { canSupportChat: false, canSupportVoice: false })).toEqual(['']);
  });

  it('is refused for everything that is wrong at once', () => {
    const wrong = { firstName: '', emailId: 'x', voiceLanguageSupport: [] };
    expect(refusedFor(profile, wrong).toSorted()).toEqual(['emailId', 'firstName', 'voiceLanguageSupport']);
  });
});

it.each([
  ['phoneNumber', 'smartassist', 'ai-for-service'],
  ['roleId', 'ai-for-service', 'smartassist'],
] as const)('%s is required by %s and not by %s', (field, strict, lenient) => {
  expect(refusedFor(strict, { [field]: undefined })).toEqual([field]);
  expect(refusedFor(lenient, { [field]: undefined })).toEqual([]);
});

it.each(['abcdefghijklmnop', 'C-1111'])(
  'customId %s is longer or stranger than the starting page takes',
  (customId) => {
    expect(refusedFor('smartassist', { customId })).toEqual(['customId']);
    expect(refusedFor('ai-for-service', { customId })).toEqual([]);
  },
);
