import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from '../../functions/tenant/secrets/seal.ts';

const SECRET = 'an old secret of the tenant, long enough';
const NEWER = 'a newer secret of the tenant, long enough';
const ABOUT = 'demo gusto refresh-token';

describe('what is sealed', () => {
  it('opens to the same text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unseal(seal(text, SECRET, ABOUT), [SECRET], ABOUT)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('shows nothing of the text, and is another each time', () => {
    const sealed = seal('refresh-me', SECRET, ABOUT);
    expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/);
    expect(sealed).not.toContain('refresh');
    expect(seal('refresh-me', SECRET, ABOUT)).not.toBe(sealed);
  });

  it('opens while its secret is being rotated, and not after', () => {
    const sealed = seal('refresh-me', SECRET, ABOUT);
    expect(unseal(sealed, [NEWER, SECRET], ABOUT)).toBe('refresh-me');
    expect(unseal(sealed, [NEWER], ABOUT)).toBeUndefined();
    expect(unseal(sealed, [], ABOUT)).toBeUndefined();
  });

  it('does not open for another tenant or source', () => {
    expect(unseal(seal('refresh-me', SECRET, ABOUT), [SECRET], 'other gusto refresh-token')).toBeUndefined();
  });

  it('does not open when a single character was changed', () => {
    const sealed = seal('refresh-me', SECRET, ABOUT);
    const [form = '', nonce = '', body = ''] = sealed.split('.');
    const other = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    for (const changed of [
      `v2.${nonce}.${body}`,
      `${form}.${other(nonce)}.${body}`,
      `${form}.${nonce}.${other(body)}`,
    ]) {
      expect(unseal(changed, [SECRET], ABOUT)).toBeUndefined();
    }
  });

  it.each(['', 'v1', 'v1..', 'v1.AAAA.AAAA', `v1.${'A'.repeat(16)}.AAAA`, 'v1.A.B.C'])(
    'is nothing that opens: %j',
    (sealed) => {
      expect(unseal(sealed, [SECRET], ABOUT)).toBeUndefined();
    },
  );

  it('takes no secret that could be guessed', () => {
    expect(() => seal('refresh-me', 'short', ABOUT)).toThrow(/32 characters/);
  });
});
