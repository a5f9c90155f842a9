import { PROFICIENCIES } from '../tenant/configuration.ts';
import type { DesiredAgent } from './desired.ts';

type Proficiency = (typeof PROFICIENCIES)[number];

/** Lists of skills, languages and queues as sets: one entry a name, the higher proficiency wins. */

export const mergeSkills = (
  before: NonNullable<DesiredAgent['skills']>,
  added: NonNullable<DesiredAgent['skills']>,
) => mergeBy(before, added, ({ skill }) => skill.toLowerCase(), higher);

export const mergeLanguages = (
  before: NonNullable<DesiredAgent['chat.languages']>,
  added: NonNullable<DesiredAgent['chat.languages']>,
) => mergeBy(before, added, ({ language }) => language.toLowerCase(), higher);

export const mergeQueues = (
  before: NonNullable<DesiredAgent['queues']>,
  added: NonNullable<DesiredAgent['queues']>,
) =>
  mergeBy(
    before,
    added,
    ({ queue }) => queue.toLowerCase(),
    (first, second) => (second.preferred === true ? second : first),
  );

/** Keeps the order of first appearance. */
function mergeBy<T>(
  before: readonly T[],
  added: readonly T[],
  key: (entry: T) => string,
  choose: (first: T, second: T) => T,
): T[] {
  const merged = new Map<string, T>();
  for (const entry of [...before, ...added]) {
    const present = merged.get(key(entry));
    merged.set(key(entry), present === undefined ? entry : choose(present, entry));
  }
  return [...merged.values()];
}

function higher<T extends { proficiency: Proficiency }>(first: T, second: T): T {
  return PROFICIENCIES.indexOf(second.proficiency) > PROFICIENCIES.indexOf(first.proficiency)
    ? second
    : first;
}
