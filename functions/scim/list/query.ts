import { quote, ScimInputError } from '../../scim-core/error.ts';
import { readMessage } from '../http/message.ts';
import { type Selection, selectionOf } from '../http/view.ts';

/** Resources in a page when the client doesn't say, and at most. */
export const DEFAULT_COUNT = 100;
export const MAX_COUNT = 500;

/** What a client asks of a list (RFC 7644 section 3.4.2, RFC 9865 section 2). */
export interface ListQuery {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  /** Present where pages are asked for by cursor; empty for the first one. */
  readonly cursor: string | undefined;
  readonly selection: Selection;
}

type Names = 'filter' | 'sortBy' | 'sortOrder' | 'startIndex' | 'count' | 'cursor';

/**
 * Reads the query of a GET. What it doesn't know it ignores (E14).
 *
 * @throws ScimInputError `invalidValue` for a startIndex or count that is no whole number (`invalidCount` with a cursor)
 */
export function queryOf(query: ReadonlyMap<string, string>): ListQuery {
  return read((name) => query.get(name.toLowerCase()), selectionOf(query));
}

const MEMBERS = [
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
  'attributes',
  'excludedAttributes',
] as const;

/**
 * Reads a SearchRequest (RFC 7644 section 3.4.3), which may say as text what is a number or a list.
 *
 * @throws ScimInputError as `queryOf`, `invalidSyntax` for what is no object, `invalidValue` for members of other types
 */
export function searchOf(body: unknown): ListQuery {
  const message = readMessage(body, MEMBERS);
  const names = (name: 'attributes' | 'excludedAttributes'): Selection => {
    const value = message[name];
    if (value === undefined || value === null) return {};
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
    if (!isList && typeof value !== 'string') throw invalid(name, 'a list of names', value);
    return { [name]: value as string | string[] };
  };
  return read((name) => message[name], { ...names('attributes'), ...names('excludedAttributes') });
}

function read(given: (name: Names) => unknown, selection: Selection): ListQuery {
  const text = (name: Names): string | undefined => {
    const value = given(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw invalid(name, 'a string', value);
  };
  const blankless = (name: Names) => text(name)?.trim() || undefined;
  const cursor = text('cursor');
  return {
    filter: blankless('filter'),
    sortBy: blankless('sortBy'),
    sortOrder: blankless('sortOrder'),
    startIndex: Math.max(1, wholeNumber('startIndex', given('startIndex'), 1)),
    count: Math.min(MAX_COUNT, Math.max(0, countOf(given('count'), cursor !== undefined))),
    cursor,
    selection,
  };
}

function countOf(value: unknown, withCursor: boolean): number {
  try {
    return wholeNumber('count', value, DEFAULT_COUNT);
  } catch (error) {
    if (withCursor && error instanceof ScimInputError) {
      throw new ScimInputError('invalidCount', error.message, { attribute: 'count' });
    }
    throw error;
  }
}

function wholeNumber(name: Names, value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const text = typeof value === 'string' ? value.trim() : undefined;
  if (text === '') return otherwise;
  if (text !== undefined && /^[+-]?\d+$/.test(text)) return Number(text);
  throw invalid(name, 'a whole number', value);
}

function invalid(name: string, rule: string, value: unknown): ScimInputError {
  return new ScimInputError('invalidValue', `${name} must be ${rule}, not ${quote(value)}.`, {
    attribute: name,
  });
}
