import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commentsIn, wordsOfBefore } from './comments.ts';

/** They leave open whether a caller, a record, a provider, a person or an operator is meant. */
const VAGUE = /\b(?:somebody|anybody|whoever|everybody who)\b/i;

const { words, identifiers } = wordsOfBefore(readFileSync('docs/glossary.md', 'utf8'));
/** A name of two words can be nothing but the name; *bring*, *act* and *Hands* are ordinary words of a sentence, too. */
const NAMES = identifiers.filter((name) => /^(?=.{2,}[A-Z])[A-Za-z]+$/.test(name));

/** What is wrong with the words of a comment. */
function faultIn(comment: string): string | undefined {
  const text = comment.replaceAll(/`[^`\n]*`/g, '').replaceAll(/\s+(?:\*|\/\/)?\s*/g, ' ');
  const [vague] = VAGUE.exec(text) ?? [];
  return (
    vague ??
    text.match(/[A-Za-z]+/g)?.find((word) => words.includes(word.toLowerCase()) || NAMES.includes(word))
  );
}

describe('comments', () => {
  const files = ['functions', 'cli', 'local', 'infra', 'test'].flatMap((top) =>
    globSync(`${top}/**/*.ts`, { exclude: ['**/node_modules/**'] }),
  );

  it('say of whom or of what they speak, and use no word of before', () => {
    const faults = files.flatMap((file) =>
      commentsIn(readFileSync(file, 'utf8')).flatMap(({ line, text }) => {
        const fault = faultIn(text);
        return fault === undefined ? [] : [`${file}:${line}: ${fault}`];
      }),
    );
    expect(faults).toEqual([]);
  });

  it('would be noticed if they did not', () => {
    expect(faultIn('/** Whether somebody waits. */')).toBe('somebody');
    expect(faultIn('/**\n * Everybody\n * who waits.\n */')).toBe('Everybody who');
    expect(faultIn('// the nightly census')).toBe('census');
    expect(faultIn('// as markDueFirst did, once touchFirst')).toBe('touchFirst');
    expect(faultIn('// the event `census`, and everybody in it')).toBeUndefined();
  });

  it('are found among strings, templates and expressions, and those are none', () => {
    const code = [
      "const url = 'https://a.example/*'; // one",
      'const text = `// no #{call(/* two */ { a: `/* no */` })} // no`; // three',
      'const form = /[/*"]\\/\\/ no/; // four',
      'const share = a / b; // five / no',
      'return /no \\/* "/.test(c); // six',
      '/**\n * seven\n */',
      'const quote = "it\'s // no \\" // no"; /* eight */ const rest = `#{a} // no`;',
    ]
      .join('\n')
      .replaceAll('#{', '$\u007b');
    expect(commentsIn(code).map(({ line, text }) => `${line} ${text}`)).toEqual([
      '1 // one',
      '2 /* two */',
      '2 // three',
      '3 // four',
      '4 // five / no',
      '5 // six',
      '6 /**\n * seven\n */',
      '9 /* eight */',
    ]);
  });
});
