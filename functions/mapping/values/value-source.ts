import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import type { Conversion, Source } from '../../tenant/configuration.ts';
import type { Problem } from '../../tenant/problem.ts';
import type { Complaints } from '../complaints.ts';
import { convert, truncate } from './convert.ts';
import { MAX_EXPRESSION } from './expression.ts';
import { isRegion } from './phone-number.ts';
import { quotedOf } from './quoted.ts';
import { compileAlternatives, type Reader } from './read-path.ts';
import { compileTemplate, isTemplate } from './template.ts';

/** A text that came from the person: where from, and what was made of it. */
export interface Taken {
  readonly value: string;
  readonly path: string;
  readonly as?: string;
}

/** A text of the person that can't be used, and why: left out where the configuration says so, else a problem. */
export type Unusable =
  | { readonly path: string; readonly problem: string }
  | { readonly path: string; readonly leftOut: string };

/** Takes a text from a person: nothing where there is none. */
export type Take = (person: Person) => Taken | Unusable | undefined;

/** Compiles a source. What is wrong with it goes to `complaints`, at `path` or below. */
export function compileValueSource(source: Source, path: Problem['path'], complaints: Complaints): Take {
  const { from, region, otherwise } = source;
  const read = compileReader(from, path, complaints);
  const conversions = source.as === undefined ? [] : [source.as].flat();
  checkRegion(source, conversions, path, complaints);
  const table = compileTable(source.map, path, complaints);
  const isAgentsPhone = path.at(-1) === 'phoneNumber';
  const made = [...conversions, ...(table === undefined ? [] : ['map'])].join(', ');

  return (person) => {
    const found = read(person);
    if (found === undefined) return alternative(from, otherwise);
    const { path } = found;
    let { text } = found;
    const isPhone = isAgentsPhone || PHONE_PATH.test(path);
    for (const conversion of conversions) {
      const converted = convert(text, conversion, region, isPhone);
      if (converted === undefined || (converted === '' && otherwise !== undefined)) {
        return replacement(path, unconverted(conversion, region), otherwise);
      }
      // A text that the conversion leaves nothing of is kept: the limits then say what is wrong with it.
      text = converted || text;
    }
    if (table !== undefined) {
      const entry = table.get(folded(text.trim()));
      if (entry === undefined) {
        return otherwise === undefined
          ? { path, problem: `${quotedOf(path, text)} is not in its map, and it has no otherwise` }
          : alternative(path, otherwise);
      }
      text = entry;
    }
    const value = source.truncate === undefined ? text : truncate(text, source.truncate);
    const as = value === text ? made : [made, 'truncate'].filter(Boolean).join(', ');
    return as === '' ? { value, path } : { value, path, as };
  };
}

function compileReader(from: string, path: Problem['path'], complaints: Complaints): Reader {
  const nothing = () => undefined;
  if (from.length > MAX_EXPRESSION) {
    complaints.add(path, `has ${from.length} characters; ${MAX_EXPRESSION} is the most`);
    return nothing;
  }
  const compile = () =>
    isTemplate(from)
      ? compileTemplate(from, complaints)
      : compileAlternatives({ text: from, begin: 0 }, complaints);
  return complaints.read(path, from, compile, nothing);
}

function checkRegion(
  { region }: Source,
  conversions: readonly Conversion[],
  path: Problem['path'],
  complaints: Complaints,
): void {
  if (region === undefined) return;
  if (!conversions.includes('e164'))
    complaints.add([...path, 'region'], 'means something with as: e164 only');
  else if (!isRegion(region))
    complaints.add([...path, 'region'], `"${region}" is no country with phone numbers${alias(region)}`);
}

/** The official code of a country that has another in everyday life, as UK is GB. */
function alias(region: string): string {
  const official = new Intl.Locale(`und-${region}`).region;
  return official === undefined || official === region ? '' : `. Did you mean "${official}"?`;
}

function compileTable(
  map: Source['map'],
  path: Problem['path'],
  complaints: Complaints,
): ReadonlyMap<string, string> | undefined {
  if (map === undefined) return undefined;
  const table = new Map<string, string>();
  for (const [key, value] of Object.entries(map)) {
    const name = folded(key.trim());
    const present = table.get(name);
    if (present !== undefined && present !== value) {
      complaints.add([...path, 'map', key], 'is there twice: case does not count');
    }
    table.set(name, value);
  }
  return table;
}

const PHONE_PATH = /^phoneNumbers\b/i;

/** What stands for a text that can't be converted. */
function replacement(path: string, reason: string, otherwise: string | null | undefined): Taken | Unusable {
  if (otherwise === undefined) return { path, problem: reason };
  return alternative(path, otherwise) ?? { path, leftOut: reason };
}

function alternative(path: string, otherwise: string | null | undefined): Taken | undefined {
  return typeof otherwise === 'string' ? { value: otherwise, path, as: 'otherwise' } : undefined;
}

/** Says nothing of the value: only phone numbers can fail, and they are in no message. */
function unconverted(conversion: Conversion, region: string | undefined): string {
  const noRegion = conversion === 'e164' ? ', and it has no region for numbers without a country code' : '';
  const country = region === undefined ? noRegion : ` of ${region}`;
  return `the value can't be read as a phone number${country} (${conversion})`;
}
