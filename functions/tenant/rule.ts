import * as z from 'zod';
import { agentRemovals } from './agent/removals.ts';
import { agentLists, agentValues } from './agent/values.ts';
import { name } from './text.ts';

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
  .meta({
    description:
      'One step of the mapping; rules apply from top to bottom. In one rule: set, then add, then remove.',
    examples: [{ name: 'billing', when: 'groups.display eq "Billing"', set: { agentGroup: 'Billing' } }],
  });
export type Rule = z.output<typeof rule>;
