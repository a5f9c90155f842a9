import * as z from 'zod';

const source = z.string().trim().min(1);

/** The `authority` section of a tenant. */
export const authority = z
  .strictObject({
    inService: z
      .array(source.meta({ description: 'A source, or scim.', examples: ['workday'] }))
      .min(1)
      .optional()
      .meta({
        description:
          'Sources that decide whether a person is in service: out as soon as one says so, back when none does any more. Without it every source and scim.',
        examples: [['workday', 'okta', 'scim']],
      }),
    attributes: z
      .record(z.string(), source)
      .prefault({})
      .meta({
        description:
          'Attribute (SCIM) → the source that gives it; all others come from the first of inService, scim and the sources in their order that has a value.',
        examples: [{ department: 'workday', phoneNumbers: 'okta' }],
      }),
  })
  .optional()
  .meta({
    description: 'Which source decides what.',
    examples: [{ inService: ['workday', 'okta', 'scim'], attributes: { department: 'workday' } }],
  });
