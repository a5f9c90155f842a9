import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../functions/directory/directory.ts';
import { memoryTable } from '../../../functions/directory/memory.ts';
import { approve, isApproved, useApproval, withdraw } from '../../../functions/provision/brake/approvals.ts';
import { LeapingClock } from '../bench.ts';

const DAY = 86_400_000;
const PLANNED = 'a'.repeat(64);
const ADA = { id: 'ada', of: 'leaving' };
const BOB = { id: 'bob', of: 'hash of a payload' };

function open() {
  const clock = new LeapingClock();
  const directory = openDirectory(memoryTable(clock), clock);
  return {
    clock,
    directory,
    approves: (...approvals: { id: string; of: string }[]) =>
      approve({ directory, clock }, 'demo', PLANNED, approvals),
    is: (approval: { id: string; of: string }, tenant = 'demo', digest = PLANNED) =>
      isApproved(directory, tenant, digest, approval),
  };
}

describe('what an operator approved with a plan', () => {
  it('holds for these persons with what was shown of them, and for nothing else', async () => {
    const { approves, is } = open();
    await approves(ADA, BOB);
    expect([await is(ADA), await is(BOB)]).toEqual([true, true]);
    expect(await is({ ...ADA, of: 'another hash' })).toBe(false);
    expect(await is({ ...BOB, of: 'leaving' })).toBe(false);
    expect(await is({ ...ADA, id: 'cyd' })).toBe(false);
  });

  it('holds under the generation that the plan was made for, in its tenant', async () => {
    const { approves, is } = open();
    await approves(ADA);
    expect(await is(ADA, 'demo', 'b'.repeat(64))).toBe(false);
    expect(await is(ADA, 'other')).toBe(false);
  });

  it('holds for fourteen days', async () => {
    const { approves, is, clock } = open();
    await approves(ADA);
    clock.advance(14 * DAY - 1_000);
    expect(await is(ADA)).toBe(true);
    clock.advance(2_000);
    expect(await is(ADA)).toBe(false);
  });

  it('is used up by being done, for this person alone', async () => {
    const { approves, is, directory } = open();
    await approves(ADA, BOB);
    await useApproval(directory, 'demo', PLANNED, ADA.id);
    expect([await is(ADA), await is(BOB)]).toEqual([false, true]);
  });

  it('is taken back where the plan comes to nothing, for those who are named', async () => {
    const { approves, is, directory } = open();
    const cyd = { id: 'cyd', of: 'leaving' };
    await approves(ADA, BOB, cyd);
    await withdraw({ directory }, 'demo', PLANNED, [ADA, BOB]);
    expect([await is(ADA), await is(BOB), await is(cyd)]).toEqual([false, false, true]);
  });

  it('reaches everybody whom a plan names, though few are written at a time', async () => {
    const { clock, directory } = open();
    const many = Array.from({ length: 45 }, (_, index) => ({ id: `p-${index}`, of: `hash ${index}` }));
    let most = 0;
    let writing = 0;
    const watched = {
      ...directory,
      writeDocument: async (...write: Parameters<typeof directory.writeDocument>) => {
        writing += 1;
        most = Math.max(most, writing);
        try {
          return await directory.writeDocument(...write);
        } finally {
          writing -= 1;
        }
      },
    };
    await approve({ directory: watched, clock }, 'demo', PLANNED, many);
    const holds = await Promise.all(many.map((each) => isApproved(directory, 'demo', PLANNED, each)));
    expect(holds.every(Boolean)).toBe(true);
    expect(most).toBeLessThanOrEqual(20);
  });

  it('is nothing that can not be read', async () => {
    const { approves, is, directory } = open();
    await approves(ADA);
    await directory.writeDocument('demo#approved', `${PLANNED.slice(0, 16)} ada`, { of: 7 });
    expect(await is(ADA)).toBe(false);
  });
});
