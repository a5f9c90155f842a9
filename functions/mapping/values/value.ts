import type { Person } from '../../scim-core/person.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { Source } from '../../tenant/configuration.ts';
import type { Problem } from '../../tenant/problem.ts';
import { PROFICIENCIES } from '../../tenant/vocabulary.ts';
import type { Complaints } from '../complaints.ts';
import { quoted } from './quoted.ts';
import { compileValueSource } from './value-source.ts';

/** What a value that a rule takes from the person leaves behind. */
export interface Findings {
  readonly person: Person;
  /** Where values came from. */
  readonly paths: string[];
  readonly problems: string[];
  /** What was left out because it can't be used, as the configuration wants it. */
  readonly warnings: string[];
}

/** A value as a rule has it: the same for all persons, or taken from each person; undefined for no value. */
export type RuleValue =
  | { readonly constant: unknown }
  | { readonly resolve: (findings: Findings) => unknown };

/**
 * Compiles a value of a rule: a text or number as it stands, a source, or a list or entry with sources in it. An entry
 * of which a part has no value is left out as a whole.
 */
export function compileValue(value: unknown, path: Problem['path'], complaints: Complaints): RuleValue {
  if (isSource(value)) return { resolve: compileTaken(value, path, complaints) };
  if (Array.isArray(value)) {
    const entries = value.map((entry, index) => compileValue(entry, [...path, index], complaints));
    // Stryker disable next-line ConditionalExpression: it is only quicker
    if (entries.every(isConstant)) return { constant: value };
    return {
      resolve: (findings) =>
        entries.map((entry) => valueFor(entry, findings)).filter((entry) => entry !== undefined),
    };
  }
  if (isObject(value)) {
    const parts = Object.entries(value).map(
      ([key, part]) => [key, compilePart(key, part, [...path, key], complaints)] as const,
    );
    // Stryker disable next-line ConditionalExpression,ArrowFunction: it is only quicker
    if (parts.every(([, part]) => isConstant(part))) return { constant: value };
    return {
      resolve: (findings) => {
        const entry: Record<string, unknown> = {};
        for (const [key, part] of parts) {
          const resolved = valueFor(part, findings);
          if (resolved === undefined && !isConstant(part)) return undefined;
          entry[key] = resolved;
        }
        return entry;
      },
    };
  }
  return { constant: value };
}

/** What a value is for a person. */
export function valueFor(value: RuleValue, findings: Findings): unknown {
  return 'resolve' in value ? value.resolve(findings) : value.constant;
}

export function isConstant(value: RuleValue): value is { readonly constant: unknown } {
  return 'constant' in value;
}

/** Whether a value of the configuration is taken from the person. */
export function isSource(value: unknown): value is Source {
  return isObject(value) && typeof value.from === 'string';
}

function compileTaken(source: Source, path: Problem['path'], complaints: Complaints) {
  const take = compileValueSource(source, path, complaints);
  return ({ person, paths, problems, warnings }: Findings): string | undefined => {
    const taken = take(person);
    if (taken === undefined) return undefined;
    if ('problem' in taken) {
      problems.push(`${taken.path}: ${taken.problem}`);
      return undefined;
    }
    if ('leftOut' in taken) {
      warnings.push(`${taken.path}: ${taken.leftOut}`);
      return undefined;
    }
    if (!paths.includes(taken.path)) paths.push(taken.path);
    return taken.value;
  };
}

/** A proficiency is one of four words, also where it comes from the person. */
function compilePart(key: string, value: unknown, path: Problem['path'], complaints: Complaints): RuleValue {
  const part = compileValue(value, path, complaints);
  if (key !== 'proficiency' || isConstant(part)) return part;
  return {
    resolve: (findings) => {
      const text = part.resolve(findings);
      if (typeof text !== 'string') return undefined;
      const proficiency = proficiencyOf(text);
      if (proficiency === undefined) findings.problems.push(notProficiency(text));
      return proficiency;
    },
  };
}

/** One of the four proficiencies, in whatever case it is written. */
export function proficiencyOf(text: string) {
  const lower = text.trim().toLowerCase();
  return PROFICIENCIES.find((each) => each === lower);
}

export function notProficiency(text: string): string {
  return `${quoted(text)} is no proficiency; write ${PROFICIENCIES.join(', ')}`;
}
