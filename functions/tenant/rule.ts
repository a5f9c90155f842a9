import * as z from 'zod';
import { readTime } from '../runtime/time.ts';
import { agentRemovals } from './agent/removals.ts';
import { agentLists, agentValues } from './agent/values.ts';
import { date, name } from './text.ts';

/** In UTC: near enough to tell that an end lies before its beginning. */
function begins(date: string): number {
  const time = readTime(date);
  return time?.is === 'day' ? Date.parse(time.day) : (time?.at ?? 0);
}

/** One step of a mapping, as it is written. */
export const rule = z
  .strictObject({
    name: name.meta({ description: 'How the rule is called in explanations.', examples: ['billing'] }),
    when: z
      .string()
      .optional()
      .meta({
        description:
          'SCIM filter over the person and its groups: whom the rule is for. Without it: everybody.',
        examples: [
          'groups.display eq "Contact Centre Billing"',
          'department eq "Sales" and preferredLanguage sw "de"',
        ],
      }),
    from: date.optional().meta({
      description: 'The first day on which the rule counts, where the person works; or a time with its zone.',
      examples: ['2026-12-24'],
    }),
    until: date.optional().meta({
      description: 'The last day on which the rule counts, where the person works; or a time with its zone.',
      examples: ['2027-01-06'],
    }),
    set: agentValues.optional().meta({
      description: 'Replaces what earlier rules gave.',
      examples: [{ agentGroup: 'Billing', role: 'Agent' }],
    }),
    add: agentLists.optional().meta({
      description: 'Adds to what earlier rules gave.',
      examples: [{ skills: [{ skill: 'Billing/Refunds', proficiency: 'expert' }], queues: ['Billing'] }],
    }),
    remove: agentRemovals.optional().meta({
      description: 'Takes away from what earlier rules gave: a field with true, entries of a list by name.',
      examples: [{ queues: ['VIP'], voice: true }],
    }),
    stop: z
      .boolean()
      .optional()
      .meta({ description: 'No rule below this one counts for whom it is for.', examples: [true] }),
  })
  .refine(({ from, until }) => from === undefined || until === undefined || begins(from) <= begins(until), {
    path: ['until'],
    message: 'lies before the from of the same rule',
  })
  .meta({
    description:
      'One step of the mapping; rules apply from top to bottom. In one rule: set, then add, then remove.',
    examples: [{ name: 'billing', when: 'groups.display eq "Billing"', set: { agentGroup: 'Billing' } }],
  });
export type Rule = z.output<typeof rule>;
