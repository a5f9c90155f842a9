import { Rejection } from './rejection.ts';
import { assertShape, PROVEN, type Shape } from './shape.ts';

/** How a provider writes its bodies. */
export type Format = 'json' | 'json-or-nothing' | 'form' | 'json-or-form' | 'json-or-lines' | 'xml';

/**
 * Reads a body that has been verified. What comes out is plain JSON, an object or a list, whatever the format; null for
 * a body that is empty and may be.
 *
 * @throws Rejection `malformed-body`
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

/** @throws Rejection `malformed-body` for what isn't JSON in UTF-8, or is of another shape than it may be */
export function parseJson(body: Buffer, shape: Shape = PROVEN): unknown {
  return jsonOf(textOf(body), 'The body is not valid JSON.', shape);
}

/** One JSON value, or one a line: an array in either case. */
function parseLines(body: Buffer): unknown {
  const text = textOf(body).trim();
  try {
    return jsonOf(text, '', PROVEN);
  } catch {
    const lines = text.split('\n', MAX_LINES + 1).filter((line) => line.trim() !== '');
    if (lines.length > MAX_LINES) {
      throw new Rejection('malformed-body', `The body has more than ${MAX_LINES} lines.`);
    }
    const shape = { ...PROVEN, values: Math.floor(PROVEN.values / Math.max(1, lines.length)) };
    return lines.map((line, index) =>
      jsonOf(line, `Line ${index + 1} of the body is not valid JSON.`, shape),
    );
  }
}

const MAX_LINES = 1_000;
const MAX_FIELDS = 1_000;

/** `a[b][0]=c` becomes `{"a": {"b": ["c"]}}`, as PHP writes forms. */
function parseForm(body: Buffer): unknown {
  const root: Record<string, unknown> = {};
  const text = textOf(body);
  // Counted in the text, before an entry is made of each.
  if (text.split('&', MAX_FIELDS + 1).length > MAX_FIELDS) {
    throw new Rejection('malformed-body', `The form has more than ${MAX_FIELDS} fields.`);
  }
  const fields = [...new URLSearchParams(text)];
  if (fields.length === 0) throw new Rejection('malformed-body', 'The form has no fields.');
  for (const [name, value] of fields) {
    const steps = name.split('[', PROVEN.depth + 1).map((step) => step.replace(/\]$/, ''));
    if (steps.length > PROVEN.depth) {
      throw new Rejection('malformed-body', `A field of the form is nested more than ${PROVEN.depth} deep.`);
    }
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

function jsonOf(text: string, message: string, shape: Shape): unknown {
  assertShape(text, shape);
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection('malformed-body', message);
  }
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Rejection('malformed-body', 'The body is not text in UTF-8.');
  }
}
