import { describe, expect, test } from 'vitest';
import { bench } from './simulator-bench.ts';

/** Creates a person with one thing changed and gives the status and the messages. */
async function create(
  changes: Record<string, unknown>,
  profile: 'smartassist' | 'ai-for-service' = 'smartassist',
): Promise<{ status: number; messages: string[] }> {
  const { call, person, ids } = bench({ profile });
  const body = person({ ...(profile === 'ai-for-service' ? { roleId: ids.role('Agent') } : {}), ...changes });
  const answer = await call('POST /agents', body);
  return { status: answer.status, messages: answer.body.errors?.map(({ msg }) => msg) };
}

const { ids } = bench();
const OK = { status: 200, messages: undefined };

test('the answer to a create is the body, what the server chose, and no agent id', async () => {
  const { call, person, simulator } = bench();
  const { status, body } = await call('POST /agents', person({ maxChatSupport: 3, nickName: 'Countess' }));
  expect(status).toBe(200);
  expect(body).toMatchObject({
    emailId: 'ada@example.com',
    nickName: 'Countess',
    agentGroupId: ids.group('Billing'),
    maxChatSupport: 3,
    callRegion: 'US',
    maxDigitalChatSupport: 5,
    maxEmailChatSupport: 5,
    maxMessagingChatSupport: 5,
    orgId: simulator.orgId,
    userId: expect.stringMatching(/^u-[0-9a-f-]{36}$/),
  });
  expect(body).not.toHaveProperty('id');
  expect(body).not.toHaveProperty('iceServers');
});

test('the phone number is a text in the request and a number in the answer, unless the behaviour says otherwise', async () => {
  const { call, person, simulator } = bench();
  expect((await call('POST /agents', person())).body.phoneNumber).toBe(4915112345678);
  simulator.setBehaviour({ createdPhoneNumber: 'text' });
  const other = person({ emailId: 'b@example.com' });
  expect((await call('POST /agents', other)).body.phoneNumber).toBe('4915112345678');
});

test('account, customId and status are answered where the behaviour says so', async () => {
  const { call, person, simulator } = bench();
  const first = (await call('POST /agents', person({ customId: 'abc' }))).body;
  for (const field of ['accountId', 'customId', 'status']) expect(first).not.toHaveProperty(field);
  simulator.setBehaviour({ createdCarries: ['accountId', 'customId', 'status'] });
  const other = person({ emailId: 'b@example.com', customId: 'abc' });
  expect((await call('POST /agents', other)).body).toMatchObject({
    accountId: simulator.accountId,
    customId: 'abc',
    status: 'ACTIVE',
  });
});

test('the agent id is answered where the tenant is set so', async () => {
  const { call, person, simulator } = bench({ behaviour: { returnsAgentId: true } });
  const { body } = await call('POST /agents', person());
  expect(body.id).toBe(simulator.agents()[0]?.id);
});

test('the stored record carries the names that belong to the ids, and what only a server knows', async () => {
  const { call, person, simulator } = bench();
  await call(
    'POST /agents',
    person({
      customId: 'abc',
      queues: [{ id: ids.queue('VIP') }],
      desktopLayouts: [{ id: ids.layout('Default Layout') }],
    }),
  );
  expect(simulator.agents()[0]).toMatchObject({
    id: expect.stringMatching(/^a-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    orgId: expect.stringMatching(/^o-/),
    iId: simulator.streamId,
    accountId: simulator.accountId,
    status: 'ACTIVE',
    onlineStatusType: 'OFFLINE',
    phoneNumber: '4915112345678',
    customId: 'abc',
    agentGroupId: ids.group('Billing'),
    agentGroups: [{ groupId: ids.group('Billing'), role: 'agent', name: 'Billing' }],
    roleId: ids.role('Agent'),
    role: 'Agent',
    skills: [{ name: 'Refunds', skillGroupName: 'Billing', skillGroupColor: expect.stringMatching(/^#/) }],
    queues: [{ id: ids.queue('VIP'), name: 'VIP' }],
    desktopLayouts: [{ name: 'Default Layout' }],
    createdAt: '2026-11-23T10:00:00.000Z',
    updatedAt: '2026-11-23T10:00:00.000Z',
    iceServers: [{ credential: expect.stringMatching(/^turn-secret-/) }],
  });
});

test('the default layout is assigned when asked for and no other is given', async () => {
  const { call, person, simulator } = bench();
  await call('POST /agents', person({ createDefaultLayoutAndAssign: true }));
  await call('POST /agents', person({ emailId: 'b@example.com' }));
  expect(simulator.agents().map(({ desktopLayouts }) => desktopLayouts.length)).toEqual([1, 0]);
});

describe('required fields', () => {
  const both = ['emailId', 'firstName', 'lastName'];
  const older = [
    ...both,
    'phoneNumber',
    'agentGroupId',
    'chatLanguageSupport',
    'voiceLanguageSupport',
    'skills',
  ];
  const newer = [...both, 'roleId'];

  test.each(older)('the smartassist profile refuses a person without %s and names it', async (field) => {
    const { status, messages } = await create({ [field]: undefined });
    expect(status).toBe(400);
    expect(messages.join()).toContain(field);
  });

  test.each(newer)('the ai-for-service profile refuses a person without %s and names it', async (field) => {
    const { status, messages } = await create({ [field]: undefined }, 'ai-for-service');
    expect(status).toBe(400);
    expect(messages.join()).toContain(field);
  });

  test.each(['phoneNumber', 'agentGroupId', 'voiceLanguageSupport', 'skills'])(
    'the ai-for-service profile takes a person without %s',
    async (field) => expect(await create({ [field]: undefined }, 'ai-for-service')).toEqual(OK),
  );

  test('without an agent group the agent is in the default one', async () => {
    const { call, person, simulator } = bench({ profile: 'ai-for-service' });
    await call('POST /agents', person({ agentGroupId: undefined, roleId: ids.role('Supervisor') }));
    expect(simulator.agents()[0]).toMatchObject({
      agentGroupId: ids.group('Default Group'),
      role: 'Supervisor',
    });
  });

  test('every field that is wrong is named, each in an error of its own', async () => {
    const { status, messages } = await create({ emailId: 'nobody', lastName: '' });
    expect(status).toBe(400);
    expect(messages).toEqual([expect.stringMatching(/^emailId: /), expect.stringMatching(/^lastName: /)]);
  });
});

describe('fields that are not accepted', () => {
  test.each([
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
    'agentGroups',
    'iId',
    'emaiId',
    'shoeSize',
  ])('%s is refused and named', async (field) => {
    expect(await create({ [field]: 'x' })).toEqual({ status: 400, messages: [`${field}: is not accepted`] });
  });

  test("the server's keys inside arrays are refused and named", async () => {
    const skill = { skillId: ids.skill('Billing', 'Refunds'), proficiencyLevel: 'good', name: 'Refunds' };
    expect((await create({ skills: [skill] })).messages).toEqual(['skills[0].name: is not accepted']);
    const queue = { id: ids.queue('VIP'), name: 'VIP' };
    expect((await create({ queues: [queue] })).messages).toEqual(['queues[0].name: is not accepted']);
    const layout = { id: ids.layout('Default Layout'), isPreferredAgent: true };
    expect((await create({ desktopLayouts: [layout] })).messages).toEqual([
      'desktopLayouts[0].isPreferredAgent: is not accepted',
    ]);
    const language = { language: 'en', proficiency: 'good', level: 3 };
    expect((await create({ chatLanguageSupport: [language] })).messages).toEqual([
      'chatLanguageSupport[0].level: is not accepted',
    ]);
  });
});

describe('values', () => {
  test.each(['firstName', 'lastName', 'nickName'])('%s has at most 50 characters', async (field) => {
    expect(await create({ [field]: 'x'.repeat(50) })).toEqual(OK);
    const { status, messages } = await create({ [field]: 'x'.repeat(51) });
    expect([status, messages.join()]).toEqual([400, expect.stringContaining(field)]);
  });

  test('an emoji is one character', async () => {
    expect(await create({ firstName: '😀'.repeat(50) })).toEqual(OK);
    expect((await create({ firstName: '😀'.repeat(51) })).status).toBe(400);
  });

  test.each(['expert', 'novice', 'average', 'good'])('the proficiency %s is known', async (proficiency) => {
    const skills = [{ skillId: ids.skill('Billing', 'Refunds'), proficiencyLevel: proficiency }];
    expect(await create({ skills, chatLanguageSupport: [{ language: 'en', proficiency }] })).toEqual(OK);
  });

  test.each([
    [
      'skills[0].proficiencyLevel',
      { skills: [{ skillId: ids.skill('Billing', 'Refunds'), proficiencyLevel: 'Expert' }] },
    ],
    [
      'chatLanguageSupport[0].proficiency',
      { chatLanguageSupport: [{ language: 'en', proficiency: 'native' }] },
    ],
    ['chatLanguageSupport[0].language', { chatLanguageSupport: [{ proficiency: 'good' }] }],
    ['maxChatSupport', { maxChatSupport: 16 }],
    ['maxDigitalChatSupport', { maxDigitalChatSupport: -1 }],
    ['maxEmailChatSupport', { maxEmailChatSupport: 1.5 }],
    ['maxMessagingChatSupport', { maxMessagingChatSupport: '5' }],
    ['phoneNumber', { phoneNumber: 4915112345678 }],
    ['phoneNumber', { phoneNumber: '+49 (151) 1234' }],
    ['emailId', { emailId: 'ada' }],
    ['callRegion', { callRegion: 'Germany' }],
    ['status', { status: 'INACTIVE' }],
    ['canSupportChat', { canSupportChat: 'true' }],
    ['agentGroupId', { agentGroupId: 'ag-0000000-0000-0000-0000-000000000000' }],
    [
      'skills[1].skillId',
      {
        skills: [
          { skillId: ids.skill('Billing', 'Refunds'), proficiencyLevel: 'good' },
          { skillId: 'Refunds', proficiencyLevel: 'good' },
        ],
      },
    ],
    ['queues[0].id', { queues: [{ id: 'qu-none' }] }],
    ['roleId', { roleId: 'Agent' }],
    ['desktopLayouts[0].id', { desktopLayouts: [{ id: 'ly-none' }] }],
  ])('a wrong %s is refused and named', async (field, changes) => {
    const { status, messages } = await create(changes);
    expect(status).toBe(400);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.startsWith(`${field}: `)).toBe(true);
  });

  test.each([0, 15])('a capacity of %i is within bounds', async (capacity) => {
    expect(await create({ maxChatSupport: capacity, maxEmailChatSupport: capacity })).toEqual(OK);
  });
});

describe('channels', () => {
  test.each([
    ['at least one channel', { canSupportChat: false }],
    ['at least one channel', { canSupportChat: undefined }],
    ['chatLanguageSupport', { chatLanguageSupport: [] }],
    ['voiceLanguageSupport', { canSupportVoice: true }],
  ])('refused for want of %s: %o', async (message, changes) => {
    const { status, messages } = await create(changes);
    expect([status, messages.join()]).toEqual([400, expect.stringContaining(message)]);
  });

  test('a channel that is off needs no language', async () => {
    expect(
      await create({
        canSupportChat: false,
        chatLanguageSupport: [],
        canSupportVoice: true,
        voiceLanguageSupport: [{ language: 'de', proficiency: 'good', isActive: true }],
      }),
    ).toEqual(OK);
  });
});

test("fields of the account's own are taken where the behaviour names them", async () => {
  const behaviour = { customFields: ['shoeSize', 'site'] };
  for (const profile of ['smartassist', 'ai-for-service'] as const) {
    const { call, person, simulator, ids } = bench({ behaviour, profile });
    const body = person({ roleId: ids.role('Agent'), shoeSize: 43, site: ['Berlin'] });
    expect((await call('POST /agents', body)).status).toBe(200);
    expect(simulator.agents()).toMatchObject([{ shoeSize: 43, site: ['Berlin'] }]);
    expect((await call('POST /agents', { ...body, hatSize: 7 })).body.errors).toEqual([
      { msg: 'hatSize: is not accepted', code: 400 },
    ]);
  }
});

describe('customId', () => {
  test.each(['abcdefghij12345', 'A'])('the smartassist profile takes %s', async (customId) => {
    expect(await create({ customId })).toEqual(OK);
  });

  test.each(['abcdefghij123456', 'a b', 'a-b', ''])(
    'the smartassist profile refuses "%s"',
    async (customId) => {
      expect((await create({ customId })).messages).toEqual([expect.stringContaining('customId')]);
    },
  );

  test('the ai-for-service profile takes 64 characters of anything but space and backslash', async () => {
    expect(await create({ customId: '-'.repeat(64) }, 'ai-for-service')).toEqual(OK);
    for (const customId of ['-'.repeat(65), 'a b', 'a\\b']) {
      expect((await create({ customId }, 'ai-for-service')).status).toBe(400);
    }
  });

  test('two agents may have the same: SmartAssist does not keep it unique', async () => {
    const { call, person } = bench();
    await call('POST /agents', person({ customId: 'same' }));
    expect((await call('POST /agents', person({ customId: 'same', emailId: 'b@example.com' }))).status).toBe(
      200,
    );
  });
});

describe('an e-mail address that is taken', () => {
  test('is refused whatever its case, and nothing is created', async () => {
    const { call, person, simulator } = bench();
    await call('POST /agents', person());
    const { status, body } = await call('POST /agents', person({ emailId: 'ADA@example.com' }));
    expect(status).toBe(409);
    expect(body).toEqual({ errors: [{ msg: expect.stringContaining('already exists'), code: 409 }] });
    expect(simulator.agents()).toHaveLength(1);
  });

  test('is refused in the words that the behaviour says', async () => {
    const { call, person } = bench({ behaviour: { duplicateEmail: { status: 400, message: 'Not unique' } } });
    await call('POST /agents', person());
    const { status, body } = await call('POST /agents', person());
    expect([status, body]).toEqual([400, { errors: [{ msg: 'Not unique', code: 400 }] }]);
  });

  test('is taken twice where the behaviour says so', async () => {
    const { call, person, simulator } = bench({ behaviour: { duplicateEmail: { isRefused: false } } });
    await call('POST /agents', person());
    expect((await call('POST /agents', person())).status).toBe(200);
    expect(simulator.agents()).toHaveLength(2);
  });

  test('is free again once the agent is deleted', async () => {
    const { call, person, simulator } = bench();
    await call('POST /agents', person());
    await call(`DELETE /agents/${simulator.agents()[0]?.id}`);
    expect((await call('POST /agents', person())).status).toBe(200);
  });
});

test('a body that is no JSON, or not said to be, is refused', async () => {
  const { call, person } = bench();
  expect((await call('POST /agents', '{')).body.errors[0]?.msg).toContain('JSON');
  expect((await call('POST /agents', '[]')).body.errors[0]?.msg).toContain('body');
  const plain = await call('POST /agents', person(), { 'content-type': 'text/plain' });
  expect([plain.status, plain.body.errors[0]?.msg]).toEqual([400, expect.stringContaining('Content-Type')]);
});
