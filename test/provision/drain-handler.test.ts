import { describe, expect, it } from 'vitest';
import { provisionHandler } from '../../functions/provision/drain/handler.ts';
import { openServices } from '../../functions/provision/services.ts';
import { contextWith } from '../scim/event.ts';
import { provisionBench } from './bench.ts';

const RING = { Records: [{ messageId: 'message-1', body: '{"tenant":"demo"}' }] } as never;

/** Answers one ring with a drain that always has more to do than time. */
async function answerRing(ring: (tenant: string) => Promise<void>) {
  const bench = provisionBench();
  const services = openServices({ ...bench.services, ring });
  const handle = provisionHandler({ tenants: { demo: bench.provisioning.tenant } }, services, {
    work: async () => ({ nextAt: bench.clock.now() }),
  });
  return handle(RING, contextWith(60_000));
}

describe('a drain that is out of time', () => {
  it('rings for the next one and is done with its message', async () => {
    const rung: string[] = [];
    expect(await answerRing(async (tenant) => void rung.push(tenant))).toEqual({ batchItemFailures: [] });
    expect(rung).toEqual(['demo']);
  });

  it('gives its message back when the queue takes no other', async () => {
    const answer = await answerRing(async () => {
      throw new Error('the queue is away');
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  });
});
