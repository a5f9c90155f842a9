import { describe, expect, it } from 'vitest';
import type { Services } from '../../functions/provision/services.ts';
import { FetchError } from '../../functions/sources/fetcher.ts';
import { NotNow, patiently } from '../../functions/sources/sync/page.ts';

const START = 1_000_000;
const MINUTE_MS = 60_000;

type Options = ConstructorParameters<typeof FetchError>[1];
const refused = (options: Options = {}) => new FetchError('refused', options);

/** Asks what answers with these errors first, with so much time. */
async function ask(errors: readonly Error[], time = 60 * MINUTE_MS) {
  const left = [...errors];
  const naps: number[] = [];
  let now = START;
  let meanwhile = 0;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      naps.push(milliseconds);
      now += milliseconds;
    },
  };
  const services = { clock, log: { info: () => {} } } as unknown as Services;
  let asked = 0;
  const answer = async () => {
    asked += 1;
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'answer';
  };
  const keep = async () => {
    meanwhile += 1;
  };
  const ended = await patiently(services, answer, START + time, keep).catch((error: unknown) => error);
  return { ended, asked, waited: now - START, naps, meanwhile };
}

describe('a provider is asked', () => {
  it('once where it answers', async () => {
    expect(await ask([])).toMatchObject({ ended: 'answer', asked: 1, waited: 0 });
  });

  it.each([
    [1, 1_000],
    [2, 6_000],
    [3, 26_000],
  ])('again after it has failed %s times', async (times, waited) => {
    const errors = Array.from({ length: times }, () => refused({ status: 500 }));
    expect(await ask(errors)).toMatchObject({ ended: 'answer', asked: times + 1, waited });
    expect(await ask(errors.map(() => refused()))).toMatchObject({ ended: 'answer', waited });
  });

  it('no more after it has failed four times', async () => {
    const errors = Array.from({ length: 4 }, () => refused({ status: 500 }));
    expect(await ask(errors)).toMatchObject({ ended: errors[3], asked: 4, waited: 26_000 });
  });

  it.each<[string, Error]>([
    ['what it refuses for good', refused({ isPermanent: true })],
    ['what it refuses for good and throttles', refused({ isPermanent: true, status: 429 })],
    ['what asking again does not change', refused({ status: 400 })],
    ['what is not there', refused({ status: 404 })],
    ['what else it refuses', refused({ status: 499 })],
    ['where the fault is our own', new Error('our own')],
  ])('once %s', async (_, error) => {
    expect(await ask([error])).toEqual({ ended: error, asked: 1, waited: 0, naps: [], meanwhile: 0 });
  });

  it.each<[string, Options, number]>([
    ['as long as it says', { status: 429, retryAfterMs: 90_000 }, 90_000],
    ['a minute where it does not say', { status: 429 }, MINUTE_MS],
    ['as long as it says with any status', { status: 400, retryAfterMs: 5_000 }, 5_000],
  ])('again when it throttles, after %s, however often', async (_, options, wait) => {
    const errors = Array.from({ length: 6 }, () => refused(options));
    expect(await ask(errors)).toMatchObject({ ended: 'answer', asked: 7, waited: 6 * wait });
  });

  it('as often after a failure, however often it has throttled before', async () => {
    const errors = [refused({ status: 429 }), refused({ status: 500 }), refused({ status: 500 })];
    expect(await ask(errors)).toMatchObject({ ended: 'answer', waited: MINUTE_MS + 6_000 });
  });

  it('later where there is no time to wait for', async () => {
    const error = refused({ retryAfterMs: MINUTE_MS });
    expect((await ask([error], MINUTE_MS + 1)).ended).toBe('answer');
    const { ended, asked, waited } = await ask([error], MINUTE_MS);
    expect(ended).toBeInstanceOf(NotNow);
    expect(ended).toMatchObject({ name: 'NotNow', message: 'refused', from: START + MINUTE_MS });
    expect([asked, waited]).toEqual([1, 0]);
  });

  it('with a word to others every half a minute', async () => {
    const { naps, meanwhile } = await ask([refused({ retryAfterMs: 70_000 })]);
    expect(naps).toEqual([30_000, 30_000, 10_000]);
    expect(meanwhile).toBe(3);
  });
});
