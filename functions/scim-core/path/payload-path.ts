import { quote, ScimInputError } from '../error.ts';
import { parseFilter } from '../filter/filter.ts';
import { compileFilter } from '../filter/match.ts';
import { isObject, type Resource } from '../resource/resource.ts';
import { attribute } from '../schema/attribute.ts';
import type { ResourceKind } from '../schema.ts';

/** Reads the values at a place of a payload; none where there is nothing. */
export type PayloadReader = (payload: unknown) => unknown[];

type Step = (values: unknown[]) => unknown[];

const NAME = /^(?:"((?:[^"\\]|\\.)+)"|([\p{L}\p{N}_$:@-]+))/u;
const COMPARISON = /^(.*\S)\s+(eq|ne|co|sw|ew|gt|ge|lt|le)\s+("(?:[^"\\]|\\.)*"|true|false|null|-?[\d.]+)$/s;

/**
 * Compiles where a value is in the payload of a custom source: the path language that agents have, over any JSON. Names
 * with dots between (in quotes where they have blanks), `[type eq "work"]` for some elements of a list, `|` between
 * places of which the first that has a value counts. A comparison, `status eq "Active"`, reads as true or false.
 *
 * @throws ScimInputError `invalidPath` or `invalidFilter`
 */
export function compilePayloadPath(text: string): PayloadReader {
  const readers = alternativesOf(text).map((each) => compileOne(each.trim()));
  return (payload) => {
    for (const read of readers) {
      const values = read(payload);
      if (values.length > 0) return values;
    }
    return [];
  };
}

function compileOne(text: string): PayloadReader {
  const comparison = COMPARISON.exec(text);
  if (comparison === null) return compileSteps(text);
  const [, path = '', operator = '', literal = ''] = comparison;
  const read = compileSteps(path.trim());
  const filter = `value ${operator} ${literal}`;
  const matches = compileFilter(parseFilter(filter, kindOf(filter)));
  return (payload) => {
    const values = read(payload);
    // About what isn't there nothing is said.
    return values.length === 0 ? [] : [values.some((value) => matches({ value }))];
  };
}

function compileSteps(text: string): PayloadReader {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const name = NAME.exec(rest);
    if (name === null) throw malformed(text, text.length - rest.length);
    steps.push(into((name[1] ?? name[2] ?? '').replace(/\\(.)/g, '$1')));
    rest = rest.slice(name[0].length);
    if (rest.startsWith('[')) {
      const end = closingBracket(rest);
      if (end === -1) throw malformed(text, text.length - rest.length);
      steps.push(selecting(rest.slice(1, end)));
      rest = rest.slice(end + 1);
    }
    if (rest === '') break;
    if (!rest.startsWith('.') || rest === '.') throw malformed(text, text.length - rest.length);
    rest = rest.slice(1);
  }
  if (steps.length === 0) throw malformed(text, 0);
  return (payload) => {
    let values: unknown[] = [payload];
    for (const step of steps) values = step(values);
    return values.flatMap(elements).filter((value) => value !== null && value !== undefined && value !== '');
  };
}

function into(name: string): Step {
  return (values) =>
    values
      .flatMap(elements)
      .flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
}

function selecting(filter: string): Step {
  const matches = compileFilter(parseFilter(filter, kindOf(filter)));
  return (values) =>
    values.flatMap(elements).filter((value) => isObject(value) && matches(value as Resource));
}

const WORD = /[\w$-]+/g;
/** What stands behind the name of an attribute: an operator, and how its literal begins. */
const COMPARED = /\s+(?:(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+("|true|false|-?\d)?|pr\b)/iy;

/** The names that a filter compares, each with how its literal begins: in one walk through the text. */
function* operandsOf(filter: string): Generator<{ name: string; literal: string }> {
  let end = 0;
  for (const { 0: name, index } of filter.matchAll(WORD)) {
    if (index < end) continue;
    COMPARED.lastIndex = index + name.length;
    const compared = COMPARED.exec(filter);
    if (compared === null) continue;
    end = COMPARED.lastIndex;
    yield { name, literal: compared[1] ?? '"' };
  }
}

/** A kind of resource that has just the attributes of a filter, so that SCIM's own filters work over any JSON. */
function kindOf(filter: string): ResourceKind {
  const attributes = [...operandsOf(filter)].map(({ name, literal }) => {
    const type = literal === '"' ? 'string' : /^[tf]/i.test(literal) ? 'boolean' : 'decimal';
    return attribute(name, { type });
  });
  return {
    name: 'User',
    endpoint: '/Users',
    core: { id: 'urn:agent-provisioner:payload', name: 'Payload', description: 'A payload.', attributes },
    extensions: [],
  };
}

function elements(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Cut at bars that stand in no quotes and no brackets. */
function alternativesOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === '[') depth += 1;
    else if (!isQuoted && character === ']') depth -= 1;
    if (character === '|' && !isQuoted && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function closingBracket(text: string): number {
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '"' && text[index - 1] !== '\\') isQuoted = !isQuoted;
    if (text[index] === ']' && !isQuoted) return index;
  }
  return -1;
}

function malformed(text: string, position: number): ScimInputError {
  return new ScimInputError(
    'invalidPath',
    `${quote(text)} is not a path; what is at position ${position} is not understood.`,
    {
      position,
    },
  );
}
