import { describe, expect, it } from 'vitest';
import { askFrontDoor } from '../../functions/reconcile/front-door.ts';
import { reconcileHandler } from '../../functions/reconcile/handler.ts';
import { type HttpRequest, TransportError } from '../../functions/runtime/transport.ts';
import { provisionBench } from '../provision/bench.ts';
import { contextWith } from '../scim/event.ts';

function open(answer: () => Promise<{ status: number }>) {
  const bench = provisionBench();
  const asked: HttpRequest[] = [];
  const services = {
    ...bench.services,
    transport: async (request: HttpRequest) => {
      asked.push(request);
      return { headers: {}, body: '', ...(await answer()) };
    },
  };
  return { ...bench, services, asked };
}

const ADDRESS = 'https://scim.example.com';

describe('the check of the front door', () => {
  it('asks /health by the public name, with nothing in it that could be a secret', async () => {
    const { services, asked, numbers, logged } = open(async () => ({ status: 204 }));
    await askFrontDoor(services, ADDRESS);
    expect(asked).toEqual([
      { method: 'GET', url: 'https://scim.example.com/health', headers: {}, timeoutMs: expect.any(Number) },
    ]);
    expect(numbers.of('FrontDoorUnanswered')).toEqual({ '': 0 });
    expect(logged).toEqual([]);
  });

  it.each([
    ['403 of a firewall', async () => ({ status: 403 }), 'status 403'],
    ['a page of a CDN', async () => ({ status: 200 }), 'status 200'],
    ['503', async () => ({ status: 503 }), 'status 503'],
    [
      'no connection',
      async () => {
        throw new TransportError('connection', false, 'ENOTFOUND');
      },
      'ENOTFOUND',
    ],
  ])('takes %s for no answer, says so and does not throw', async (_, answer, reason) => {
    const { services, numbers, logged } = open(answer);
    await askFrontDoor(services, ADDRESS);
    expect(numbers.of('FrontDoorUnanswered')).toEqual({ '': 1 });
    expect(logged.join()).toContain(reason);
  });

  it('is made every minute beside all else, and not once more by the nightly reconciliation', async () => {
    const { services, provisioning, rung, asked } = open(async () => ({ status: 503 }));
    const handle = reconcileHandler({ tenants: { demo: provisioning.tenant } }, services, {
      check: (its) => askFrontDoor(its, ADDRESS),
    });
    await handle({ kind: 'minute' }, contextWith());
    await handle({ kind: 'census' }, contextWith());
    expect(asked.map(({ url }) => url).filter((url) => url.startsWith(ADDRESS))).toHaveLength(1);
    expect(rung).toEqual(['demo', 'demo']);
  });
});
