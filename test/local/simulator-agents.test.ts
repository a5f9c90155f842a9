import { describe, expect, test } from 'vitest';
import { UPDATE_FIELDS } from '../../local/simulator/agents/body.ts';
import { type Bench, bench, CLIENT, sign } from './simulator-bench.ts';

/** A bench with one agent, and its record as the API answers it. */
async function withAgent(changes: Record<string, unknown> = {}, options: Parameters<typeof bench>[0] = {}) {
  const made = bench(options);
  await made.call(
    'POST /agents',
    made.person({
      customId: 'ada',
      nickName: 'Countess',
      maxChatSupport: 4,
      roleId: made.ids.role('Agent'),
      ...changes,
    }),
  );
  const id = made.simulator.agents()[0]?.id ?? '';
  const { body } = await made.call(`GET /agents/${id}`);
  return { ...made, id, record: body as Record<string, unknown> };
}

async function seedMany({ simulator }: Bench, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) simulator.seedAgent({ lastName: `${number}` });
}

describe('reading', () => {
  test('an agent by its id is the whole record, the TURN secret included', async () => {
    const { record, id } = await withAgent();
    expect(record).toMatchObject({ id, customId: 'ada', role: 'Agent', skills: [{ name: 'Refunds' }] });
    expect(record).toHaveProperty('iceServers');
  });

  test('the group is in agentGroups only, as in the published records, unless the behaviour says otherwise', async () => {
    expect((await withAgent()).record).not.toHaveProperty('agentGroupId');
    const { record, ids } = await withAgent({}, { behaviour: { recordsCarryAgentGroupId: true } });
    expect(record.agentGroupId).toBe(ids.group('Billing'));
  });

  test('an unknown id is 404 in the error envelope', async () => {
    const { call } = bench();
    const { status, body } = await call('GET /agents/a-none');
    expect([status, body.errors[0]?.code]).toEqual([404, 404]);
  });

  test('by customId there may be none, one or several', async () => {
    const { call, simulator } = await withAgent();
    expect((await call('GET /agents/customId/none')).body).toEqual([]);
    expect((await call('GET /agents/customId/ada')).body).toHaveLength(1);
    simulator.seedAgent({ customId: 'ada' });
    const { status, body } = await call('GET /agents/customId/ada');
    expect([status, body.length]).toEqual([200, 2]);
  });

  test('a customId of signs comes in percent-encoding', async () => {
    const { call, simulator } = bench({ profile: 'ai-for-service' });
    simulator.seedAgent({ customId: 'a/b?ü' });
    expect((await call(`GET /agents/customId/${encodeURIComponent('a/b?ü')}`)).body).toHaveLength(1);
  });

  test('by customId a single agent is answered bare where the behaviour says so', async () => {
    const { call, id } = await withAgent({}, { behaviour: { customIdAnswer: 'object' } });
    expect((await call('GET /agents/customId/ada')).body.id).toBe(id);
    expect((await call('GET /agents/customId/none')).status).toBe(404);
  });

  test('the list has ten agents a page, oldest first', async () => {
    const made = bench();
    await seedMany(made, 21);
    const list = `GET /organizations/${made.simulator.orgId}/agents`;
    const first = (await made.call(list)).body;
    expect(first).toMatchObject({ skip: 0, limit: 10, hasMore: true, totalPages: 3, totalResults: 21 });
    const third = (await made.call(`${list}?page=3`)).body;
    expect(third).toMatchObject({ skip: 20, hasMore: false });
    expect(third.results.map(({ lastName }) => lastName)).toEqual(['21']);
    const fourth = (await made.call(`${list}?page=4`)).body;
    expect(fourth).toMatchObject({ results: [], hasMore: false });
    expect((await made.call(`${list}?page=2&limit=100`)).body.results).toHaveLength(10);
  });

  test('the list of another organization is 404, and a page that is no number is refused', async () => {
    const { call, simulator } = bench();
    expect((await call('GET /organizations/o-other/agents?page=1')).status).toBe(404);
    const { status, body } = await call(`GET /organizations/${simulator.orgId}/agents?page=0`);
    expect([status, body.errors[0]?.msg]).toEqual([400, expect.stringContaining('page')]);
  });

  test('availability sorts the agents that meet every list by what they are doing', async () => {
    const { call, simulator, id, ids } = await withAgent();
    const busy = simulator.seedAgent({ onlineStatusType: 'BUSY', queues: [{ id: ids.queue('VIP') }] });
    const all = (await call('POST /agents/availability', {})).body;
    expect(all).toMatchObject({
      AVAILABLE: [],
      AWAY: [],
      BUSY: [{ _id: busy.id }],
      OFFLINE: [{ _id: id, customId: 'ada' }],
    });
    expect(all.BUSY[0]).not.toHaveProperty('iceServers');
    const some = async (body: object) => {
      const answer = (await call('POST /agents/availability', body)).body;
      return [...answer.BUSY, ...answer.OFFLINE].map(({ _id }) => _id);
    };
    expect(await some({ agentIds: [id] })).toEqual([id]);
    expect(await some({ skillIds: [ids.skill('Billing', 'Refunds')] })).toEqual([id]);
    expect(await some({ queueIds: [ids.queue('VIP')] })).toEqual([busy.id]);
    expect(await some({ agentIds: [id], queueIds: [ids.queue('VIP')] })).toEqual([]);
    expect((await call('POST /agents/availability', { emails: [] })).status).toBe(400);
  });
});

describe('updating', () => {
  const put = ({ call, id }: { call: Bench['call']; id: string }, body: object) =>
    call(`PUT /agents/${id}`, body);
  /** Of what was read that which an update may carry, with the group that no record has. */
  const sendable = ({ record, ids }: { record: Record<string, unknown>; ids: Bench['ids'] }) => ({
    ...Object.fromEntries(Object.entries(record).filter(([field]) => UPDATE_FIELDS.includes(field))),
    agentGroupId: ids.group('Billing'),
  });
  const inGroup = (groupId: string, role = 'agent') => ({ groupId, role });
  const messagesOf = async (made: Awaited<ReturnType<typeof withAgent>>, changes: object) =>
    (await put(made, { ...sendable(made), ...changes })).body.errors?.map(({ msg }) => msg).join();

  test('a record that is read, changed and sent back is stored, its derived names with it', async () => {
    const made = await withAgent();
    made.clock.advance(5_000);
    const agentGroupId = made.ids.group('Unassigned');
    const changed = { firstName: 'Augusta', agentGroupId, agentGroups: [inGroup(agentGroupId)] };
    const { status, body } = await put(made, { ...sendable(made), ...changed });
    expect(status).toBe(200);
    expect(body).toMatchObject({ firstName: 'Augusta', agentGroups: [{ groupId: agentGroupId }] });
    expect(made.simulator.agents()[0]).toMatchObject({
      id: made.id,
      fullName: 'Augusta Lovelace',
      agentGroupId,
      agentGroups: [{ name: 'Unassigned' }],
      nickName: 'Countess',
      maxChatSupport: 4,
      createdAt: '2026-11-23T10:00:00.000Z',
      updatedAt: '2026-11-23T10:00:05.000Z',
      skills: [{ name: 'Refunds' }],
    });
  });

  test('the answer is an older record: no customId, no iId, names beside ids', async () => {
    const made = await withAgent();
    const { body } = await put(made, sendable(made));
    expect(body).toMatchObject({ id: made.id, maxChatSupport: 4, skills: [{ name: 'Refunds' }] });
    for (const field of ['customId', 'iId', 'agentGroupId', 'iceServers', 'role'])
      expect(body).not.toHaveProperty(field);
  });

  test('what the body leaves out is gone, but for what the server writes and what only a create takes', async () => {
    const made = await withAgent();
    const { nickName, customId, createdAt, isAccountOwner, ...rest } = sendable(made) as Record<
      string,
      unknown
    >;
    await put(made, rest);
    const stored = made.simulator.agents()[0];
    for (const field of ['nickName', 'customId']) expect(stored).not.toHaveProperty(field);
    expect(stored).toMatchObject({
      createdAt,
      isAccountOwner,
      maxChatSupport: 4,
      sipURI: made.record.sipURI,
    });
    expect((await made.call('GET /agents/customId/ada')).body).toEqual([]);
  });

  test('what the body leaves out stays where the behaviour says so, skills included', async () => {
    const made = await withAgent({}, { behaviour: { absentInUpdate: 'kept' }, profile: 'ai-for-service' });
    const { nickName, skills, agentGroups, ...rest } = sendable(made) as Record<string, unknown>;
    expect((await put(made, rest)).status).toBe(200);
    expect(made.simulator.agents()).toMatchObject([
      { nickName: 'Countess', skills: [{ name: 'Refunds' }], agentGroups: [{ name: 'Billing' }] },
    ]);
  });

  test('groups are exactly those that are sent, and a manager keeps the level of access', async () => {
    const made = await withAgent();
    const [billing, sales] = [made.ids.group('Billing'), made.ids.group('Sales')];
    made.simulator.editAgent(made.id, {
      agentGroups: [{ ...inGroup(billing, 'manager'), accessLevel: 'view' }, inGroup(sales, 'manager')],
    });
    const sent = { agentGroupId: billing, agentGroups: [inGroup(billing, 'manager')] };
    expect((await put(made, { ...sendable(made), ...sent })).status).toBe(200);
    expect(made.simulator.agents()).toMatchObject([
      { agentGroups: [{ groupId: billing, role: 'manager', accessLevel: 'view' }] },
    ]);
    expect(made.simulator.agents()[0]?.agentGroups).toHaveLength(1);
    expect(await messagesOf(made, { agentGroups: [inGroup('ag-none')] })).toContain('agentGroups[0].groupId');
  });

  test.each(['agentGroups', 'agentGroupId'] as const)(
    'of a default group that is not among the groups %s counts',
    async (decidingGroup) => {
      const made = await withAgent({}, { behaviour: { decidingGroup } });
      const sales = made.ids.group('Sales');
      await put(made, { ...sendable(made), agentGroups: [inGroup(sales)] });
      const name = decidingGroup === 'agentGroups' ? 'Sales' : 'Billing';
      expect(made.simulator.agents()).toMatchObject([{ agentGroups: [{ name }] }]);
    },
  );

  test.each([
    ['sent', true],
    ['always', true],
    ['sent', false],
    ['always', false],
  ] as const)(
    'a flag of an agent who opted out survives %s when it is sent back: %s',
    async (survives, isSent) => {
      const made = await withAgent({}, { behaviour: { optOut: { survives } } });
      const [skill] = made.simulator.agents()[0]?.skills ?? [];
      made.simulator.editAgent(made.id, { skills: [{ ...skill, isOptedOut: true }] as never });
      const { skillId = '', proficiencyLevel = '' } = skill ?? {};
      const entry = { skillId, proficiencyLevel, ...(isSent ? { isOptedOut: true } : {}) };
      await put(made, { ...sendable(made), skills: [entry] });
      const stored = made.simulator.agents()[0]?.skills[0];
      expect(stored).toMatchObject({ name: 'Refunds' });
      expect(stored && 'isOptedOut' in stored).toBe(isSent || survives === 'always');
    },
  );

  test("the server's own fields can't be changed", async () => {
    const made = await withAgent();
    await put(made, { ...sendable(made), createdAt: 'never', isAccountOwner: true, lastOnlineAt: 'never' });
    expect(made.simulator.agents()[0]).toMatchObject({
      createdAt: '2026-11-23T10:00:00.000Z',
      isAccountOwner: false,
    });
    expect(made.simulator.agents()[0]).not.toHaveProperty('lastOnlineAt');
  });

  const documented = [
    ...['firstName', 'lastName', 'emailId', 'userId', 'accountId', 'orgId', 'roleId', 'iId', 'id'],
    'agentGroupId',
  ];
  const lists = ['chatLanguageSupport', 'voiceLanguageSupport', 'skills', 'queues', 'desktopLayouts'];
  test.each([...documented, ...lists])(
    'a record without %s is refused, and stays as it was',
    async (field) => {
      const made = await withAgent();
      const before = made.simulator.agents();
      const answer = await put(made, { ...sendable(made), nickName: 'x', [field]: undefined });
      expect([answer.status, answer.body.errors[0]?.msg]).toEqual([400, expect.stringContaining(field)]);
      expect(made.simulator.agents()).toEqual(before);
    },
  );

  test.each(['id', 'userId', 'accountId', 'orgId', 'iId'])('a %s of another is refused', async (field) => {
    const made = await withAgent();
    const { body } = await put(made, { ...sendable(made), [field]: 'other' });
    expect(body.errors).toEqual([{ msg: expect.stringContaining(field), code: 400 }]);
  });

  test('a field of the account is taken where the behaviour names it', async () => {
    const made = await withAgent({}, { behaviour: { customFields: ['shoeSize'] } });
    expect((await put(made, { ...sendable(made), shoeSize: 43 })).status).toBe(200);
    expect(made.simulator.agents()).toMatchObject([{ shoeSize: 43 }]);
    expect((await made.call(`GET /agents/${made.id}`)).body).toMatchObject({ shoeSize: 43 });
  });

  test('a field beyond the documented ones is refused, ignored or taken', async () => {
    const made = await withAgent();
    const stale = { onlineStatus: 'Available', onlineStatusType: 'AVAILABLE', maxChatSupport: 9 };
    const refusals = await messagesOf(made, stale);
    for (const field of Object.keys(stale)) expect(refusals).toContain(`${field}: is not accepted`);
    made.simulator.setBehaviour({ unlistedFields: 'ignored' });
    expect(await messagesOf(made, stale)).toBeUndefined();
    expect(made.simulator.agents()).toMatchObject([{ onlineStatusType: 'OFFLINE', maxChatSupport: 4 }]);
    made.simulator.setBehaviour({ unlistedFields: 'taken' });
    expect(await messagesOf(made, stale)).toBeUndefined();
    expect(made.simulator.agents()).toMatchObject([stale]);
  });

  test('what was written into a record by hand goes back as it is', async () => {
    const made = await withAgent();
    const byHand = { shoeSize: 42, phoneNumber: '+49 (89) 12', status: 'PAUSED', customId: '' };
    made.simulator.editAgent(made.id, byHand);
    const { body: edited } = await made.call(`GET /agents/${made.id}`);
    expect((await put(made, sendable({ ...made, record: edited }))).status).toBe(200);
    expect(made.simulator.agents()[0]).toMatchObject(byHand);
  });

  test('the rules of a create hold: channels, ids, e-mail', async () => {
    const made = await withAgent();
    const other = made.simulator.seedAgent({ emailId: 'Other@example.com' });
    expect(await messagesOf(made, { canSupportChat: false })).toContain('at least one channel');
    expect(await messagesOf(made, { roleId: 'none' })).toContain('roleId');
    expect(await messagesOf(made, { maxEmailChatSupport: 16 })).toContain('maxEmailChatSupport');
    expect(await messagesOf(made, { emailId: other.emailId.toLowerCase() })).toContain('already exists');
    expect(await messagesOf(made, { emailId: 'ADA@EXAMPLE.COM' })).toBeUndefined();
    made.simulator.setBehaviour({ needsChannel: false });
    expect(await messagesOf(made, { canSupportChat: false })).toBeUndefined();
  });

  test('a capacity over 15 that an agent has goes back as it is', async () => {
    const made = await withAgent();
    made.simulator.editAgent(made.id, { maxEmailChatSupport: 20 });
    expect(await messagesOf(made, { maxEmailChatSupport: 20 })).toBeUndefined();
    expect(await messagesOf(made, { maxEmailChatSupport: 21 })).toContain('maxEmailChatSupport');
  });

  test.each([
    ['taken', undefined, 'new@example.com'],
    ['refused', 'emailId: can not be changed', 'ada@example.com'],
    ['ignored', undefined, 'ada@example.com'],
  ] as const)('another e-mail address is %s', async (emailChange, message, emailId) => {
    const made = await withAgent({}, { behaviour: { emailChange } });
    expect(await messagesOf(made, { emailId: 'new@example.com' })).toBe(message);
    expect(made.simulator.agents()).toMatchObject([{ emailId }]);
  });

  test('an e-mail address that was given up is free again', async () => {
    const made = await withAgent();
    await put(made, { ...sendable(made), emailId: 'new@example.com' });
    expect((await made.call('POST /agents', made.person())).status).toBe(200);
  });

  test('an unknown agent is 404', async () => {
    const made = await withAgent();
    expect((await made.call('PUT /agents/a-none', sendable(made))).status).toBe(404);
  });
});

describe('deleting', () => {
  test('answers the record, after which the agent is gone', async () => {
    const { call, id, simulator } = await withAgent();
    expect((await call(`DELETE /agents/${id}`)).body).toMatchObject({ id, emailId: 'ada@example.com' });
    expect(simulator.agents()).toEqual([]);
    expect((await call(`GET /agents/${id}`)).status).toBe(404);
    expect((await call('GET /agents/customId/ada')).body).toEqual([]);
    expect((await call(`DELETE /agents/${id}`)).status).toBe(404);
  });

  test('the account owner is refused', async () => {
    const { call, simulator } = bench();
    const owner = simulator.seedAgent({ isAccountOwner: true });
    const { status, body } = await call(`DELETE /agents/${owner.id}`);
    expect([status, body.errors[0]?.msg]).toEqual([400, expect.stringContaining('account owner')]);
    expect(simulator.agents()).toHaveLength(1);
  });
});

test('calls are done in the order in which they come, however long their tokens take', async () => {
  const wrong = Array.from({ length: 30 }, (_, index) => ({
    ...CLIENT,
    clientSecret: `old secret ${index}`,
  }));
  let slow = true;
  const credentials = () => {
    slow = !slow;
    return slow ? [CLIENT] : [...wrong, CLIENT];
  };
  const { person, simulator } = bench({ credentials });
  const emails = Array.from({ length: 20 }, (_, index) => `agent${index}@example.com`);
  // Signed beforehand: signing takes as long as the machine likes, too.
  const headers = { auth: await sign(), 'content-type': 'application/json' };
  const url = `/agentassist/api/v1/public/${simulator.streamId}/agents`;
  await Promise.all(
    emails.map((emailId) =>
      simulator.handle({ method: 'POST', url, headers, body: JSON.stringify(person({ emailId })) }),
    ),
  );
  expect(simulator.agents().map(({ emailId }) => emailId)).toEqual(emails);
});

test('the same seed gives the same ids', async () => {
  expect((await withAgent()).record).toEqual((await withAgent()).record);
});

test.each([
  'GET /agents',
  'GET /skills',
  'PATCH /agents/a-1',
  'GET /agents/',
  'DELETE /queues',
  'GET /_simulator',
])('%s is no call of this API: 404 in the error envelope', async (operation) => {
  const { status, body } = await bench().call(operation);
  expect(status).toBe(404);
  expect(body.errors).toEqual([{ msg: expect.any(String), code: 404 }]);
});

test('another stream is 404, and so is a path that is no path', async () => {
  const { simulator } = bench();
  for (const url of ['/agentassist/api/v1/public/st-other/queues', '//', '/%', '']) {
    const answer = await simulator.handle({ method: 'GET', url, headers: {}, body: '' });
    expect(answer).toMatchObject({ kind: 'response', status: 404 });
  }
});
