import * as z from 'zod/mini';
import type { Directory } from '../../directory/directory.ts';
import { type DocumentForm, readForm } from '../../directory/documents.ts';
import type { Membership } from '../../directory/group.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { Mapping } from '../../mapping/compile.ts';
import { once } from '../../runtime/once.ts';
import { type Plan, withGroups } from '../plan.ts';
import { type RuleTally, tallySchema } from '../remap-jobs.ts';

export const NO_TALLY: RuleTally = { persons: 0, wanted: 0, rules: {} };

const countsSchema = once(() =>
  z.extend(tallySchema(), {
    /** ISO 8601: when everybody had been looked at. */
    at: z.string(),
    /** Digest of the mapping that they were mapped with. */
    mapping: z.string(),
    /** Since when the rules of that mapping that are for nobody have been so, as far as it was counted: ISO 8601. */
    emptySince: z.record(z.string(), z.string()),
  }),
);
export type RuleCounts = z.output<ReturnType<typeof countsSchema>>;

const COUNTS: DocumentForm<RuleCounts | undefined> = {
  name: 'rule-counts',
  parse: (stored) => (stored === undefined ? undefined : countsSchema().parse(stored)),
};

/** What the last look at everybody counted; undefined before the first one ended. */
export function readRuleCounts(
  directory: Pick<Directory, 'readDocument'>,
  tenant: string,
): Promise<RuleCounts | undefined> {
  return readForm(directory, tenant, COUNTS);
}

/** The tally with one more person. */
export function tallied(
  { persons, wanted, rules }: RuleTally,
  mapping: Mapping,
  record: PersonRecord,
  {
    groups,
    plan,
    at,
  }: { readonly groups: readonly Membership[]; readonly plan: Plan | undefined; readonly at: number },
): RuleTally {
  const person = withGroups(record.person, groups);
  if (!mapping.wants(person)) return { persons: persons + 1, wanted, rules };
  const { rules: held = [] } = plan?.kind === 'agent' ? plan.mapped : mapping.map(person, undefined, at);
  const counts = { ...rules };
  for (const name of new Set(held)) counts[name] = (counts[name] ?? 0) + 1;
  return { persons: persons + 1, wanted: wanted + 1, rules: counts };
}

/**
 * Keeps what a look at everybody has counted.
 *
 * @param names of all rules of the mapping
 * @param at ISO 8601
 */
export async function keepRuleCounts(
  directory: Pick<Directory, 'readDocument' | 'writeDocument'>,
  tenant: string,
  tally: RuleTally,
  {
    names,
    mapping,
    at,
  }: { readonly names: readonly string[]; readonly mapping: string; readonly at: string },
): Promise<void> {
  const before = await readRuleCounts(directory, tenant);
  const empty = names.filter((name) => tally.rules[name] === undefined);
  const emptySince = Object.fromEntries(empty.map((name) => [name, before?.emptySince[name] ?? at]));
  await directory.writeDocument(tenant, COUNTS.name, { ...tally, at, mapping, emptySince });
}
