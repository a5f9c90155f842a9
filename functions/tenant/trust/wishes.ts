import * as z from 'zod';
import { PROFICIENCIES, REQUESTED_ENTITLEMENTS } from '../vocabulary.ts';

const list = z.array(
  z
    .enum(REQUESTED_ENTITLEMENTS)
    .meta({ description: 'A field that may be asked for.', examples: ['skills'] }),
);

/** The `wishes` of a tenant. */
export const wishes = z
  .union([
    list,
    z
      .record(z.string().trim().min(1), list)
      .meta({ description: 'What each source may ask for, by its name; scim is one.' }),
  ])
  .prefault([])
  .meta({
    description:
      'What the identity provider may ask for after the rules, in the agent extension, in entitlements and in roles: nothing, unless it is listed here.',
    examples: [['skills', 'languages', 'queues'], { scim: ['skills', 'queues'] }],
  });

/** The `entitlements` of a tenant: how what may be asked for is offered. */
export const entitlements = z
  .strictObject({
    proficiency: z
      .enum(['none', 'levels'])
      .prefault('none')
      .meta({
        description: `Whether a skill and a language are offered once (none) or once a proficiency (levels: ${PROFICIENCIES.join(', ')}).`,
        examples: ['levels'],
      }),
    languages: z
      .array(z.string().trim().min(1))
      .optional()
      .meta({
        description: 'Languages that are offered; without it those that the rules name.',
        examples: [['en', 'de', 'fr']],
      }),
  })
  .prefault({})
  .meta({
    description: 'What identity governance sees of the contact centre at /ResourceTypes.',
    examples: [{ proficiency: 'levels', languages: ['en', 'de'] }],
  });
