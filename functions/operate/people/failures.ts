import type { ReasonCode } from '../../directory/people/listed.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { reasonCodeOf, sinceOf } from '../../provision/listed.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { REASON_CODES, reasonOf } from './reasons.ts';

/** People who failed for one reason. */
export interface FailureGroup {
  readonly reason: ReasonCode;
  readonly count: number;
  readonly text: string;
  readonly remedy?: string;
  /** ISO 8601: since when the one has failed who has longest. */
  readonly since: string;
  /** How many by field of the agent, and by rule: most first. */
  readonly fields: readonly Tally[];
  readonly rules: readonly Tally[];
  /** What is said of several of them word for word, most first: one mistake in a rule shows here. */
  readonly messages: readonly Tally[];
  readonly examples: readonly { readonly id: string; readonly userName: string; readonly message: string }[];
}

export interface Tally {
  readonly name: string;
  readonly count: number;
}

export interface Failures {
  /** Most people first. */
  readonly groups: readonly FailureGroup[];
  /** How many by rule, whatever the reason: most first. */
  readonly rules: readonly Tally[];
  /** How many have failed in all. */
  readonly count: number;
  /** So many were looked at: more are there than are told by reason. */
  readonly isCut: boolean;
}

const PAGE = 1_000;
/** Of one reason no more records are read. */
const MOST = 5_000;
const EXAMPLES = 5;
const SHOWN = 5;

/** All who failed, by reason: how many, what helps, and some of them. Reasons are read side by side. */
export async function listFailures(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): Promise<Failures> {
  const groups = await Promise.all(
    REASON_CODES.map(async (reason) => {
      const records: PersonRecord[] = [];
      let after: string | undefined;
      do {
        const page = await directory.listedPersons(tenant, 'failed', {
          reason,
          limit: PAGE,
          ...compact({ after }),
        });
        records.push(...page.persons);
        after = page.next;
      } while (after !== undefined && records.length < MOST);
      return { group: groupOf(reason, records), isCut: after !== undefined };
    }),
  );
  const found = groups.flatMap(({ group }) => group ?? []).toSorted((a, b) => b.count - a.count);
  const isCut = groups.some((each) => each.isCut);
  const counted = found.reduce((sum, { count }) => sum + count, 0);
  return {
    groups: found,
    rules: sum(found.flatMap(({ rules }) => rules)),
    count: isCut ? Math.max(counted, await directory.countListed(tenant, 'failed')) : counted,
    isCut,
  };
}

function groupOf(reason: ReasonCode, records: readonly PersonRecord[]): FailureGroup | undefined {
  // The index is a moment behind: who was retried meanwhile has failed no more.
  const failed = records.filter((record) => record.state === 'failed' && reasonCodeOf(record) === reason);
  if (failed.length === 0) return undefined;
  const { text, remedy } = reasonOf(reason);
  const messages = tally(failed.flatMap(({ attempts }) => attempts.lastError?.message ?? []));
  return {
    reason,
    count: failed.length,
    text,
    ...compact({ remedy }),
    since: failed.map(sinceOf).reduce((a, b) => (a < b ? a : b)),
    fields: tally(failed.flatMap(({ attempts }) => attempts.lastError?.fields ?? [])),
    rules: tally(failed.flatMap(({ attempts }) => attempts.lastError?.rules ?? [])),
    messages: messages.filter(({ count }) => count > 1).slice(0, SHOWN),
    examples: failed.slice(0, EXAMPLES).map(({ id, person, attempts }) => ({
      id,
      userName: person.userName,
      message: attempts.lastError?.message ?? '',
    })),
  };
}

function tally(names: readonly string[]): Tally[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function sum(tallies: readonly Tally[]): Tally[] {
  return tally(tallies.flatMap(({ name, count }) => new Array<string>(count).fill(name)));
}
