import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../functions/scim-core/nearest.ts';

describe('nearest', () => {
  it.each([
    ['a letter too much', 'userNames', 'userName'],
    ['a letter too little', 'usrName', 'userName'],
    ['a wrong letter', 'uzerName', 'userName'],
    ['two neighbours swapped', 'uesrName', 'userName'],
    ['another case', 'USERNAME', 'userName'],
  ])('finds a name in spite of %s', (_, typed, meant) => {
    expect(nearest(typed, ['title', 'userName', 'name.x'])).toContain(meant);
  });

  it('counts a swap as one error, so that short words are found', () => {
    expect(nearest('ab', ['ba'])).toEqual(['ba']);
    expect(nearest('abc', ['acb', 'cab'])).toEqual(['acb']);
    expect(nearest('abc', ['bxc', 'xac', 'bca'])).toEqual([]);
    expect(nearest('abcd', ['abdc', 'abcd'])).toEqual(['abcd', 'abdc']);
    expect(nearest('abcdef', ['badcef', 'badcfe'])).toEqual(['badcef']);
  });

  it('takes as many errors as a third of the word, at least one', () => {
    expect(nearest('x', ['y', 'zz'])).toEqual(['y']);
    expect(nearest('abcdef', ['abcdxy', 'abcxyz'])).toEqual(['abcdxy']);
    expect(nearest('abcde', ['abcdx', 'abcxy'])).toEqual(['abcdx']);
  });

  it('puts fewer errors first, then the alphabet', () => {
    expect(nearest('billing', ['billin', 'billing', 'billong', 'balling'])).toEqual([
      'billing',
      'balling',
      'billin',
    ]);
  });

  it('finds the part of a longer name after all near ones', () => {
    expect(nearest('refunds', ['Billing/Refunds', 'refund'])).toEqual(['refund', 'Billing/Refunds']);
    expect(nearest('Billing/Refunds', ['refunds'])).toEqual(['refunds']);
    expect(nearest('VIP', ['Gold/VIP desk'])).toEqual(['Gold/VIP desk']);
  });

  it('does not take two letters for a part', () => {
    expect(nearest('en', ['english', 'Benelux'])).toEqual([]);
    expect(nearest('english language', ['en'])).toEqual([]);
  });

  it('answers three at most, or as many as asked', () => {
    const candidates = ['aaaa', 'aaab', 'aaac', 'aaad'];
    expect(nearest('aaaa', candidates)).toEqual(['aaaa', 'aaab', 'aaac']);
    expect(nearest('aaaa', candidates, 1)).toEqual(['aaaa']);
    expect(nearest('aaaa', candidates, 9)).toHaveLength(4);
  });

  it('names every candidate once', () => {
    expect(nearest('abc', ['abc', 'abc'])).toEqual(['abc']);
  });

  it('finds nothing where nothing is near', () => {
    expect(nearest('zzzz', ['userName'])).toEqual([]);
    expect(nearest('userName', [])).toEqual([]);
  });

  // With mutants in it the code is slower by far, and this is its inner loop.
  it.skipIf('STRYKER_MUTATOR_WORKER' in process.env)(
    'is done quickly with a very long word',
    { timeout: 5_000 },
    () => {
      const candidates = Array.from({ length: 1000 }, (_, index) => `${'y'.repeat(60)}${index}`);
      expect(nearest('x'.repeat(1_000_000), candidates)).toEqual([]);
    },
  );

  it('always finds a word among its own candidates', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (word, others) => {
        expect(nearest(word, [...others, word], others.length + 1)).toContain(word);
      }),
    );
  });
});

describe('didYouMean', () => {
  it('asks with the candidates in quotes, and says nothing without any', () => {
    expect(didYouMean('titel', ['title', 'userName'])).toBe(' Did you mean "title"?');
    expect(didYouMean('abcd', ['abcx', 'abcy'])).toBe(' Did you mean "abcx" or "abcy"?');
    expect(didYouMean('zzz', ['title'])).toBe('');
  });
});
