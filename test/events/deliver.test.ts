import { describe, expect, it } from 'vitest';
import { deliver } from '../../functions/events/deliver.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import type { Services } from '../../functions/provision/services.ts';
import { provisionBench } from '../provision/bench.ts';

const ADA: AuthenticatedEvent = {
  source: 'hooks',
  trust: 'signed',
  kind: 'upsert',
  type: 'user.created',
  key: 'event-1',
  subject: { id: '1', userName: 'ada@example.com' },
  person: { userName: 'ada@example.com' },
  completeness: 'full',
};

function open() {
  const bench = provisionBench();
  const send = async (event: AuthenticatedEvent, services: Services = bench.services) =>
    (await deliver({ services, tenant: 'demo', canFetch: false }, event)).outcome;
  return { ...bench, send };
}

describe('an event that is delivered', () => {
  it('is applied once, however often it comes', async () => {
    const { send, directory } = open();
    expect([await send(ADA), await send(ADA), await send(ADA)]).toEqual(['stored', 'repeated', 'repeated']);
    expect((await directory.listPersons('demo', { limit: 10 })).persons).toHaveLength(1);
  });

  it('is another one from another source, and without a key it is never the same', async () => {
    const { send } = open();
    await send(ADA);
    expect(await send({ ...ADA, source: 'others' })).not.toBe('repeated');
    const { key: _, ...nameless } = ADA;
    expect([await send(nameless), await send(nameless)]).toEqual(['unchanged', 'unchanged']);
  });

  it('is applied when it comes again after it could not be stored', async () => {
    const { send, services } = open();
    const createPerson = () => Promise.reject(new Error('the table is away'));
    const broken = { ...services, directory: { ...services.directory, createPerson } };
    await expect(send(ADA, broken)).rejects.toThrow('the table is away');
    expect(await send(ADA)).toBe('stored');
  });

  it('is tried again as long as it is invalid', async () => {
    const { send } = open();
    const thin = { ...ADA, completeness: 'thin' } as const;
    expect([await send(thin), await send(thin)]).toEqual(['invalid', 'invalid']);
    expect(await send(ADA)).toBe('stored');
  });
});
