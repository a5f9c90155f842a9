import { describe, expect, it } from 'vitest';
import { quote, ScimInputError } from '../../functions/scim-core/error.ts';

describe('ScimInputError', () => {
  it('carries the scimType, the attribute and the position', () => {
    const error = new ScimInputError('invalidFilter', 'no', { attribute: 'emails', position: 3 });
    expect(error).toMatchObject({
      name: 'ScimInputError',
      code: 'invalidFilter',
      message: 'no',
      attribute: 'emails',
      position: 3,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('has no attribute or position where there is none', () => {
    const error = new ScimInputError('noTarget', 'no');
    expect(error.attribute).toBeUndefined();
    expect(error.position).toBeUndefined();
  });
});

describe('quote', () => {
  it.each([
    ['a"b', '"a\\"b"'],
    [12, '12'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1], 'a list'],
    [{ a: 1 }, 'an object'],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
  ])('shows %j as %s', (value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  it.each(['password', 'phoneNumbers.value', 'phoneNumbers', 'PhoneNumbers.display'])(
    'never shows what %s holds',
    (attribute) => {
      expect(quote('+15550100', attribute)).toBe('the value sent');
      expect(quote(15550100, attribute)).toBe('the value sent');
    },
  );

  it.each([
    ['{"password":"hunter2"', 'a text of JSON'],
    [' [{"value":"hunter2"}]', 'a text of JSON'],
    ['call +49 30 5551234 now', '"call (number)now"'],
    ['2026-11-26T10:00:00+01:00', '"2026-11-26T10:00:00+01:00"'],
  ])('shows no password or phone number within a text: %j', (value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  it('shows the values of other attributes', () => {
    expect(quote('x', 'passwordHint')).toBe('"x"');
    expect(quote('x', 'my.password')).toBe('"x"');
  });
});
