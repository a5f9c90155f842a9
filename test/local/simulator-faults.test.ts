import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type HttpRequest, httpTransport, type Transport } from '../../functions/runtime/transport.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { type SimulatorServer, serveSimulator } from '../../local/simulator/server.ts';
import { type Bench, bench, sign } from './simulator-bench.ts';

const servers: SimulatorServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The two ways to a simulator have to be alike: the same answers, and errors of the same kind. */
const ways: Record<string, (made: Bench) => Promise<{ transport: Transport; origin: string }>> = {
  'in process': async ({ simulator }) => ({
    transport: simulator.transport(),
    origin: 'https://smartassist.example',
  }),
  'over HTTP': async ({ simulator }) => {
    const server = await serveSimulator(simulator, { port: 0 });
    servers.push(server);
    return { transport: httpTransport, origin: `http://127.0.0.1:${server.port}` };
  },
};

async function creating(made: Bench, origin: string, timeoutMs = 5_000): Promise<HttpRequest> {
  return {
    method: 'POST',
    url: `${origin}/agentassist/api/v1/public/${made.simulator.streamId}/agents`,
    headers: { Auth: await sign(), 'Content-Type': 'application/json' },
    body: JSON.stringify(made.person({ firstName: 'Zoë' })),
    timeoutMs,
  };
}

/** Lets a hand-moved clock run until the exchange is over; real time does it over HTTP. */
async function waitedOut<T>(made: Bench, exchange: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  exchange.then(end, end);
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (made.clock.sleepers() > 0) made.clock.advance(10);
  }
  return exchange;
}

describe.each(Object.keys(ways))('%s', (way) => {
  const setUp = async (behaviour: BehaviourInput) => {
    const made = bench({ behaviour });
    const reach = ways[way];
    if (reach === undefined) throw new Error(way);
    return { made, ...(await reach(made)) };
  };

  test('without a fault the call is answered, its letters whole', async () => {
    const { made, transport, origin } = await setUp({});
    const answer = await transport(await creating(made, origin));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(JSON.parse(answer.body).firstName).toBe('Zoë');
    expect(made.simulator.agents()).toHaveLength(1);
  });

  test('a status is answered without the call being applied', async () => {
    const { made, transport, origin } = await setUp({ faults: [{ kind: 'status', status: 502 }] });
    const answer = await transport(await creating(made, origin));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      502,
      { errors: [{ msg: expect.any(String), code: 502 }] },
    ]);
    expect(made.simulator.agents()).toEqual([]);
  });

  test.each([
    ['drop-before', 0],
    ['drop-after', 1],
  ] as const)('%s cuts the connection with %i agents made', async (kind, agents) => {
    const { made, transport, origin } = await setUp({ faults: [{ kind }] });
    const exchange = transport(await creating(made, origin));
    await expect(exchange).rejects.toMatchObject({ name: 'TransportError', code: 'connection', sent: true });
    expect(made.simulator.agents()).toHaveLength(agents);
  });

  test.each([
    ['hang', 0],
    ['hang-after', 1],
  ] as const)('%s lets the time run out with %i agents made', async (kind, agents) => {
    const { made, transport, origin } = await setUp({ faults: [{ kind }] });
    const exchange = waitedOut(made, transport(await creating(made, origin, 250)));
    await expect(exchange).rejects.toMatchObject({ name: 'TransportError', code: 'timeout', sent: true });
    expect(made.simulator.agents()).toHaveLength(agents);
  });

  test('garbage is a 200 that is no whole JSON, though the call was applied', async () => {
    const { made, transport, origin } = await setUp({ faults: [{ kind: 'garbage' }] });
    const seen = new Set<string>();
    for (let time = 0; time < 20; time += 1) {
      made.simulator.reset();
      const answer = await transport(await creating(made, origin));
      expect(answer.status).toBe(200);
      expect(() => JSON.parse(answer.body)).toThrow();
      expect(made.simulator.agents()).toHaveLength(1);
      seen.add(answer.body.slice(0, 1));
    }
    expect(seen).toEqual(new Set(['<', '{']));
  });

  test('latency is waited for, and a time limit that is shorter runs out though the call was applied', async () => {
    const { made, transport, origin } = await setUp({ latencyMs: 60 });
    const late = waitedOut(made, transport(await creating(made, origin, 20)));
    await expect(late).rejects.toMatchObject({ code: 'timeout', sent: true });
    expect(made.simulator.agents()).toHaveLength(1);
    const answer = await waitedOut(made, transport(await creating(made, origin)));
    expect(answer.status).toBe(409);
  });
});

describe('which call a fault befalls', () => {
  const status = async (made: Bench, operation: string) => (await made.call(operation)).status;

  test('only the operation that it is on', async () => {
    const made = bench({ behaviour: { faults: [{ on: 'GET /queues', kind: 'status', status: 500 }] } });
    expect([await status(made, 'GET /agent-groups'), await status(made, 'GET /queues')]).toEqual([200, 500]);
  });

  test.each(['*', undefined] as const)('every call when it is on %s', async (on) => {
    const fault = on === undefined ? { kind: 'status' as const } : { on, kind: 'status' as const };
    const made = bench({ behaviour: { faults: [fault] } });
    expect([await status(made, 'GET /agent-groups'), await status(made, 'GET /queues')]).toEqual([503, 503]);
  });

  test('so many times, counted down where it can be seen, and then no more', async () => {
    const made = bench({
      behaviour: { faults: [{ on: 'GET /queues', kind: 'status', times: 2 }] },
    });
    await status(made, 'GET /agent-groups');
    expect(await status(made, 'GET /queues')).toBe(503);
    expect(made.simulator.behaviour().faults[0]?.times).toBe(1);
    expect([await status(made, 'GET /queues'), await status(made, 'GET /queues')]).toEqual([503, 200]);
  });

  test('the next one of the list when the first is used up', async () => {
    const faults = [
      { kind: 'status' as const, status: 500, times: 1 },
      { kind: 'status' as const, status: 502, times: 1 },
    ];
    const made = bench({ behaviour: { faults } });
    const seen = [
      await status(made, 'GET /queues'),
      await status(made, 'GET /queues'),
      await status(made, 'GET /queues'),
    ];
    expect(seen).toEqual([500, 502, 200]);
  });

  test('as often as its probability says, the same at every run of a seed', async () => {
    const run = async (probability: number) => {
      const made = bench({ behaviour: { callsPerMinute: 1_000, faults: [{ kind: 'status', probability }] } });
      const seen: number[] = [];
      for (let time = 0; time < 100; time += 1) seen.push(await status(made, 'GET /queues'));
      return seen;
    };
    const half = await run(0.5);
    const failed = half.filter((code) => code === 503).length;
    expect(failed).toBeGreaterThan(35);
    expect(failed).toBeLessThan(65);
    expect(await run(0.5)).toEqual(half);
    expect(new Set(await run(0))).toEqual(new Set([200]));
    expect(new Set(await run(1))).toEqual(new Set([503]));
  });
});

test('in process another host is not found, and certainly not reached', async () => {
  const made = bench({ host: 'smartassist.example:8443' });
  const reach = async (origin: string) => made.simulator.transport()(await creating(made, origin));
  await expect(reach('https://other.example')).rejects.toMatchObject({ code: 'connection', sent: false });
  expect(made.simulator.calls().total).toBe(0);
  expect((await reach('https://smartassist.example:8443')).status).toBe(200);
});

test('what has arrived is done when the simulator has settled', async () => {
  const made = bench();
  const creation = made.simulator.transport()(await creating(made, 'https://smartassist.example'));
  expect(made.simulator.agents()).toEqual([]);
  await made.simulator.settled();
  expect(made.simulator.agents()).toHaveLength(1);
  await creation;
});

describe('closing the server', () => {
  test('ends hanging and waiting exchanges at once, and frees the port', async () => {
    const made = bench({ behaviour: { latencyMs: 60_000, faults: [{ kind: 'hang', times: 1 }] } });
    const server = await serveSimulator(made.simulator, { host: '127.0.0.1', port: 0 });
    const origin = `http://127.0.0.1:${server.port}`;
    const exchanges = [creating(made, origin), creating(made, origin)].map(async (request) =>
      httpTransport(await request),
    );
    const outcomes = Promise.allSettled(exchanges);
    while (made.simulator.calls().total < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await made.simulator.settled();
    await server.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = await serveSimulator(made.simulator, { port: server.port });
    await again.close();
  });

  test('leaves nothing that keeps a process alive', async () => {
    const script = `
      import { createSimulator } from './local/simulator/simulator.ts';
      import { serveSimulator } from './local/simulator/server.ts';
      import { systemClock } from './functions/runtime/clock.ts';
      const faults = [{ kind: 'hang', times: 1 }];
      const simulator = createSimulator({ clock: systemClock, random: Math.random, credentials: () => [],
        behaviour: { latencyMs: 60_000, faults } });
      const server = await serveSimulator(simulator, { port: 0 });
      const url = 'http://127.0.0.1:' + server.port + '/agentassist/api/v1/public/' + simulator.streamId + '/queues';
      const calls = Promise.allSettled([fetch(url), fetch(url)]);
      while (simulator.calls().total < 2) await new Promise((resolve) => setTimeout(resolve, 1));
      await server.close();
      await calls;`;
    const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 10_000,
    });
    await expect(child).resolves.toMatchObject({ stderr: '' });
  });

  test('a port that is taken is an error', async () => {
    const { simulator } = bench();
    const server = await serveSimulator(simulator, { port: 0 });
    await expect(serveSimulator(simulator, { port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await server.close();
  });
});
