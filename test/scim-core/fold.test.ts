import { describe, expect, it } from 'vitest';
import { folded } from '../../functions/scim-core/fold.ts';

describe('folded', () => {
  it.each([
    ['ADA@Example.com', 'ada@example.com'],
    ['Jose\u0301', 'jos\u00e9'],
    ['JOS\u00c9', 'jos\u00e9'],
    ['E\u0301cole', '\u00e9cole'],
    ['\uff21\uff24\uff21\uff20\uff45\uff58\uff0e\uff43\uff4f\uff4d', 'ada@ex.com'],
    ['\uff76\uff9e', '\u30ac'],
    ['A\u3000B', 'a b'],
    ['\uffdc', '\u1175'],
    ['STRASSE', 'strasse'],
    ['Stra\u00dfe', 'stra\u00dfe'],
    ['\u212b', '\u00e5'],
    ['\ufb01', '\ufb01'],
    ['', ''],
  ])('makes %j of it: %j', (text, expected) => {
    expect(folded(text)).toBe(expected);
    expect(folded(expected)).toBe(expected);
  });
});
