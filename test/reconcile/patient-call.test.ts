import { describe, expect, it } from 'vitest';
import { patientCall } from '../../functions/reconcile/patient-call.ts';
import type { Outcome } from '../../functions/smartassist/outcome.ts';

/** A call that finds a free slot after so many milliseconds, with so much time: what it comes to, and when it was made. */
async function called(freeAfter: number, patience: number, waitMs = 400) {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const at: number[] = [];
  const call = async (): Promise<Outcome<string>> => {
    at.push(now);
    return now >= freeAfter ? { outcome: 'ok', value: 'answer' } : { outcome: 'no-slot', waitMs };
  };
  const answer = await patientCall(clock, { urgency: 'backfill', deadline: patience }, call);
  return { outcome: answer.outcome, at };
}

describe('a call that waits for a free slot', () => {
  it('is made once where one is free', async () => {
    expect(await called(0, 0)).toEqual({ outcome: 'ok', at: [0] });
  });

  it('is made again after as long as it is told to wait, and a second at most', async () => {
    expect(await called(1_000, 60_000, 400)).toEqual({ outcome: 'ok', at: [0, 400, 800, 1_200] });
    expect(await called(2_500, 60_000, 30_000)).toEqual({ outcome: 'ok', at: [0, 1_000, 2_000, 3_000] });
  });

  it.each([
    ['the time that is left is a second', 1_000, [0]],
    ['more than that is left', 1_001, [0, 1_000]],
    ['there was time for two more', 2_500, [0, 1_000, 2_000]],
  ])('gives up where %s', async (_, patience, at) => {
    expect(await called(60_000, patience, 1_000)).toEqual({ outcome: 'no-slot', at });
  });
});
