import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { findByEmail, findById, ownerOf, rememberAgent } from '../../functions/provision/agent-index.ts';
import { HandClock } from '../local/simulator-bench.ts';

const DAY_MS = 86_400_000;
const CENSUS = '2026-11-23T09:00:00.000Z';
const SEEN = { agentId: 'a-1', census: CENSUS };

function opened() {
  const clock = new HandClock();
  const directory = openDirectory(memoryTable(clock), clock);
  const remember = (email: string | undefined, agentId = 'a-1', tenant = 'demo') =>
    rememberAgent(directory, tenant, { agentId, census: CENSUS, email }, clock.now());
  return { clock, directory, remember };
}

describe('an agent that a reconciliation saw', () => {
  it('is found by its address in any spelling and by its id', async () => {
    const { directory, remember } = opened();
    await remember('Ada@Example.com');
    expect(await findByEmail(directory, 'demo', 'ada@example.COM')).toEqual(SEEN);
    expect(await findById(directory, 'demo', 'a-1')).toEqual(SEEN);
  });

  it('is not another one, nor one of another tenant', async () => {
    const { directory, remember } = opened();
    await remember('ada@example.com');
    await remember('eve@example.com', 'a-2');
    expect(await findById(directory, 'demo', 'a-1')).toEqual(SEEN);
    expect(await findById(directory, 'demo', 'a-2')).toMatchObject({ agentId: 'a-2' });
    expect(await findById(directory, 'demo', 'a-3')).toBeUndefined();
    expect(await findByEmail(directory, 'demo', 'bob@example.com')).toBeUndefined();
    expect(await findById(directory, 'second', 'a-1')).toBeUndefined();
    expect(await findByEmail(directory, 'second', 'ada@example.com')).toBeUndefined();
  });

  it.each(['', undefined])('without an address (%j) is found by its id alone', async (email) => {
    const { directory, remember } = opened();
    await remember(email);
    expect(await findById(directory, 'demo', 'a-1')).toEqual(SEEN);
    expect(await findByEmail(directory, 'demo', '')).toBeUndefined();
  });

  it('is forgotten when no reconciliation has seen it for ten days', async () => {
    const { clock, directory, remember } = opened();
    await remember('ada@example.com');
    clock.advance(10 * DAY_MS - 1_000);
    expect(await findById(directory, 'demo', 'a-1')).toEqual(SEEN);
    clock.advance(1_001);
    expect(await findById(directory, 'demo', 'a-1')).toBeUndefined();
    expect(await findByEmail(directory, 'demo', 'ada@example.com')).toBeUndefined();
  });

  it.each([{ census: CENSUS }, { agentId: 'a-1' }, { agentId: 1, census: CENSUS }])(
    'is not known by an entry that lacks a part: %j',
    async (entry) => {
      const { directory } = opened();
      await directory.writeDocument(ownerOf('demo'), 'id a-1', entry);
      expect(await findById(directory, 'demo', 'a-1')).toBeUndefined();
    },
  );
});
