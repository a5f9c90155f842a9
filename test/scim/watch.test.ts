import { describe, expect, it } from 'vitest';
import { provisionHandler } from '../../functions/provision/drain/handler.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openNumbers } from '../runtime/numbers.ts';
import { ada, type DoorOptions, openDoor, TOKEN } from './door.ts';
import { contextWith } from './event.ts';

function openCounted(options: DoorOptions = {}) {
  const numbers = openNumbers();
  const door = openDoor({ ...options, services: () => ({ metrics: numbers }) });
  return {
    ...door,
    numbers,
    /** Answers the doorbell, as the function does that drains. */
    drain: async (awsRequestId: string) => {
      const answer = provisionHandler({ tenants: { demo: demoTenant() } }, door.services);
      const message = { messageId: '1', body: JSON.stringify({ tenant: 'demo' }) };
      await answer({ Records: [message] } as never, { ...contextWith(), awsRequestId });
    },
  };
}

describe('the front door counts', () => {
  it('who is accepted, and why others are turned away', async () => {
    const { create, send, numbers } = openCounted();
    await create(ada());
    await create(ada());
    await create({ userName: '' });
    await send('GET', '/Users', { query: { filter: 'userName eq' } });
    await send('GET', '/Users', { headers: { authorization: 'Bearer wrong' } });
    expect(numbers.of('Accepted')).toEqual({ '': 1 });
    expect(numbers.of('Rejected')).toEqual({
      uniqueness: 1,
      invalidValue: 1,
      invalidFilter: 1,
      'http-401': 1,
    });
  });

  it('how long a joiner waited for the agent, and how long the calls took', async () => {
    const { create, numbers, clock, simulator, drain } = openCounted();
    await create(ada());
    expect(numbers.of('JoinTime')).toEqual({ '': 0 });
    expect(numbers.of('CallTime')).toEqual({ '': expect.any(Number) });
    simulator.setBehaviour({ faults: [{ on: 'POST /agents', kind: 'status', status: 503, times: 1 }] });
    await create({ ...ada(), userName: 'late@example.com', emails: undefined });
    clock.advance(90_000);
    await drain('later');
    expect(numbers.of('JoinTime')[''] ?? 0).toBeGreaterThanOrEqual(90);
  });

  it('nobody who looks for somebody that is not there', async () => {
    const { send, numbers } = openCounted();
    expect((await send('GET', '/Users/nobody')).status).toBe(404);
    expect(numbers.of('Rejected')).toEqual({});
  });

  it('each operation of a bulk by itself', async () => {
    const { send, numbers } = openCounted();
    const Operations = [ada(), ada()].map((data) => ({ method: 'POST', path: '/Users', bulkId: 'a', data }));
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
    await send('POST', '/Bulk', {
      body: { schemas, Operations: Operations.map((each, index) => ({ ...each, bulkId: `b${index}` })) },
    });
    expect(numbers.of('Rejected')).toEqual({ uniqueness: 1 });
  });

  it('under no name that a stranger makes up', async () => {
    const counted: string[] = [];
    const metrics = {
      count: (_: string, { tenant }: { tenant?: string }) => void counted.push(tenant ?? ''),
      gauge() {},
      time() {},
    };
    const { send } = openDoor({ services: () => ({ metrics }) });
    await send('GET', '/made-up-by-a-stranger/scim/v2/Users', { headers: { authorization: undefined } });
    await send('POST', '/demo/scim/v2/Users', { headers: { authorization: 'Bearer wrong' } });
    expect(counted).toEqual(['none', 'demo']);
  });
});

describe('the correlation id', () => {
  it('of a request is on every line that comes of it, through the queue to the call', async () => {
    const down = { faults: [{ kind: 'drop-before' as const }] };
    const { create, drain, logged, simulator, rung, directory, clock, stored } = openCounted({
      behaviour: down,
    });
    const headers = { 'x-correlation-id': 'from-the-front-door' };
    await create(ada(), { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
    await create(ada({ userName: 'ben@example.com', emails: [{ value: 'ben@example.com' }] }), {
      headers: { 'x-correlation-id': 'of-another' },
    });
    expect(rung).toEqual(['demo', 'demo']);
    const before = logged.splice(0);
    simulator.setBehaviour({ faults: [{ on: 'POST /agents', kind: 'status', status: 503, times: 2 }] });
    clock.advance(60_000);
    await drain('of-the-drain');
    const ids = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).correlationId);
    expect(new Set(ids(before))).toEqual(new Set(['from-the-front-door', 'of-another']));
    const calls = logged.filter((line) => line.includes('SmartAssist call without success'));
    expect(new Set(ids(calls))).toEqual(new Set(['from-the-front-door', 'of-another']));
    expect(ids(logged.filter((line) => line.includes('agent created')))).not.toContain('of-the-drain');
    expect(ids(logged)).not.toContain(undefined);
    const [person] = await stored();
    const { entries } = await directory.listHistory('demo', person?.id ?? '', { limit: 10 });
    expect(new Set(entries.map(({ correlationId }) => correlationId))).toEqual(
      new Set(['from-the-front-door']),
    );
  });
});
