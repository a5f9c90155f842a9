import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Types by field, as the documentation's tables and samples show them: a type is a text, a list has one element. */
export type Shape = string | readonly Shape[] | { readonly [field: string]: Shape };

export interface DocumentedRequest {
  readonly [field: string]: {
    readonly type: string;
    readonly required: boolean;
    readonly items?: DocumentedRequest;
  };
}

/** What one page of the documentation says about a request and its answer. */
export interface Documented {
  readonly operation: string;
  readonly page: string;
  readonly request?: DocumentedRequest;
  readonly response: Shape;
}

const FIXTURE = join(import.meta.dirname, '../fixtures/smartassist/shapes.json');
export const DOCUMENTED: readonly Documented[] = JSON.parse(readFileSync(FIXTURE, 'utf8')).answers;

export function documented(operation: string): Documented {
  const found = DOCUMENTED.find((each) => each.operation === operation);
  if (found === undefined) throw new Error(`no shape of ${operation}`);
  return found;
}

/** The fields of an answer; of a list's answer those of one entry. */
export function fieldsOf(shape: Shape): string[] {
  const entry = Array.isArray(shape) ? shape[0] : ((shape as { results?: Shape[] }).results?.[0] ?? shape);
  return Object.keys(entry as object).filter((field) => field !== '_absent');
}

/** Where a value differs from a shape, each place by its path: a field too many, a field that lacks, another type. */
export function differencesFrom(shape: Shape, value: unknown, at = 'answer'): string[] {
  if (typeof shape === 'string')
    return isOf(shape, value) ? [] : [`${at}: is ${kindOf(value)}, not ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${at}: is ${kindOf(value)}, not a list`];
    const [element] = shape as readonly Shape[];
    return element === undefined
      ? []
      : value.flatMap((each, index) => differencesFrom(element, each, `${at}[${index}]`));
  }
  if (kindOf(value) !== 'object') return [`${at}: is ${kindOf(value)}, not an object`];
  const fields = shape as { readonly [field: string]: Shape };
  const present = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(fields).filter((field) => field !== '_absent');
  return [
    ...Object.keys(present)
      .filter((field) => !known.includes(field) && present[field] !== undefined)
      .map((field) => `${at}.${field}: is in no sample`),
    ...known.flatMap((field) => {
      const of = fields[field] as Shape;
      if (present[field] !== undefined) return differencesFrom(of, present[field], `${at}.${field}`);
      return typeof of === 'string' && of.includes('may lack') ? [] : [`${at}.${field}: lacks`];
    }),
  ];
}

/** A value of a shape, all of it invented. `few`: without what may lack. */
export function sampleOf(shape: Shape, few = false, name = ''): unknown {
  if (typeof shape === 'string') return invented(shape, name);
  if (Array.isArray(shape)) return (shape as readonly Shape[]).map((element) => sampleOf(element, few, name));
  return Object.fromEntries(
    Object.entries(shape as { readonly [field: string]: Shape })
      .filter(
        ([field, of]) => field !== '_absent' && !(few && typeof of === 'string' && of.includes('may lack')),
      )
      .map(([field, of]) => [field, sampleOf(of, few, field)]),
  );
}

function invented(type: string, name: string): unknown {
  switch (type.split(/[ ,:]/)[0]) {
    case 'string':
      return name === 'emailId' ? 'ada@example.com' : name === 'id' ? 'a-1' : `some ${name}`;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return 5;
  }
}

function isOf(type: string, value: unknown): boolean {
  if (value === null) return type.includes('or null');
  const kind = kindOf(value);
  switch (type.split(/[ ,:]/)[0]) {
    case 'array':
      return kind === 'array';
    case 'number':
      return kind === 'number';
    case 'integer':
      return Number.isInteger(value);
    default:
      return kind === type.split(/[ ,:]/)[0];
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
