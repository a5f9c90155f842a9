import { describe, expect, test } from 'vitest';
import { type Bench, bench, CLIENT, sign } from './simulator-bench.ts';

/** A bench with one agent, and its record as the API answers it. */
async function withAgent(changes: Record<string, unknown> = {}, options: Parameters<typeof bench>[0] = {}) {
  const made = bench(options);
  await made.call(
    'POST /agents',
    made.person({ customId: 'ada', nickName: 'Countess', maxChatSupport: 4, ...changes }),
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

  test('a record that is read, changed and sent back is stored, its derived names with it', async () => {
    const made = await withAgent();
    made.clock.advance(5_000);
    const changed = { ...made.record, firstName: 'Augusta', agentGroupId: made.ids.group('Unassigned') };
    const { status, body } = await put(made, changed);
    expect(status).toBe(200);
    expect(body).toMatchObject({ firstName: 'Augusta', agentGroups: [{ name: 'Unassigned' }] });
    expect(made.simulator.agents()[0]).toMatchObject({
      id: made.id,
      fullName: 'Augusta Lovelace',
      agentGroupId: made.ids.group('Unassigned'),
      nickName: 'Countess',
      maxChatSupport: 4,
      createdAt: '2026-11-23T10:00:00.000Z',
      updatedAt: '2026-11-23T10:00:05.000Z',
      skills: [{ name: 'Refunds' }],
    });
  });

  test('what the body leaves out is gone, but for what the server writes', async () => {
    const made = await withAgent();
    const { nickName, customId, createdAt, sipURI, iceServers, isAccountOwner, ...rest } = made.record;
    await put(made, { ...rest, agentGroupId: made.ids.group('Billing') });
    const stored = made.simulator.agents()[0];
    for (const field of ['nickName', 'customId']) expect(stored).not.toHaveProperty(field);
    expect(stored).toMatchObject({ createdAt, sipURI, iceServers, isAccountOwner });
    expect((await made.call('GET /agents/customId/ada')).body).toEqual([]);
  });

  test('what the body leaves out stays where the behaviour says so', async () => {
    const made = await withAgent({}, { behaviour: { absentInUpdate: 'kept' } });
    const { nickName, customId, ...rest } = made.record;
    await put(made, { ...rest, agentGroupId: made.ids.group('Billing') });
    expect(made.simulator.agents()).toMatchObject([{ nickName, customId }]);
  });

  test.each([
    { what: 'left out', sent: {} },
    { what: 'another', sent: { maxChatSupport: 7, callRegion: 'DE', agentAffinity: true } },
  ])('what no update takes stays as it was: $what', async ({ sent }) => {
    const made = await withAgent();
    const { maxChatSupport: _, callRegion, ...rest } = made.record;
    await put(made, { ...rest, agentGroupId: made.ids.group('Billing'), ...sent });
    const stored = made.simulator.agents()[0];
    expect(stored).toMatchObject({ maxChatSupport: 4, callRegion });
    expect(stored).not.toHaveProperty('agentAffinity');
  });

  test("the server's own fields can't be changed", async () => {
    const made = await withAgent();
    const body = {
      ...made.record,
      agentGroupId: made.ids.group('Billing'),
      createdAt: 'never',
      role: 'Admin',
    };
    await put(made, { ...body, isAccountOwner: true });
    expect(made.simulator.agents()[0]).toMatchObject({
      createdAt: '2026-11-23T10:00:00.000Z',
      role: 'Agent',
      isAccountOwner: false,
    });
  });

  test.each([
    'firstName',
    'lastName',
    'emailId',
    'userId',
    'accountId',
    'orgId',
    'roleId',
    'iId',
    'id',
    'agentGroupId',
    'chatLanguageSupport',
    'voiceLanguageSupport',
    'skills',
    'queues',
    'desktopLayouts',
  ])('a record without %s is refused, and stays as it was', async (field) => {
    const made = await withAgent();
    const before = made.simulator.agents();
    const body = {
      ...made.record,
      agentGroupId: made.ids.group('Billing'),
      nickName: 'x',
      [field]: undefined,
    };
    const answer = await put(made, body);
    expect([answer.status, answer.body.errors[0]?.msg]).toEqual([400, expect.stringContaining(field)]);
    expect(made.simulator.agents()).toEqual(before);
  });

  test.each(['id', 'userId', 'accountId', 'orgId', 'iId'])('a %s of another is refused', async (field) => {
    const made = await withAgent();
    const body = { ...made.record, agentGroupId: made.ids.group('Billing'), [field]: 'other' };
    expect((await put(made, body)).body.errors).toEqual([{ msg: expect.stringContaining(field), code: 400 }]);
  });

  test('a field that the record does not have is taken where the behaviour names it', async () => {
    const made = await withAgent({}, { behaviour: { customFields: ['shoeSize'] } });
    const body = { ...made.record, agentGroupId: made.ids.group('Billing'), shoeSize: 43 };
    expect((await put(made, body)).status).toBe(200);
    expect(made.simulator.agents()).toMatchObject([{ shoeSize: 43 }]);
  });

  test('a field that the record does not have is refused, one that somebody else put there goes back', async () => {
    const made = await withAgent();
    const body = { ...made.record, agentGroupId: made.ids.group('Billing'), shoeSize: 43 };
    expect((await put(made, body)).body.errors).toEqual([{ msg: 'shoeSize: is not accepted', code: 400 }]);
    made.simulator.editAgent(made.id, {
      shoeSize: 42,
      phoneNumber: '+49 (89) 12',
      status: 'PAUSED',
      customId: '',
    });
    const { body: edited } = await made.call(`GET /agents/${made.id}`);
    expect((await put(made, { ...edited, agentGroupId: made.ids.group('Billing') })).status).toBe(200);
    expect(made.simulator.agents()[0]).toMatchObject({
      shoeSize: 42,
      phoneNumber: '+49 (89) 12',
      status: 'PAUSED',
    });
  });

  test('the rules of a create hold: channels, ids, e-mail', async () => {
    const made = await withAgent();
    const other = made.simulator.seedAgent({ emailId: 'Other@example.com' });
    const body = { ...made.record, agentGroupId: made.ids.group('Billing') };
    const messages = async (changes: object) =>
      (await put(made, { ...body, ...changes })).body.errors.map(({ msg }) => msg).join();
    expect(await messages({ canSupportChat: false })).toContain('at least one channel');
    expect(await messages({ agentGroupId: 'ag-none' })).toContain('agentGroupId');
    expect(await messages({ maxChatSupport: 16 })).toContain('maxChatSupport');
    expect(await messages({ emailId: other.emailId.toLowerCase() })).toContain('already exists');
    expect((await put(made, { ...body, emailId: 'ADA@EXAMPLE.COM' })).status).toBe(200);
  });

  test('an e-mail address that was given up is free again', async () => {
    const made = await withAgent();
    await put(made, { ...made.record, agentGroupId: made.ids.group('Billing'), emailId: 'new@example.com' });
    expect((await made.call('POST /agents', made.person())).status).toBe(200);
  });

  test('an unknown agent is 404', async () => {
    const made = await withAgent();
    expect(
      (await made.call('PUT /agents/a-none', { ...made.record, agentGroupId: made.ids.group('Billing') }))
        .status,
    ).toBe(404);
  });
});

describe('deleting', () => {
  test('answers the record, after which the agent is gone', async () => {
    const { call, id, simulator } = await withAgent();
    expect((await call(`DELETE /agents/${id}`)).body).toMatchObject({ id, customId: 'ada' });
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
