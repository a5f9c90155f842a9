import { describe, expect, it } from 'vitest';
import { TransportError } from '../../functions/runtime/transport.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { START } from '../local/simulator-bench.ts';
import { ada, detailOf, openDoor, provisioningOf } from './door.ts';
import { patchOf } from './quiet.ts';

type Faults = NonNullable<BehaviourInput['faults']>;
type Kind = Faults[number]['kind'];

const fault = (kind: Kind, more: Partial<Faults[number]> = {}): BehaviourInput => ({
  faults: [{ kind, ...more }],
});

const TROUBLES: readonly (readonly [string, BehaviourInput])[] = [
  ['is down', fault('drop-before')],
  ['answers 503', fault('status', { status: 503 })],
  ['is slow', { latencyMs: 60_000 }],
  ['hangs', fault('hang')],
  ['throttles', { callsPerMinute: 0 }],
  ['throttles in words alone', { callsPerMinute: 0, throttled: { status: 200 } }],
  ['answers garbage', fault('garbage')],
  ['takes no credentials', fault('status', { status: 401 })],
];

describe.each(TROUBLES)('while SmartAssist %s', (_, behaviour) => {
  it('a person is stored once, is due, and the drain is told', async () => {
    const { create, stored, rung, simulator } = openDoor({ behaviour });
    const answer = await create(ada());
    expect(answer.status).toBe(201);
    expect(provisioningOf(answer).state).toBe('due');
    expect((await stored()).map(({ state, person }) => [state, person.userName])).toEqual([
      ['due', 'ada@example.com'],
    ]);
    expect(rung).toEqual(['demo']);
    expect(simulator.agents()).toEqual([]);
  });

  it('the caller waits for eight seconds at most', async () => {
    const { create, clock } = openDoor({ behaviour });
    await create(ada());
    expect(clock.now() - START).toBeLessThanOrEqual(8_000);
  });

  it('a person who is stored already is a conflict', async () => {
    const { create, stored } = openDoor({ behaviour });
    await create(ada());
    detailOf(await create(ada()), 409, 'uniqueness');
    expect(await stored()).toHaveLength(1);
  });

  it('a person is found with what is known', async () => {
    const { create, send } = openDoor({ behaviour });
    const { body } = await create(ada());
    const found = await send('GET', `/Users/${body.id}`);
    expect(found.status).toBe(200);
    expect(provisioningOf(found).state).toBe('due');
  });
});

describe('when the names are known and the create alone goes wrong', () => {
  it.each([
    ['is cut before it was applied', 'drop-before', 0],
    ['is cut after it was applied', 'drop-after', 1],
    ['hangs before it was applied', 'hang', 0],
    ['hangs after it was applied', 'hang-after', 1],
    ['is answered with garbage', 'garbage', 1],
    ['is answered 500', 'status', 0],
  ] as const)('a person is due and not sent twice: it %s', async (_, kind, agents) => {
    const { create, stored, simulator } = openDoor();
    await create(ada({ userName: 'first', emails: [{ value: 'first@example.com' }] }));
    simulator.reset();
    simulator.setBehaviour(fault(kind, { on: 'POST /agents', status: 500 }));
    const answer = await create(ada());
    expect(answer.status).toBe(201);
    expect(provisioningOf(answer)).toMatchObject({ state: 'due', lastError: expect.stringMatching(/./) });
    expect(simulator.calls()).toMatchObject({ 'POST /agents': 1 });
    expect(simulator.agents()).toHaveLength(agents);
    expect(await stored()).toHaveLength(2);
  });

  it('a person is due when no connection is made', async () => {
    let connects = true;
    const { create, simulator } = openDoor({
      services: ({ transport }) => ({
        transport: (request) =>
          connects
            ? transport(request)
            : Promise.reject(new TransportError('connection', false, 'ECONNREFUSED')),
      }),
    });
    await create(ada({ userName: 'first', emails: [{ value: 'first@example.com' }] }));
    connects = false;
    expect(provisioningOf(await create(ada()))).toMatchObject({
      state: 'due',
      lastError: expect.stringContaining('ECONNREFUSED'),
    });
    expect(simulator.agents()).toHaveLength(1);
  });
});

describe('two requests that say the same', () => {
  it.each(['PUT', 'PATCH'] as const)(
    'stay accepted where the first is refused after the second: %s',
    async (method) => {
      let meddle: (() => Promise<unknown>) | undefined;
      const door = openDoor({
        services: ({ transport }) => ({
          transport: async (request) => {
            const meddling = request.method === 'PUT' ? meddle : undefined;
            if (meddling !== undefined) {
              meddle = undefined;
              await meddling();
            }
            return transport(request);
          },
        }),
      });
      const { body } = await door.create(ada());
      door.simulator.setBehaviour({
        faults: [{ on: 'PUT /agents/{agentId}', kind: 'status', status: 400, times: 1 }],
      });
      const request = {
        body:
          method === 'PUT'
            ? ada({ displayName: 'Countess', name: { givenName: 'Ada', familyName: 'King' } })
            : patchOf({ op: 'replace', path: 'name.familyName', value: 'King' }),
      };
      const send = () => door.send(method, `/Users/${body.id}`, request);
      let second: Awaited<ReturnType<typeof send>> | undefined;
      meddle = async () => {
        second = await send();
      };
      const first = await send();
      expect(second?.status).toBe(200);
      expect(first.status).toBe(200);
      expect((await door.stored())[0]?.person.name?.familyName).toBe('King');
    },
  );
});

describe('the time that a caller waits', () => {
  const waited = async (options: { remaining?: number; userAgent?: string }) => {
    const { create, clock, simulator } = openDoor();
    await create(ada({ userName: 'first', emails: [{ value: 'first@example.com' }] }));
    const before = clock.now();
    simulator.setBehaviour(fault('hang'));
    const { status } = await create(ada(), {
      headers: { 'user-agent': options.userAgent },
      ...(options.remaining === undefined ? {} : { remaining: options.remaining }),
    });
    expect(status).toBe(201);
    return clock.now() - before;
  };

  it.each([
    ['eight seconds', {}, 8_000],
    ['one second where the client gives up soon', { userAgent: 'Auth0-SCIM/1.0' }, 1_000],
    ['what the invocation has left, but for the answer', { remaining: 3_000 }, 2_500],
    ['nothing where nothing is left', { remaining: 400 }, 0],
  ])('is %s', async (_, options, milliseconds) => {
    expect(await waited(options)).toBe(milliseconds);
  });
});

it('no log line and no answer has a phone number, a token or a secret in it, whatever goes wrong', async () => {
  for (const [, behaviour] of TROUBLES) {
    const { create, logged } = openDoor({ behaviour });
    const answer = await create(ada({ phoneNumbers: [{ value: '+4930987654321' }] }));
    const { phoneNumbers: _, ...shown } = answer.body;
    expect(logged.length).toBeGreaterThan(0);
    expect([...logged, JSON.stringify(shown)].join()).not.toMatch(/987654|eyJ|client secret|token-of/);
  }
});
