import { beginningOf, endOf } from '../../runtime/days.ts';
import { readTime } from '../../runtime/time.ts';
import type { Person } from '../../scim-core/person.ts';
import type { Rule } from '../../tenant/configuration.ts';
import { isTimeZone, UTC } from '../../tenant/trust/time-zone.ts';
import { type Draft, report } from '../desired/draft.ts';
import { quoted } from '../values/quoted.ts';
import type { Dated } from './when.ts';

/** Where the person works: as the person says, else as the tenant does. */
export function zoneOf({ timezone }: Person, timeZone: string | undefined): string {
  return typeof timezone === 'string' && isTimeZone(timezone) ? timezone : (timeZone ?? UTC);
}

/** Whether a rule that is for the person holds at this time; its dates are noted. */
export function isInForce(
  { name, from, until }: Pick<Rule, 'name' | 'from' | 'until'>,
  draft: Draft,
): boolean {
  const { at, zone } = draft.when;
  const begin = from === undefined ? undefined : firstMoment(from, zone);
  if (begin !== undefined && begin > at) {
    draft.dates.push({ rule: name, is: 'not yet', at: begin });
    return false;
  }
  const end = until === undefined ? undefined : lastMoment(until, zone);
  if (end === undefined) return true;
  draft.dates.push({ rule: name, is: end > at ? 'now' : 'over', at: end });
  return end > at;
}

interface Ending {
  readonly skill: string;
  readonly until?: string;
}

/** The skills that have not ended, without their last days, which SmartAssist doesn't know. */
export function withoutEnded(entries: readonly unknown[], rule: string, draft: Draft): unknown[] {
  const { at, zone } = draft.when;
  return entries.flatMap((entry) => {
    const { until, ...skill } = entry as Ending;
    if (until === undefined) return [entry];
    const end = lastMoment(until, zone);
    if (end === undefined) {
      const message = `rule "${rule}": ${quoted(until)} is no day on which skill ${quoted(skill.skill)} ends (until); a day is written 2027-03-31`;
      report(draft, 'skills', message, rule);
      return [];
    }
    draft.dates.push({ rule, skill: skill.skill, is: end > at ? 'now' : 'over', at: end });
    return end > at ? [skill] : [];
  });
}

function firstMoment(date: string, zone: string): number | undefined {
  const time = readTime(date);
  return time?.is === 'day' ? beginningOf(time.day, zone) : time?.at;
}

/** Providers write a day as midnight in UTC, too. */
function lastMoment(date: string, zone: string): number | undefined {
  const time = readTime(date.trim().replace(/T00:00:00(\.0+)?Z$/, ''));
  return time?.is === 'day' ? endOf(time.day, zone) : time?.at;
}

/** When the mapping of a person changes by itself the next time, epoch milliseconds; undefined for never. */
export function nextChange(dates: readonly Dated[] = []): number | undefined {
  const ahead = dates.filter(({ is }) => is !== 'over').map(({ at }) => at);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

/** As explanations say it. */
export function datedText({ rule, skill, is, at }: Dated): string {
  const what = skill === undefined ? `rule "${rule}"` : `skill ${skill} of rule "${rule}"`;
  const words = { 'not yet': 'counts from', now: 'counts until', over: 'counts no more since' } as const;
  return `${what} ${words[is]} ${new Date(at).toISOString()}`;
}
