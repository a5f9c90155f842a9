import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../functions/directory/directory.ts';
import { memoryTable } from '../../../functions/directory/memory.ts';
import type { AgentState } from '../../../functions/directory/record.ts';
import { openSearch } from '../../../functions/provision/agent/search-progress.ts';
import { HandClock } from '../../local/simulator-bench.ts';
import { recordOf } from './attempt.ts';

const DAY_MS = 86_400_000;
const ADA = recordOf('ada', {
  agent: { customId: 'key-of-ada', presence: 'none', emailId: 'ada@example.com' },
});

function opened() {
  const clock = new HandClock();
  const directory = openDirectory(memoryTable(clock), clock);
  /** As each attempt opens it anew. */
  const search = (record = ADA) => openSearch(directory, clock, record);
  return { clock, directory, search };
}

describe('the search for a person’s agent in the list of all agents', () => {
  it('begins at the beginning', async () => {
    expect(await opened().search().progress()).toBeUndefined();
  });

  it.each([{ end: 3 }, { back: 7, end: 9 }, { back: 0, end: 12 }])(
    'goes on in the next attempt where this one came to: %j',
    async (progress) => {
      const { search } = opened();
      const attempt = search();
      await attempt.progress();
      await attempt.keep(progress);
      expect(await attempt.progress()).toEqual(progress);
      expect(await search().progress()).toEqual(progress);
    },
  );

  it('goes on with what an attempt kept that had not asked before', async () => {
    const { search } = opened();
    const attempt = search();
    await attempt.keep({ back: 2, end: 4 });
    expect(await attempt.progress()).toEqual({ back: 2, end: 4 });
  });

  it('that is over leaves nothing', async () => {
    const { search } = opened();
    await search().keep({ back: 2, end: 4 });
    const attempt = search();
    await attempt.progress();
    await attempt.keep(undefined);
    expect(await attempt.progress()).toBeUndefined();
    expect(await search().progress()).toBeUndefined();
  });

  it('begins anew when nobody has gone on with it for a day', async () => {
    const { clock, search } = opened();
    await search().keep({ back: 2, end: 4 });
    clock.advance(DAY_MS - 1_000);
    expect(await search().progress()).toEqual({ back: 2, end: 4 });
    clock.advance(1_001);
    expect(await search().progress()).toBeUndefined();
  });

  it.each<Partial<AgentState>>([
    { agentId: 'a-2' },
    { emailId: 'ada.king@example.com' },
    { createdAt: '2026-11-24T10:00:00Z' },
    { appliedAt: '2026-11-24T10:00:00Z' },
  ])('says nothing of a later agent of the same person: %j', async (later) => {
    const { search } = opened();
    await search().keep({ back: 2, end: 4 });
    expect(await search({ ...ADA, agent: { ...ADA.agent, ...later } }).progress()).toBeUndefined();
  });

  it.each([
    ['another person', { ...ADA, id: 'eve' }],
    ['a person of another tenant with the same id', { ...ADA, tenant: 'second' }],
  ])('is not that of %s', async (_, other) => {
    const { search } = opened();
    await search().keep({ back: 2, end: 4 });
    expect(await search(other).progress()).toBeUndefined();
    await search(other).keep({ end: 1 });
    expect(await search().progress()).toEqual({ back: 2, end: 4 });
  });

  it('is read once an attempt: what another function keeps meanwhile is its own', async () => {
    const { search } = opened();
    const attempt = search();
    expect(await attempt.progress()).toBeUndefined();
    await search().keep({ end: 5 });
    expect(await attempt.progress()).toBeUndefined();
    await attempt.keep({ end: 2 });
    await search().keep({ end: 6 });
    expect(await attempt.progress()).toEqual({ end: 2 });
  });

  it('begins anew where what is stored names no page', async () => {
    const { directory, search } = opened();
    await search().keep({ back: 2, end: 4 });
    const stored = await directory.readDocument('demo#agent-search', 'ada');
    await directory.writeDocument('demo#agent-search', 'ada', { ...stored?.body, end: 'the last one' });
    expect(await search().progress()).toBeUndefined();
    await directory.writeDocument('demo#agent-search', 'ada', { ...stored?.body, back: 'two' });
    expect(await search().progress()).toEqual({ end: 4 });
  });
});
