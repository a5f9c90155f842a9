import { describe, expect, it } from 'vitest';
import { bounded } from '../../functions/mapping/bounded-person.ts';
import { quoted, quotedOf } from '../../functions/mapping/values/quoted.ts';
import { AGENT, mappingFor, personOf } from './tenant.ts';

const long = 'x'.repeat(5000);
const cut = 'x'.repeat(4097);

describe('a person for conditions', () => {
  it('is the person itself when no text in it is too long', () => {
    const person = personOf({
      title: 'x'.repeat(4096),
      active: true,
      nothing: null,
      missing: undefined,
      emails: [{ value: 'a', primary: true }, null, 'text'],
      [AGENT]: { skills: [{ skill: 'x'.repeat(4096) }] },
    });
    expect(bounded(person)).toBe(person);
  });

  it.each([
    ['at the top', { title: long }, { title: cut }],
    ['by one character', { title: `${cut}` }, { title: cut }],
    [
      'in a list',
      { emails: [{ value: 'a' }, { value: long, primary: true }] },
      { emails: [{ value: 'a' }, { value: cut, primary: true }] },
    ],
    ['in a list of texts', { schemas: ['a', long] }, { schemas: ['a', cut] }],
    [
      'in an extension',
      { [AGENT]: { agentGroup: long, role: null } },
      { [AGENT]: { agentGroup: cut, role: null } },
    ],
  ])('has a text cut that is too long %s, and everything else as it was', (_, more, expected) => {
    const others = { active: false, nothing: null, age: 7, name: { givenName: 'Ada' } };
    expect(bounded(personOf({ ...more, ...others }))).toStrictEqual(personOf({ ...expected, ...others }));
  });

  it('is not taken for one with a shorter text', () => {
    const mapping = mappingFor({ agent: {}, rules: [{ name: 'a', when: `title eq "${'x'.repeat(4080)}"` }] });
    expect(mapping.map(personOf({ title: long })).rules).toEqual([]);
    expect(mapping.map(personOf({ title: 'x'.repeat(4080) })).rules).toEqual(['a']);
  });
});

describe('a value in a message', () => {
  it.each([
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(57)}…"`],
    ['😀'.repeat(60), `"${'😀'.repeat(60)}"`],
    ['😀'.repeat(61), `"${'😀'.repeat(57)}…"`],
    [`x${'😀'.repeat(60)}`, `"x${'😀'.repeat(56)}…"`],
    [16, '"16"'],
    [['a'], '"["a"]"'],
  ])('%s is cut to sixty characters', (value, expected) => {
    expect(quoted(value)).toBe(expected);
  });

  it('is never a phone number', () => {
    expect(quotedOf('phoneNumbers[type eq "work"].value', '+49 30')).toBe('the value');
    expect(quotedOf('phoneNumber', '٠٣٠١٢٣٤٥٦٧')).toBe('the value');
    expect(quotedOf('phoneNumber', 'none')).toBe('"none"');
    expect(quotedOf('title', '7')).toBe('"7"');
  });
});
