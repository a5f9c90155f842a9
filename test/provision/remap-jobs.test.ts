import { beforeEach, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import {
  advanceRemapJob,
  nextRemapJob,
  type RemapJob,
  type RemapRequest,
  storeRemapJob,
} from '../../functions/provision/remap-jobs.ts';
import { NOON } from '../contract/directory.ts';

const group = (groupId: string) => ({ kind: 'group', groupId }) as const;
const TALLY = { persons: 3, wanted: 2, rules: { everyone: 2 } };

describe('work over many people', () => {
  let directory: Directory;
  beforeEach(() => {
    const clock = { now: () => NOON, sleep: async () => {} };
    directory = openDirectory(memoryTable(clock), clock);
  });
  const store = (request: RemapRequest, notBefore?: number) =>
    storeRemapJob(directory, 'acme', request, notBefore);
  const next = (now = NOON, generation?: number) => nextRemapJob(directory, 'acme', now, generation);
  const advance = (job: RemapJob | undefined, after?: string, tally?: typeof TALLY) => {
    if (job === undefined) throw new Error('there is no job');
    return advanceRemapJob(directory, 'acme', job, after, tally);
  };

  it('is done in the order in which it was asked for', async () => {
    expect(await next()).toBeUndefined();
    await store(group('g1'));
    await store({ kind: 'all' });
    await store(group('g2'));
    const done: unknown[] = [];
    for (let job = await next(); job !== undefined; job = await next()) {
      done.push(job.kind === 'group' ? job.groupId : job.kind);
      await advance(job);
    }
    expect(done).toEqual(['g1', 'all', 'g2']);
  });

  it('goes on page by page, with what has been counted until then', async () => {
    await store({ kind: 'all' });
    await store(group('g1'));
    await advance(await next(), 'ada', TALLY);
    expect(await next()).toMatchObject({ kind: 'all', after: 'ada', tally: TALLY });
    await advance(await next());
    await advance(await next(), 'bob');
    const job = await next();
    expect(job).toMatchObject({ ...group('g1'), after: 'bob' });
    expect(job).not.toHaveProperty('tally');
  });

  it.each<RemapRequest>([{ kind: 'all' }, group('g1')])(
    'begins anew when it is asked for again: %o',
    async (request) => {
      await store(request);
      await store(group('other'));
      const begun = await next();
      await advance(begun, 'ada');
      await store(request);
      expect(await next()).toMatchObject(group('other'));
      // A page of the former round is over by then.
      await advance(begun, 'bob');
      await advance(begun);
      expect(await next()).toMatchObject(group('other'));
      await advance(await next());
      expect(await next()).toMatchObject(request);
      expect(await next()).not.toHaveProperty('after');
      await advance(await next());
      expect(await next()).toBeUndefined();
    },
  );

  it('can be put off to a moment, and until then others go before it', async () => {
    await store(group('later'), NOON + 60_000);
    expect(await next(NOON + 59_999)).toBeUndefined();
    expect(await next(NOON + 60_000)).toMatchObject(group('later'));
    await store(group('now'));
    expect(await next()).toMatchObject(group('now'));
  });

  it('of a newer configuration is not for an older one, which would find the wrong people', async () => {
    await store({ kind: 'all', of: 5 });
    expect(await next(NOON, 4)).toBeUndefined();
    expect(await next(NOON, 5)).toMatchObject({ kind: 'all', of: 5 });
    expect(await next()).toMatchObject({ of: 5 });
    await store(group('g1'));
    expect(await next(NOON, 0)).toMatchObject(group('g1'));
  });
});
