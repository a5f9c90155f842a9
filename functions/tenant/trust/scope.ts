import * as z from 'zod';

const name = z.string().trim().min(1);
const names = z.array(name).min(1).optional();

/** The `scope` of a source. Of several kinds each has to hold. */
export const scope = z
  .strictObject({
    application: name.optional().meta({
      description:
        'Okta: id or label of the application whose assigned people are meant. Other applications say nothing.',
      examples: ['0oa1gjh63g214q0Hq0g4', 'Contact Centre'],
    }),
    groups: names.meta({
      description: "Groups of the source, by name or by the source's id: members of one of them are meant.",
      examples: [['Contact Centre', 'Contact Centre Billing']],
    }),
    organizationalUnits: names.meta({
      description: 'Google Workspace: organizational units, with those below them, by path.',
      examples: [['/Service']],
    }),
    userTypes: names.meta({
      description:
        'Values of userType that are meant: an employee type or, of an HR system, an employment type.',
      examples: [['Employee', 'Full-Time']],
    }),
    departments: names.meta({
      description: 'Departments that are meant.',
      examples: [['Service', 'Billing']],
    }),
    guests: z
      .boolean()
      .optional()
      .meta({ description: 'Entra ID: false leaves guests out.', examples: [false] }),
  })
  .optional()
  .meta({
    description:
      'Which of the people of the source are meant. Whoever is not is no agent by this source; of several keys each has to hold.',
    examples: [{ groups: ['Contact Centre'] }, { departments: ['Service'], userTypes: ['Employee'] }],
  });
export type Scope = NonNullable<z.output<typeof scope>>;
