import type * as z from 'zod';
import { didYouMean, nearest } from '../scim-core/nearest.ts';
import { isList, knownKeys } from './known-keys.ts';
import type { Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * What zod finds wrong with a configuration, in the words of the administrator who writes it. The issues have to carry their input
 * (`reportInput`).
 *
 * @param above the path of what the issue's own path begins at
 */
export function problemsOf(issue: Issue, above: Problem['path'] = []): Problem[] {
  const path = [...above, ...issue.path.filter((step) => typeof step !== 'symbol')];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: unknownKey(key, path, (issue.input as Record<string, unknown> | undefined)?.[key]),
      }));
    case 'invalid_key':
      return [{ path, message: issue.issues.map(({ message }) => message).join('; ') }];
    case 'invalid_union':
      return unionProblems(issue, path);
    case 'invalid_type':
    case 'invalid_value':
      return [{ path, message: ownWords(issue) ?? mustBe([issue], issue.input) }];
    case 'too_small':
    case 'too_big':
      return [{ path, message: ownWords(issue) ?? outOfBounds(issue) }];
    default:
      return [{ path, message: issue.message }];
  }
}

/** What the schema itself says; undefined where it leaves the words to zod. */
function ownWords({ message, input }: Issue): string | undefined {
  return input === undefined || /^(Invalid|Too) /.test(message) ? undefined : message;
}

/** Of what may be written in several ways, the way that was meant: the one whose kind of value it is. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: Problem['path']): Problem[] {
  if (issue.message !== 'Invalid input') return [{ path, message: issue.message }];
  const meant = issue.errors.find((issues) => issues.length > 0 && !issues.some(isOfAnotherKind));
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, path));
  return [{ path, message: mustBe(issue.errors.flat().filter(isOfAnotherKind), issue.input) }];
}

function isOfAnotherKind({ code, path }: Issue): boolean {
  return (
    path.length === 0 && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union')
  );
}

function mustBe(issues: readonly Issue[], input: unknown): string {
  if (input === undefined) return 'is missing';
  const kinds = issues.map((issue) => (issue.code === 'invalid_type' ? issue.expected : ''));
  if (typeof input === 'number' && kinds.includes('string')) return 'is read as a number; write it in quotes';
  const choice = issues.find((issue) => issue.code === 'invalid_value' && issue.values.length > 1);
  if (choice?.code === 'invalid_value' && typeof input === 'string') {
    const values = choice.values.map(String);
    return `is none of ${values.join(', ')}.${didYouMean(input, values)}`;
  }
  if (typeof input === 'number' && kinds.includes('int')) return 'must be a whole number';
  const expected = new Set(issues.flatMap(expectedBy));
  const dash = expected.size === 1 ? DASHES[`${[...expected][0]} ${kindOf(input)}`] : undefined;
  const given = typeof input === 'boolean' ? input : KINDS[kindOf(input)];
  return `must be ${[...expected].join(' or ')}, not ${given}${dash ?? ''}`;
}

/** Where a dash is missing, or too much. */
const DASHES: Readonly<Record<string, string>> = {
  'a list object': ': each entry begins with a dash, "- "',
  'keys with values array': ': leave the dash out',
};

function expectedBy(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [KINDS[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_value') return [issue.values.map(String).join(', ')];
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(expectedBy) : [];
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  null: 'nothing',
};

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  return Array.isArray(input) ? 'array' : typeof input;
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === 'string') return 'must not be empty';
  return issue.origin === 'array' ? `must have ${bound} entries` : `must be ${bound}`;
}

function unknownKey(key: string, path: Problem['path'], value: unknown): string {
  const known = knownKeys(path);
  const meant = didYouMean(key, known);
  if (meant !== '')
    return `is not a known key.${meant}${formOf(nearest(key, known, 1)[0] ?? '', path, value)}`;
  const above = known.filter((each) => knownKeys([...path, each]).includes(key));
  const inside = above.map((each) => `${each}: { ${key}: … }`).join(' or ');
  if (inside !== '') return `is not a known key here. It belongs one level deeper: ${inside}`;
  return `is not a known key. Known are: ${known.join(', ')}.`;
}

/** How a key that was meant is written, where the value would be the next mistake. */
function formOf(key: string, path: Problem['path'], value: unknown): string {
  if (typeof value !== 'string' || !isList([...path, key])) return '';
  return ` It is a list: ${key}: [${value}]`;
}
