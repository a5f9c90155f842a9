import { ScimInputError } from '../scim-core/error.ts';
import { assertDepth } from '../scim-core/resource/bounds.ts';
import { Rejection } from './rejection.ts';

/** How a provider writes its bodies. */
export type Format = 'json' | 'json-or-nothing' | 'form' | 'json-or-form' | 'json-or-lines' | 'xml';

/**
 * Reads a body that has been verified. What comes out is plain JSON, an object or a list, whatever the format; null for
 * a body that is empty and may be.
 *
 * @throws Refusal `malformed-body`
 */
export async function parseBody(
  body: Buffer,
  contentType: string | undefined,
  format: Format,
): Promise<unknown> {
  if (format === 'json-or-nothing' && body.length === 0) return null;
  const value = await parse(body, contentType, format);
  if (typeof value === 'object' && value !== null) return value;
  throw new Rejection('malformed-body', 'The body is neither an object nor a list.');
}

async function parse(body: Buffer, contentType: string | undefined, format: Format): Promise<unknown> {
  switch (format) {
    case 'json':
    case 'json-or-nothing':
      return parseJson(body);
    case 'form':
      return parseForm(body);
    case 'json-or-form':
      return /^application\/x-www-form-urlencoded/i.test(contentType ?? '')
        ? parseForm(body)
        : parseJson(body);
    case 'json-or-lines':
      return parseLines(body);
    case 'xml': {
      // Loaded when it is needed: one provider speaks XML.
      const { parseXml } = await import('./xml.ts');
      return parseXml(textOf(body));
    }
  }
}

/** @throws Refusal `malformed-body` for what isn't JSON in UTF-8, or is nested too deep */
export function parseJson(body: Buffer): unknown {
  return jsonOf(textOf(body), 'The body is not valid JSON.');
}

/** One JSON value, or one a line: an array in either case. */
function parseLines(body: Buffer): unknown {
  const text = textOf(body).trim();
  try {
    return jsonOf(text, '');
  } catch {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line, index) => jsonOf(line, `Line ${index + 1} of the body is not valid JSON.`));
  }
}

const MAX_FIELDS = 1_000;

/** `a[b][0]=c` becomes `{"a": {"b": ["c"]}}`, as PHP writes forms. */
function parseForm(body: Buffer): unknown {
  const root: Record<string, unknown> = {};
  const fields = [...new URLSearchParams(textOf(body))];
  if (fields.length === 0 || fields.length > MAX_FIELDS) {
    throw new Rejection('malformed-body', `The form has ${fields.length} fields.`);
  }
  for (const [name, value] of fields) {
    const steps = name.split('[').map((step) => step.replace(/\]$/, ''));
    let holder = root;
    for (const step of steps.slice(0, -1)) {
      const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
      const inner = typeof next === 'object' && next !== null ? next : Object.create(null);
      define(holder, step, inner);
      holder = inner as Record<string, unknown>;
    }
    define(holder, steps.at(-1) ?? '', value);
  }
  return withLists(root);
}

/** Defined and not assigned, so that a field named __proto__ is a field. */
function define(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Objects whose names are 0, 1, 2… are lists. */
function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value);
  const inner = names.map((name) => withLists((value as Record<string, unknown>)[name]));
  if (names.length > 0 && names.every((name, index) => name === String(index))) return inner;
  const result = {};
  names.forEach((name, index) => {
    define(result, name, inner[index]);
  });
  return result;
}

function jsonOf(text: string, message: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Rejection('malformed-body', message);
  }
  try {
    assertDepth(value);
  } catch (error) {
    if (error instanceof ScimInputError) throw new Rejection('malformed-body', error.message);
    throw error;
  }
  return value;
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Rejection('malformed-body', 'The body is not text in UTF-8.');
  }
}
