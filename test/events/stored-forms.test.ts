import { describe, expect, it } from 'vitest';
import { pendingBodyOf } from '../../functions/events/pending.ts';
import { openStates } from '../../functions/events/source-state.ts';
import { openKeys } from '../../functions/webhook/verify/keys.ts';
import { provisionBench } from '../provision/bench.ts';

const AT = '2026-11-20T08:00:00.000Z';
/** As version 0.1.0 stores a pending event. */
const PENDING = {
  do: 'confirm',
  attempts: 0,
  since: AT,
  event: {
    source: 'hooks',
    trust: 'caller',
    kind: 'suspend',
    type: 'user.deactivated',
    subject: { id: '1', email: 'ada@example.com' },
    completeness: 'partial',
    occurredAt: AT,
  },
};
const pending = (body: object) =>
  pendingBodyOf({ tenant: 'demo', id: 'confirm:1', version: 1, body } as never);

describe('a pending event', () => {
  it('of an earlier version is read, with what a later one may have added', () => {
    expect(pending(PENDING)).toEqual(PENDING);
    const later = { ...PENDING, event: { ...PENDING.event, plans: ['a'] }, asked: 2 };
    expect(pending(later)).toEqual(later);
  });

  it('that is none of the known forms is refused', () => {
    expect(() => pending({ ...PENDING, do: 'forget' })).toThrow();
    expect(() => pending({ ...PENDING, event: { ...PENDING.event, subject: 'ada' } })).toThrow();
  });
});

describe('the state of a source', () => {
  it('of an earlier version is read, and what a later one has added outlives a change', async () => {
    const { services, directory } = provisionBench();
    const kept = { heardAt: AT, gaps: [60_000], subscription: { id: 's', expiresAt: AT, isDue: true } };
    await directory.writeDocument('demo', 'source:hooks', { ...kept, later: { some: 'thing' } });
    const states = openStates(services);
    expect(await states.get('demo', 'hooks')).toMatchObject(kept);
    const paused = { at: AT, reason: 'gone' };
    await states.change('demo', 'hooks', (state) => ({ ...state, paused }));
    const { body } = (await directory.readDocument('demo', 'source:hooks')) ?? {};
    expect(body).toEqual({ ...kept, later: { some: 'thing' }, paused });
  });
});

describe('a kept key set', () => {
  const URI = 'https://issuer.example/keys';
  const KEY = { kty: 'RSA', kid: '1', n: 'n', e: 'AQAB' };
  const open = async (body: object) => {
    const bench = provisionBench();
    let asked = 0;
    const transport = async () => {
      asked += 1;
      return { status: 200, headers: {}, body: JSON.stringify({ keys: [KEY] }) };
    };
    await bench.directory.writeDocument('jwks', URI, body);
    const keys = openKeys({ ...bench.services, transport });
    const found = await keys.get(URI);
    return { keys: found, asked };
  };

  it('is used without a call', async () => {
    const fetchedAt = provisionBench().clock.now();
    expect(await open({ keys: [KEY], fetchedAt })).toMatchObject({ keys: { keys: [KEY] }, asked: 0 });
  });

  it('that can not be used is fetched again', async () => {
    expect((await open({ keys: 'none', fetchedAt: 0 })).asked).toBe(1);
    expect((await open({ keys: [KEY] })).asked).toBe(1);
  });
});
