import { expect, test } from 'vitest';
import { bench } from './simulator-bench.ts';

/** Calls for queues one after the other and gives the statuses. */
async function statuses(call: ReturnType<typeof bench>['call'], times: number): Promise<number[]> {
  const answers: number[] = [];
  for (let time = 0; time < times; time += 1) answers.push((await call('GET /queues')).status);
  return answers;
}

test('sixty calls in a minute are answered, the sixty-first is not, in the documented words', async () => {
  const { call } = bench();
  expect(new Set(await statuses(call, 60))).toEqual(new Set([200]));
  const { status, body, headers } = await call('GET /queues');
  expect(status).toBe(429);
  expect(body.errors).toEqual([
    { msg: "You've exceeded the per-minute rate limit. Please try again later.", code: 429 },
  ]);
  expect(headers).not.toHaveProperty('retry-after');
});

test('status and Retry-After of a throttled call are what the behaviour says', async () => {
  const { call } = bench({ behaviour: { callsPerMinute: 0, throttled: { status: 403, retryAfter: 7 } } });
  const { status, body, headers } = await call('GET /queues');
  expect([status, headers['retry-after'], body.errors[0]?.code]).toEqual([403, '7', 403]);
  expect(body.errors[0]?.msg).toContain('per-minute rate limit');
});

test('the window slides: each call makes room exactly 60,000 ms after it was made', async () => {
  const { call, clock } = bench({ behaviour: { callsPerMinute: 2 } });
  await statuses(call, 1);
  clock.advance(20_000);
  await statuses(call, 1);
  clock.advance(39_999);
  expect(await statuses(call, 1)).toEqual([429]);
  clock.advance(1);
  expect(await statuses(call, 2)).toEqual([200, 429]);
  clock.advance(19_999);
  expect(await statuses(call, 1)).toEqual([429]);
  clock.advance(1);
  expect(await statuses(call, 2)).toEqual([200, 429]);
});

test('a burst at the end of one minute is counted with the start of the next', async () => {
  const { call, clock } = bench({ behaviour: { callsPerMinute: 10 } });
  clock.advance(59_000);
  expect(await statuses(call, 10)).not.toContain(429);
  clock.advance(2_000);
  expect(await statuses(call, 1)).toEqual([429]);
});

test('a call that was turned away does not prolong the wait', async () => {
  const { call, clock } = bench({ behaviour: { callsPerMinute: 1 } });
  await statuses(call, 1);
  clock.advance(59_999);
  await statuses(call, 5);
  clock.advance(1);
  expect(await statuses(call, 1)).toEqual([200]);
});

test('all contact-centre calls share the limit, bad tokens, faults and unknown paths included', async () => {
  const { call, simulator } = bench({
    behaviour: { callsPerMinute: 4, faults: [{ on: 'GET /skill-groups', kind: 'status' }] },
  });
  await call('GET /queues', undefined, { auth: 'x' });
  await call('GET /agent-groups');
  await call('GET /skill-groups');
  await call('GET /nothing');
  expect((await call('GET /agent-groups')).status).toBe(429);
  expect(simulator.calls()).toEqual({
    total: 5,
    'GET /queues': 1,
    'GET /skill-groups': 1,
    unknown: 1,
    'GET /agent-groups': 2,
  });
});

test('the Admin APIs are counted apart, by the minute and by the hour', async () => {
  const { call, clock, simulator } = bench({
    behaviour: { callsPerMinute: 0, adminCalls: { perMinute: 2, perHour: 3 } },
  });
  const roles = async () => {
    const { status, body } = await call('GET /api/public/roles?roleType=bot');
    return status === 200 ? 'ok' : body.errors[0]?.msg;
  };
  expect([await roles(), await roles()]).toEqual(['ok', 'ok']);
  expect(await roles()).toMatch(/per-minute rate limit/);
  clock.advance(60_000);
  expect(await roles()).toBe('ok');
  clock.advance(60_000);
  expect(await roles()).toMatch(/hourly rate limit/);
  clock.advance(60 * 60_000);
  expect(await roles()).toBe('ok');
  expect(simulator.peakPerMinute()).toBe(0);
});

test('a throttled call is not applied, and uses up no fault', async () => {
  const { call, person, simulator } = bench({
    behaviour: { callsPerMinute: 0, faults: [{ kind: 'status', times: 1 }] },
  });
  expect((await call('POST /agents', person())).status).toBe(429);
  expect(simulator.agents()).toEqual([]);
  expect(simulator.behaviour().faults[0]?.times).toBe(1);
});

test('calls are counted by operation, ids replaced', async () => {
  const { call, person, simulator, ids } = bench();
  await call('POST /agents', person({ customId: 'ada' }));
  const id = simulator.agents()[0]?.id;
  for (const operation of [
    `GET /agents/${id}`,
    'GET /agents/customId/ada',
    `GET /organizations/${simulator.orgId}/agents?page=1`,
    `PUT /agents/${id}`,
    'POST /agents/availability',
    `GET /agent-groups/${ids.group('Sales')}`,
    `GET /skill-groups/${ids.skillGroup('Billing')}/skills?page=1`,
    `DELETE /agents/${id}`,
  ]) {
    await call(operation);
  }
  expect(simulator.calls()).toEqual({
    total: 9,
    'POST /agents': 1,
    'GET /agents/{agentId}': 1,
    'GET /agents/customId/{customId}': 1,
    'GET /organizations/{orgId}/agents': 1,
    'PUT /agents/{agentId}': 1,
    'POST /agents/availability': 1,
    'GET /agent-groups/{id}': 1,
    'GET /skill-groups/{id}/skills': 1,
    'DELETE /agents/{agentId}': 1,
  });
});

test('the peak is the largest number of calls in any 60 s, those turned away included', async () => {
  const { call, clock, simulator } = bench({ behaviour: { callsPerMinute: 3 } });
  await statuses(call, 2);
  clock.advance(30_000);
  await statuses(call, 3);
  expect(simulator.peakPerMinute()).toBe(5);
  clock.advance(30_000);
  await statuses(call, 1);
  expect(simulator.peakPerMinute()).toBe(5);
  await statuses(call, 2);
  expect(simulator.peakPerMinute()).toBe(6);
});
