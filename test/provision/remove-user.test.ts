import { describe, expect, it } from 'vitest';
import { demoTenant } from '../mapping/demo.ts';
import { person, provisionBench } from './bench.ts';

const later = { inline: undefined } as never;

/** Ada with an agent, then deleted where the tenant has account users deleted with their agents. */
async function deleted(options: Parameters<typeof provisionBench>[0] = {}) {
  const lifecycle = { ...demoTenant().lifecycle, onDelete: 'removeUser' as const };
  const bench = provisionBench({ ...options, tenant: { lifecycle } });
  const before = await bench.stored(person('ada'));
  await bench.stored(person('bob'));
  expect(bench.simulator.users()).toEqual(['ada@example.com', 'bob@example.com']);
  const record = await bench.stored(before.person, { before, deleted: true, ...(later as object) });
  await bench.settled();
  return { bench, record: await bench.read(record) };
}

describe('onDelete: removeUser', () => {
  it('deletes the agent, and then the user of the account with the admin app', async () => {
    const { bench, record } = await deleted();
    expect(record.state).toBe('removed');
    expect(record.attempts.lastError).toBeUndefined();
    expect(bench.simulator.agents().map(({ firstName }) => firstName)).toEqual(['bob']);
    expect(bench.simulator.users()).toEqual(['bob@example.com']);
    expect(bench.simulator.calls()).toMatchObject({ 'DELETE /agents/{agentId}': 1, 'DELETE /users': 1 });
  });

  it('deletes the agent and says that the user is left where the scope is missing', async () => {
    const { bench, record } = await deleted({ behaviour: { withoutScopes: ['User Management'] } });
    expect(record.state).toBe('removed');
    expect(record.attempts.lastError).toMatchObject({
      code: 'user-remains',
      message: expect.stringContaining('User Management > User Management'),
    });
    expect(bench.simulator.agents()).toHaveLength(1);
    expect(bench.simulator.users()).toContain('ada@example.com');
  });

  it('tries the user again where SmartAssist gives no answer, and the agent only once', async () => {
    const faults = [{ on: 'DELETE /users', kind: 'status', status: 503, times: 2 }] as const;
    const { bench, record } = await deleted({ behaviour: { faults: [...faults] } });
    expect(record.state).toBe('removed');
    expect(bench.simulator.users()).toEqual(['bob@example.com']);
    expect(bench.simulator.calls()['DELETE /users']).toBe(3);
  });

  it('is content with a user who is gone already', async () => {
    const faults = [{ on: 'DELETE /users', kind: 'drop-after', times: 1 }] as const;
    const { bench, record } = await deleted({ behaviour: { faults: [...faults] } });
    expect(record).toMatchObject({ state: 'removed', attempts: { count: 0 } });
    expect(record.attempts.lastError).toBeUndefined();
    expect(bench.simulator.users()).toEqual(['bob@example.com']);
  });
});

it('onDelete: remove leaves the user of the account', async () => {
  const lifecycle = { ...demoTenant().lifecycle, onDelete: 'remove' as const };
  const bench = provisionBench({ tenant: { lifecycle } });
  const before = await bench.stored(person('ada'));
  await bench.stored(before.person, { before, deleted: true, ...(later as object) });
  await bench.settled();
  expect(bench.simulator.agents()).toEqual([]);
  expect(bench.simulator.users()).toEqual(['ada@example.com']);
});
