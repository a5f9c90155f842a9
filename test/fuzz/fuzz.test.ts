import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compact } from '../../functions/runtime/compact.ts';
import { WEBHOOK_PRESETS } from '../webhook/providers.ts';
import { fuzz, inputOf } from './fuzz.ts';
import { LONGEST } from './mutate.ts';
import { type Cost, reader, type Target } from './target.ts';
import { TARGETS } from './targets.ts';

const INPUTS = 5_000;
/** Shorter than those of `npm run fuzz`, so that the suite isn't kept waiting. */
const LONGEST_HERE = 2_000;

const named = (name: string, take: Target['take']): Target => ({ name, seeds: ['a', '[]'], take });

describe('made-up inputs', () => {
  it('are taken or refused by every door and reader, within their time and memory', {
    timeout: 120_000,
  }, async () => {
    const { findings } = await fuzz(TARGETS, { seed: 1, inputs: INPUTS, longest: LONGEST_HERE });
    const shown = findings.map(({ target, number, what }) => `${target}, input ${number}: ${what}`);
    expect(shown).toEqual([]);
  });

  it('go to the webhook of each provider', () => {
    const names = new Set(TARGETS.map(({ name }) => name));
    expect(WEBHOOK_PRESETS.filter((preset) => !names.has(`webhook ${preset}`))).toEqual([]);
  });

  it('are the same for the same seed and number, of bounded length, and rarely alike', () => {
    const made = Array.from({ length: 2_000 }, (_, number) => inputOf(TARGETS, 7, number).input);
    expect(made[40]).toBe(inputOf(TARGETS, 7, 40).input);
    expect(Math.max(...made.map((input) => input.length))).toBeLessThanOrEqual(LONGEST);
    expect(new Set(made).size).toBeGreaterThan(1_000);
  });
});

describe('a finding', () => {
  const found = async (target: Target, inputs = 60, bounds?: Cost) =>
    (await fuzz([target], { seed: 1, inputs, ...compact({ bounds }) })).findings.map(({ what }) => what);

  it('is an error that is no refusal', async () => {
    const fails = () => {
      throw new TypeError('no such thing');
    };
    expect((await found(named('x', fails)))[0]).toBe('TypeError: no such thing');
    const refuses = () => {
      throw Object.assign(new Error('not so'), { name: 'Rejection' });
    };
    expect(await found(reader('x', ['a'], refuses))).toEqual([]);
  });

  it('is an input that takes longer than its length allows', async () => {
    const spin = () => {
      let text = 'a';
      for (let round = 0; round < 30_000; round += 1) text = createHash('sha256').update(text).digest('hex');
    };
    expect((await found(named('x', spin), 1, { milliseconds: 5, megabytes: 1_000 }))[0]).toMatch(
      /^took \d+ ms and \d+ MB for \d+ characters$/,
    );
  });

  it('is an input that takes more memory than its length allows', async () => {
    const kept: unknown[] = [];
    const take = () => void kept.push(Buffer.alloc(200 * 1024 * 1024));
    expect((await found(named('x', take), 1))[0]).toMatch(/^took /);
  });
});
