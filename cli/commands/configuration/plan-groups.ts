import { reasonOf } from '../../../functions/operate/people/reasons.ts';
import type { Foreseen } from '../../../functions/provision/forecast.ts';
import { counted } from '../../output.ts';

/** People who would fail for one reason, in the same fields and by the same rules. */
export interface FailureGroup {
  readonly reason: string;
  readonly fields: readonly string[];
  readonly rules: readonly string[];
  readonly count: number;
  readonly examples: readonly { readonly userName: string; readonly problem: string }[];
}

interface Tally {
  readonly name: string;
  readonly count: number;
}

/** How many change in a field, and by a rule: most first. */
export interface ChangeGroups {
  readonly fields: readonly Tally[];
  readonly rules: readonly Tally[];
}

const EXAMPLES = 3;
/** Groups that people see; programs get all. */
const SHOWN = 20;

/** Gathers failures and changes, one person after the other. */
export class PlanGroups {
  readonly #failures = new Map<
    string,
    { group: Omit<FailureGroup, 'count' | 'examples'>; of: Foreseen[]; count: number }
  >();
  readonly #fields = new Map<string, number>();
  readonly #rules = new Map<string, number>();

  add(foreseen: Foreseen): void {
    const { effect, reason = '', failed = {}, fields = {}, rules = [] } = foreseen;
    if (effect === 'change') {
      for (const field of Object.keys(fields)) increase(this.#fields, field);
      for (const rule of rules) increase(this.#rules, rule);
    }
    if (effect !== 'fail') return;
    const group = { reason, fields: failed.fields ?? [], rules: failed.rules ?? [] };
    const key = JSON.stringify(group);
    const found = this.#failures.get(key) ?? { group, of: [], count: 0 };
    this.#failures.set(key, found);
    found.count += 1;
    if (found.of.length < EXAMPLES) found.of.push(foreseen);
  }

  end(): { readonly failures: readonly FailureGroup[]; readonly changes: ChangeGroups } {
    const failures = [...this.#failures.values()]
      .toSorted((a, b) => b.count - a.count)
      .map(({ group, of, count }) => ({
        ...group,
        count,
        examples: of.map(({ userName, problems = [] }) => ({ userName, problem: problems[0] ?? '' })),
      }));
    return { failures, changes: { fields: sorted(this.#fields), rules: sorted(this.#rules) } };
  }
}

/** A line a group, and one for some of its people. */
export function failureLines(groups: readonly FailureGroup[]): string[] {
  const lines = groups.slice(0, SHOWN).flatMap(({ reason, fields, rules, count, examples }) => {
    const by = rules.length === 0 ? '' : `, by rule ${rules.join(', ')}`;
    const inFields = fields.length === 0 ? '' : ` in ${fields.join(', ')}`;
    return [
      `  ${counted(count, 'person')}: ${reason}${inFields}${by}. ${reasonOf(reason).text}`,
      ...examples.map(({ userName, problem }) => `    ${userName}: ${problem}`),
    ];
  });
  const more = groups.length - SHOWN;
  return more > 0 ? [...lines, `  … and ${more} more groups (--json shows all)`] : lines;
}

export function changeLines({ fields, rules }: ChangeGroups): string[] {
  const line = (what: string, list: readonly Tally[]) =>
    list.length === 0
      ? []
      : [`Changes by ${what}, most first: ${list.map(({ name, count }) => `${name} ${count}`).join(', ')}`];
  return [...line('field', fields), ...line('rule', rules)];
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Tally[] {
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count);
}
