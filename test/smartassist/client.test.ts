import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Transport, TransportError } from '../../functions/runtime/transport.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';
import { SecretError } from '../../functions/tenant/secrets/secret-error.ts';
import { answering, CLIENT, clientBench, START, simulatorBench } from './client-bench.ts';

const PHONE = '4915112345678';
const anything = z.looseObject({});

/** A payload that the demo catalogue's SmartAssist takes. */
function payloadFor(
  ids: ReturnType<typeof simulatorBench>['ids'],
  changes: Partial<AgentPayload> = {},
): AgentPayload {
  return {
    emailId: 'ada@example.com',
    firstName: 'Ada',
    lastName: 'Lovelace',
    phoneNumber: PHONE,
    customId: 'abcdefghijklmno',
    agentGroupId: ids.group('Billing'),
    roleId: ids.role('Agent'),
    canSupportChat: true,
    canSupportVoice: false,
    chatLanguageSupport: [{ language: 'en', proficiency: 'good', isActive: true }],
    voiceLanguageSupport: [],
    skills: [{ skillId: ids.skill('Billing', 'Refunds'), proficiencyLevel: 'expert' }],
    queues: [],
    createDefaultLayoutAndAssign: true,
    ...changes,
  };
}

describe('creating an agent', () => {
  it('is one call that makes one agent', async () => {
    const { client, simulator, ids, terms, taken } = simulatorBench();
    const outcome = await client.createAgent(payloadFor(ids), terms());
    expect(outcome).toMatchObject({ outcome: 'ok', value: { agentId: undefined } });
    expect(simulator.agents().map(({ emailId }) => emailId)).toEqual(['ada@example.com']);
    expect(simulator.calls()).toEqual({ total: 1, 'POST /agents': 1 });
    expect(taken).toEqual(['interactive']);
  });

  it('tells the id where SmartAssist does', async () => {
    const { client, simulator, ids, terms } = simulatorBench({ behaviour: { returnsAgentId: true } });
    const outcome = await client.createAgent(payloadFor(ids), terms());
    expect(outcome).toMatchObject({ outcome: 'ok', value: { agentId: simulator.agents()[0]?.id } });
  });

  it('takes nothing for an agent id that does not look like one', async () => {
    const { client, terms } = clientBench(answering(200, { emailId: '', id: 'u-123' }));
    const outcome = await client.createAgent(payloadFor(simulatorBench().ids), terms());
    expect(outcome).toMatchObject({ outcome: 'ok', value: { agentId: undefined } });
  });

  it('sends the payload and nothing else', async () => {
    const { client, sent, ids, terms } = simulatorBench();
    await client.createAgent(payloadFor(ids), terms());
    expect(sent.map(({ body }) => JSON.parse(body ?? ''))).toEqual([payloadFor(ids)]);
  });
});

describe('a request', () => {
  it('goes to the stream, with a fresh token as auth and the account', async () => {
    const { client, sent, terms } = clientBench(answering(200, {}), {
      settings: { streamId: 'st-a1', accountId: '633ffa91d784f471d0b8aaaa' },
    });
    await client.read('/queues?page=2', anything, terms());
    await client.read('/queues?page=2', anything, terms());
    const [first, second] = sent;
    expect(first).toMatchObject({
      method: 'GET',
      url: 'https://smartassist.example/agentassist/api/v1/public/st-a1/queues?page=2',
      headers: { accountId: '633ffa91d784f471d0b8aaaa', accept: 'application/json' },
    });
    expect(first?.headers).not.toHaveProperty('content-type');
    expect(first).not.toHaveProperty('body');
    expect(decodeJwt(first?.headers.auth ?? '')).toMatchObject({
      appId: CLIENT.clientId,
      iat: START / 1000,
      jti: 'id-0',
    });
    expect(decodeJwt(second?.headers.auth ?? '')).toMatchObject({ jti: 'id-1' });
  });

  it('goes without an account where none is configured, and with JSON where it has a body', async () => {
    const { client, sent, terms } = clientBench(answering(200, { emailId: '' }));
    await client.createAgent(payloadFor(simulatorBench().ids), terms());
    expect(sent[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(Object.keys(sent[0]?.headers ?? {})).not.toContain('accountId');
    expect(Object.keys(sent[0]?.headers ?? {}).map((name) => name.toLowerCase())).not.toContain(
      'authorization',
    );
  });

  it('for roles goes to their own address', async () => {
    const { client, sent, terms } = simulatorBench();
    const outcome = await client.readRoles(z.object({ roles: z.array(anything) }), terms());
    expect(outcome).toMatchObject({ outcome: 'ok', value: { roles: { length: 3 } } });
    expect(sent[0]?.url).toBe('https://smartassist.example/api/public/roles?roleType=bot&limit=50');
  });

  it('carries the claims that the tenant wants', async () => {
    const { client, sent, terms } = clientBench(answering(200, {}), {
      settings: { tokenClaims: { iat: false, exp: false, jti: false } },
    });
    await client.read('/queues', anything, terms());
    expect(decodeJwt(sent[0]?.headers.auth ?? '')).toEqual({
      sub: 'agent-provisioner',
      appId: CLIENT.clientId,
    });
  });
});

describe('time', () => {
  it.each([
    ['what the caller has left', 8_000, 8_000],
    ['half a minute at most', 120_000, 30_000],
  ])('that a call may take is %s', async (_, left, timeoutMs) => {
    const { client, sent, clock, terms } = clientBench(answering(200, {}));
    await client.read('/queues', anything, terms({ deadline: clock.now() + left }));
    expect(sent.map((request) => request.timeoutMs)).toEqual([timeoutMs]);
  });

  it.each([
    ['before the slot', 199, 0],
    ['while a slot was sought', 1_000, 900],
  ])('that is over %s leaves nothing to begin with', async (_, left, seeking) => {
    const made = clientBench(answering(200, {}));
    made.budget.takesMs = seeking;
    const outcome = await made.client.read(
      '/queues',
      anything,
      made.terms({ deadline: made.clock.now() + left }),
    );
    expect(outcome).toMatchObject({ outcome: 'unreachable' });
    expect(made.sent).toEqual([]);
    expect(made.taken).toHaveLength(seeking === 0 ? 0 : 1);
  });

  it('that is just enough is used', async () => {
    const { client, sent, clock, terms } = clientBench(answering(200, {}));
    await client.read('/queues', anything, terms({ deadline: clock.now() + 200 }));
    expect(sent.map((request) => request.timeoutMs)).toEqual([200]);
  });

  it('that went by before the second try is not there any more', async () => {
    const made = clientBench(async () => {
      made.clock.advance(3_000);
      return { status: 401, headers: {}, body: '' };
    });
    made.credentials.refreshed = { ...CLIENT, clientSecret: 'rotated' };
    await made.client.read('/queues', anything, made.terms());
    expect(made.sent.map(({ timeoutMs }) => timeoutMs)).toEqual([8_000, 5_000]);
  });
});

describe('the call budget', () => {
  it('is asked before a call, and nothing is sent without a slot', async () => {
    const made = simulatorBench();
    made.budget.waitMs = 12_000;
    const outcome = await made.client.createAgent(payloadFor(made.ids), made.terms({ urgency: 'backfill' }));
    expect(outcome).toEqual({ outcome: 'no-slot', waitMs: 12_000 });
    expect(made.taken).toEqual(['backfill']);
    expect(made.sent).toEqual([]);
    // To wait for a slot is no failure: a reconciliation asks every second.
    expect(made.logged).toEqual([]);
  });

  it('is paused for as long as SmartAssist asks', async () => {
    const made = simulatorBench({
      behaviour: { callsPerMinute: 0, throttled: { status: 429, retryAfter: 20 } },
    });
    expect(await made.client.createAgent(payloadFor(made.ids), made.terms())).toEqual({
      outcome: 'throttled',
      waitMs: 20_000,
    });
    expect(made.pauses).toEqual([20_000]);
  });

  it('is paused for throttling alone', async () => {
    const made = simulatorBench({ behaviour: { faults: [{ kind: 'status', status: 503 }] } });
    expect(await made.client.createAgent(payloadFor(made.ids), made.terms())).toMatchObject({
      outcome: 'unknown',
    });
    expect(made.pauses).toEqual([]);
  });
});

describe('a call that SmartAssist does not take the token of', () => {
  const rotated = { ...CLIENT, clientSecret: 'rotated' };

  it('is tried once more with the secret fetched anew', async () => {
    const made = simulatorBench({ credentials: () => [rotated] });
    made.credentials.refreshed = rotated;
    expect(await made.client.createAgent(payloadFor(made.ids), made.terms())).toMatchObject({
      outcome: 'ok',
    });
    expect(made.simulator.calls()).toMatchObject({ 'POST /agents': 2 });
    expect(made.simulator.agents()).toHaveLength(1);
    expect(made.taken).toHaveLength(2);
  });

  it('is tried once more where the client id alone is another', async () => {
    const other = { ...CLIENT, clientId: 'cs-Demo-2' };
    const made = simulatorBench({ credentials: () => [other] });
    made.credentials.refreshed = other;
    expect(await made.client.read('/queues', anything, made.terms())).toMatchObject({ outcome: 'ok' });
  });

  it('is not tried again with the same credentials', async () => {
    const made = simulatorBench({ credentials: () => [rotated] });
    expect(await made.client.createAgent(payloadFor(made.ids), made.terms())).toEqual({
      outcome: 'unauthorized',
      message: 'Invalid SDK credentials',
    });
    expect(made.credentials.refreshes).toBe(1);
    expect(made.sent).toHaveLength(1);
  });

  it('is not tried a third time', async () => {
    const made = simulatorBench({ credentials: () => [] });
    made.credentials.refreshed = rotated;
    expect(await made.client.createAgent(payloadFor(made.ids), made.terms())).toMatchObject({
      outcome: 'unauthorized',
    });
    expect(made.credentials.refreshes).toBe(1);
    expect(made.sent).toHaveLength(2);
  });

  it('fails with the reason when the secret cannot be had', async () => {
    const made = clientBench(answering(401, ''));
    Object.defineProperty(made.credentials, 'refreshed', {
      get: () => {
        throw new SecretError('secret-missing', 'secret s does not exist');
      },
    });
    await expect(made.client.read('/queues', anything, made.terms())).rejects.toBeInstanceOf(SecretError);
  });
});

describe('a call without an answer', () => {
  const failing =
    (error: Error): Transport =>
    async () => {
      throw error;
    };

  it('was certainly not applied when no connection was made', async () => {
    const { client, terms } = clientBench(failing(new TransportError('connection', false, 'ECONNREFUSED')));
    expect(await client.read('/queues', anything, terms())).toEqual({
      outcome: 'unreachable',
      message: 'ECONNREFUSED',
    });
  });

  it.each([
    ['is cut before it was applied', 'drop-before', 0],
    ['is cut after it was applied', 'drop-after', 1],
    ['comes as garbage', 'garbage', 1],
    ['is an error of the server', 'status', 0],
  ] as const)('has an unknown outcome when it %s', async (_, kind, agents) => {
    const made = simulatorBench({ behaviour: { faults: [{ on: 'POST /agents', kind, times: 1 }] } });
    expect(await made.client.createAgent(payloadFor(made.ids), made.terms())).toMatchObject({
      outcome: 'unknown',
    });
    expect(made.simulator.agents()).toHaveLength(agents);
    expect(made.sent).toHaveLength(1);
  });

  it('has an unknown outcome when it never ends, and ends by the deadline', async () => {
    const made = simulatorBench({ behaviour: { faults: [{ kind: 'hang', times: 1 }] } });
    const outcome = made.client.createAgent(payloadFor(made.ids), made.terms());
    await expect.poll(() => made.clock.sleepers()).toBe(1);
    made.clock.advance(8_000);
    expect(await outcome).toEqual({ outcome: 'unknown', message: 'no answer within 8000 ms' });
  });

  it('lets errors of the program through', async () => {
    const { client, terms } = clientBench(failing(new TypeError('a fault in the program')));
    await expect(client.read('/queues', anything, terms())).rejects.toBeInstanceOf(TypeError);
  });
});

describe('the log', () => {
  it('has a line for a call without success, and none for one with it', async () => {
    const { client, logged, ids, terms } = simulatorBench();
    await client.createAgent(payloadFor(ids), terms());
    expect(logged).toEqual([]);
    await client.createAgent(payloadFor(ids, { customId: 'other' }), terms());
    expect(logged).toEqual([
      JSON.stringify({
        message: 'SmartAssist call without success',
        operation: 'POST /agents',
        outcome: 'refused',
        reason: 'SmartAssist refused (409): An agent with this emailId already exists',
      }),
    ]);
  });

  /** Answers that hand back all that they were sent, and a raw record besides. */
  const echo =
    (status: number, shape: (words: string) => unknown): Transport =>
    async ({ headers, body }) => {
      const { simulator } = simulatorBench();
      simulator.seedAgent({ emailId: 'old@example.com', phoneNumber: PHONE });
      const words = `token ${headers.auth} is no good for ${PHONE} (+49 151 1234-5678): ${body}`;
      return {
        status,
        headers: {},
        body: JSON.stringify({ ...simulator.agents()[0], ...(shape(words) as object) }),
      };
    };

  it.each([
    ['a refusal', 400, (msg: string) => ({ errors: [{ msg }] })],
    ['bad credentials', 401, (message: string) => ({ message })],
    ['an error inside a success', 200, (error: string) => ({ error })],
    ['another shape than documented', 200, () => ({ emailId: undefined })],
    ['throttling', 429, (msg: string) => ({ errors: [{ msg }] })],
    ['a server error', 500, (msg: string) => ({ errors: [{ msg }] })],
  ])(
    'holds no secret, token or phone number, not even those that come back with %s',
    async (_, status, shape) => {
      const { client, logged, sent, ids, terms } = Object.assign(clientBench(echo(status, shape)), {
        ids: simulatorBench().ids,
      });
      const outcome = await client.createAgent(payloadFor(ids), terms());
      expect(outcome.outcome).not.toBe('ok');
      expect(logged).toHaveLength(1);
      for (const text of [...logged, JSON.stringify(outcome)]) {
        expect(text).not.toContain(CLIENT.clientSecret);
        expect(text).not.toContain(sent[0]?.headers.auth);
        expect(text).not.toMatch(/eyJ/);
        expect(text).not.toMatch(/iceServers|credential"/);
        expect(text.replace(/\s|-/g, '')).not.toContain(PHONE.slice(2));
      }
    },
  );
});
