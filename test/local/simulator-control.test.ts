import { describe, expect, test } from 'vitest';
import { bench } from './simulator-bench.ts';

const DEFAULTS = {
  callsPerMinute: 60,
  adminCalls: { perMinute: 60, perHour: 1_800 },
  withoutScopes: [],
  missingScope: { status: 403, message: 'The app does not have the scope for this API' },
  wrongApp: { status: 401, message: 'Invalid SDK credentials', code: 4002 },
  latencyMs: 0,
  returnsAgentId: false,
  recordsCarryAgentGroupId: false,
  createdCarries: [],
  createdPhoneNumber: 'number',
  customIdAnswer: 'array',
  recordEntries: 'as-updated',
  unlistedFields: 'refused',
  absentInUpdate: 'emptied',
  decidingGroup: 'agentGroups',
  emailChange: 'taken',
  workforce: { mostPerPage: 1_000 },
  duplicateCustomId: {
    isRefused: false,
    status: 409,
    message: 'An agent with this customId already exists',
  },
  needsChannel: true,
  optOut: { field: 'isOptedOut', survives: 'sent' },
  listFacts: 'true',
  customFields: [],
  jti: 'optional',
  duplicateEmail: { isRefused: true, status: 409, message: 'An agent with this emailId already exists' },
  throttled: { status: 429, retryAfter: null },
  faults: [],
};

describe('what the simulator holds', () => {
  test('is shown with its group, its calls and its peak, without the TURN secret', async () => {
    const { call, person, ids } = bench();
    await call('POST /agents', person());
    const { status, body } = await call('GET /_simulator/agents');
    expect(status).toBe(200);
    expect(body).toEqual({
      agents: [expect.objectContaining({ emailId: 'ada@example.com', agentGroupId: ids.group('Billing') })],
      calls: { total: 1, 'POST /agents': 1 },
      peakPerMinute: 1,
    });
    expect(JSON.stringify(body)).not.toContain('turn-secret');
  });

  test('is emptied by one call, the behaviour staying as it is', async () => {
    const { call, person, simulator } = bench({ behaviour: { latencyMs: 0, returnsAgentId: true } });
    await call('POST /agents', person());
    expect(await call('DELETE /_simulator/agents')).toMatchObject({ status: 204, body: undefined });
    expect((await call('GET /_simulator/agents')).body).toEqual({
      agents: [],
      calls: { total: 0 },
      peakPerMinute: 0,
    });
    expect(simulator.behaviour().returnsAgentId).toBe(true);
    expect((await call('POST /agents', person())).status).toBe(200);
  });

  test('emptying it gives the whole limit back', async () => {
    const { call, simulator } = bench({ behaviour: { callsPerMinute: 1 } });
    await call('GET /queues');
    simulator.reset();
    expect((await call('GET /queues')).status).toBe(200);
  });

  test('is a copy: changing it changes nothing', async () => {
    const { simulator } = bench();
    simulator.seedAgent({ firstName: 'Ada' });
    const [copy] = simulator.agents();
    Object.assign(copy ?? {}, { firstName: 'Eve' });
    expect(simulator.agents()[0]?.firstName).toBe('Ada');
  });
});

test('control calls need no token, take no limit and no fault, and are not counted', async () => {
  const { call, simulator } = bench({ behaviour: { callsPerMinute: 0, faults: [{ kind: 'drop-before' }] } });
  expect((await call('GET /_simulator/agents', undefined, { auth: undefined })).status).toBe(200);
  expect(simulator.calls()).toEqual({ total: 0 });
  expect(simulator.peakPerMinute()).toBe(0);
});

describe('behaviour', () => {
  test('is the documented one to begin with', async () => {
    expect((await bench().call('GET /_simulator/behaviour')).body).toEqual(DEFAULTS);
  });

  test('is replaced as a whole: a key that is absent goes back to its default', async () => {
    const { call } = bench();
    const faults = [{ on: 'POST /agents', kind: 'status', status: 503, times: 3, probability: 1 }];
    const first = await call('PUT /_simulator/behaviour', {
      callsPerMinute: 10,
      throttled: { retryAfter: 2 },
      faults,
    });
    expect(first.body).toEqual({
      ...DEFAULTS,
      callsPerMinute: 10,
      throttled: { status: 429, retryAfter: 2 },
      faults,
    });
    const second = await call('PUT /_simulator/behaviour', { latencyMs: 5 });
    expect(second.body).toEqual({ ...DEFAULTS, latencyMs: 5 });
    expect((await call('GET /_simulator/behaviour')).body).toEqual(second.body);
  });

  test.each([
    ['callsPerMinute', { callsPerMinute: -1 }],
    ['latencyMs', { latencyMs: '5' }],
    ['callsPerMinut', { callsPerMinut: 5 }],
    ['returnsAgentId', { returnsAgentId: 'yes' }],
    ['duplicateEmail.status', { duplicateEmail: { status: 200 } }],
    ['throttled.retryAfter', { throttled: { retryAfter: 'soon' } }],
    ['faults[0].kind', { faults: [{ kind: 'explode' }] }],
    ['faults[0].on', { faults: [{ kind: 'hang', on: 'POST /agent' }] }],
    ['faults[0].times', { faults: [{ kind: 'hang', times: -1 }] }],
    ['faults[0].probability', { faults: [{ kind: 'hang', probability: 2 }] }],
    ['body', []],
  ])('is refused for a wrong %s, and stays as it was', async (field, input) => {
    const { call } = bench();
    await call('PUT /_simulator/behaviour', { latencyMs: 1 });
    const { status, body } = await call('PUT /_simulator/behaviour', input);
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0]?.msg.startsWith(`${field}: `)).toBe(true);
    expect((await call('GET /_simulator/behaviour')).body).toEqual({ ...DEFAULTS, latencyMs: 1 });
  });

  test('what a test was handed, or handed in, is a copy', async () => {
    const { simulator } = bench();
    const input = { faults: [{ kind: 'status' as const, times: 1 }] };
    simulator.setBehaviour(input);
    simulator.behaviour().faults.pop();
    await bench({ behaviour: input }).call('GET /queues');
    expect(input.faults[0]?.times).toBe(1);
    expect(simulator.behaviour().faults).toEqual([{ kind: 'status', times: 1 }]);
  });
});

describe('agents made and changed by hand', () => {
  test('an agent that was there before is made of whatever is given', async () => {
    const { call, ids } = bench();
    const { status, body } = await call('POST /_simulator/agents', {
      id: 'a-old',
      emailId: 'old@example.com',
      agentGroupId: ids.group('Sales'),
      skills: [{ skillId: ids.skill('Support', 'Hardware'), proficiencyLevel: 'novice' }],
      shoeSize: 42,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: 'a-old', shoeSize: 42, agentGroups: [{ name: 'Sales' }] });
    expect((await call('GET /agents/a-old')).body).toMatchObject({
      role: 'Agent',
      skills: [{ name: 'Hardware' }],
    });
    expect((await call('GET /_simulator/agents')).body.agents).toHaveLength(1);
  });

  test('its e-mail address is taken, and its customId is found', async () => {
    const { call, person, simulator } = bench();
    simulator.seedAgent({ emailId: 'ADA@example.com', customId: 'ada' });
    expect((await call('POST /agents', person())).status).toBe(409);
    expect((await call('GET /agents/customId/ada')).body).toHaveLength(1);
  });

  test('a change is merged, names follow ids, and the place in the list stays', async () => {
    const { call, clock, ids, simulator } = bench();
    const { id } = simulator.seedAgent({ firstName: 'Ada', nickName: 'Countess', customId: 'ada' });
    simulator.seedAgent({});
    clock.advance(1_000);
    const patch = {
      agentGroupId: ids.group('Sales'),
      roleId: ids.role('Admin'),
      customId: 'new',
      nickName: null,
    };
    const { status, body } = await call(`PATCH /_simulator/agents/${id}`, patch);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      firstName: 'Ada',
      role: 'Admin',
      agentGroups: [{ name: 'Sales' }],
      updatedAt: '2026-11-23T10:00:01.000Z',
    });
    expect(body).not.toHaveProperty('nickName');
    expect(simulator.agents().map((agent) => agent.id)[0]).toBe(id);
    expect((await call('GET /agents/customId/ada')).body).toEqual([]);
    expect((await call('GET /agents/customId/new')).body).toHaveLength(1);
  });

  test('what is derived can be set against the rules, so that a broken record can be tried', async () => {
    const { simulator } = bench();
    const { id } = simulator.seedAgent({});
    simulator.editAgent(id, {
      agentGroups: [],
      updatedAt: '2020-01-01T00:00:00.000Z',
      createdAt: 'long ago',
    });
    expect(simulator.agents()[0]).toMatchObject({
      agentGroups: [],
      updatedAt: '2020-01-01T00:00:00.000Z',
      createdAt: 'long ago',
    });
  });

  test('a shape that the simulator could not work with is refused, and so is an unknown agent', async () => {
    const { call, simulator } = bench();
    const { id } = simulator.seedAgent({});
    for (const patch of [{ skills: 'Refunds' }, { emailId: null }, { id: '' }, { queues: [{}] }]) {
      const { status, body } = await call(`PATCH /_simulator/agents/${id}`, patch);
      expect([status, body.errors[0]?.msg]).toEqual([
        400,
        expect.stringContaining(Object.keys(patch)[0] ?? ''),
      ]);
    }
    expect((await call('PATCH /_simulator/agents/a-none', {})).status).toBe(404);
    expect((await call('PUT /_simulator/agents', {})).status).toBe(404);
  });
});
