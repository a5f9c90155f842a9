import * as z from 'zod';
import type { FieldKind } from '../../smartassist/fields.ts';
import { languageProblem } from '../language-code.ts';
import { date, name, source, text } from '../text.ts';
import { PROFICIENCIES } from '../vocabulary.ts';

/** Values that rules give, by kind. */

const proficiency = z.union([z.enum(PROFICIENCIES), source]).meta({
  description: 'How well: novice, average, good or expert.',
  examples: ['good'],
});

const languageName = text
  .superRefine((value, context) => {
    const texts: (readonly [string, PropertyKey[]])[] =
      typeof value === 'string'
        ? [[value, []]]
        : [
            ...Object.entries(value.map ?? {}).map(([key, code]) => [code, ['map', key]] as const),
            ...(typeof value.otherwise === 'string' ? [[value.otherwise, ['otherwise']] as const] : []),
          ].map(([code, path]) => [code, [...path]] as const);
    for (const [code, path] of texts) {
      const message = languageProblem(code);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path });
    }
  })
  .meta({
    description: 'Language code as SmartAssist has it.',
    examples: ['en', 'de'],
  });
const language = z
  .strictObject({
    language: languageName,
    proficiency,
    isActive: z
      .boolean()
      .optional()
      .meta({ description: 'false: the agent has the language, and gets no work in it.', examples: [true] }),
  })
  .meta({
    id: 'Language',
    description: 'A language that the agent serves on this channel.',
    examples: [{ language: 'en', proficiency: 'good' }],
  });

const skillName = text.meta({
  description: 'Name of the skill, or Group/Skill where the name is not unique.',
  examples: ['Invoices', 'Billing/Refunds'],
});
const skill = z
  .strictObject({
    skill: skillName,
    proficiency,
    until: z
      .union([date, source])
      .optional()
      .meta({
        description:
          'The last day of the skill, such as that of a certification, where the person works; or where it comes from in the person.',
        examples: [
          '2027-03-31',
          { from: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter' },
        ],
      }),
  })
  .meta({
    id: 'Skill',
    description: 'A skill and how well the agent has it.',
    examples: [{ skill: 'Billing/Refunds', proficiency: 'expert' }],
  });

const queueName = text.meta({ description: 'Name of the queue.', examples: ['Billing'] });
const queue = z
  .union([
    name,
    z.strictObject({
      queue: queueName,
      preferred: z
        .boolean()
        .optional()
        .meta({ description: 'The agent is a preferred one of this queue.', examples: [true] }),
    }),
    source,
  ])
  .transform((value) => (typeof value === 'string' || 'from' in value ? { queue: value } : value))
  .meta({
    id: 'Queue',
    description: 'Name of a queue, or { queue, preferred }.',
    examples: ['Billing', { queue: 'VIP', preferred: true }],
  });

const layoutId = text.meta({
  description: 'Id of the desktop layout; SmartAssist has no list of them.',
  examples: ['ly-59736ed-eaac-40d6-8c5b-db294b10xxxx'],
});
const layout = z
  .union([
    name,
    z.strictObject({
      id: layoutId,
      isDefault: z
        .boolean()
        .optional()
        .meta({ description: 'The layout that the agent starts with.', examples: [true] }),
    }),
    source,
  ])
  .transform((value) => (typeof value === 'string' || 'from' in value ? { id: value } : value))
  .meta({
    id: 'Layout',
    description: 'Id of a desktop layout, or { id, isDefault }.',
    examples: ['ly-59736ed-eaac-40d6-8c5b-db294b10xxxx'],
  });

/** Field names that SmartAssist could have; which of them are taken is known where payloads are made. */
export const customName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'letters, digits and _, a letter first, 64 at most');
const customScalar = z.union([z.string(), z.number(), z.boolean()]);
export const customValue = z.union([customScalar, z.array(customScalar), source]);
export type CustomValue = z.output<typeof customScalar> | z.output<typeof customScalar>[];

/** Names of fields of your own, each with what `of` says about it. */
export const customFields = <Value extends z.ZodType>(of: Value, example: z.input<Value>) =>
  z.record(customName, of).meta({
    description:
      'Fields that this product does not know, sent to SmartAssist as they are, at the top of the body.',
    examples: [{ employeeId: example }],
  });

/** `yes` and `no` are answers: true and false to YAML 1.1, texts to 1.2. */
const ANSWER = /^(yes|no|on|off|true|false|y|n)$/i;
const notRole = (answer: unknown) =>
  `${answer} is an answer, and not the name of a role: write its name, such as Agent or Supervisor; check --live compares it with those of SmartAssist`;
const roleName = z
  .union([name, source], {
    error: ({ input }) => (typeof input === 'boolean' ? notRole(input) : undefined),
  })
  .refine((value) => typeof value !== 'string' || !ANSWER.test(value), {
    error: ({ input }) => notRole(input),
  });

/** How a value of each kind is written in a rule; undefined for what comes from the person alone. */
export const RULE_VALUES: { readonly [Kind in FieldKind]: z.ZodType | undefined } = {
  email: undefined,
  name: text,
  text,
  digits: undefined,
  region: z.union([z.string().regex(/^[A-Z]{2,3}$/, 'two or three capital letters, such as DE'), source]),
  agentGroup: text,
  role: roleName,
  skills: z.array(skill),
  queues: z.array(queue),
  channel: z.boolean(),
  languages: z.array(language),
  layouts: z.array(layout),
  defaultLayout: z.boolean(),
  capacity: z.int().min(0).max(15),
  flag: z.boolean(),
  active: z.literal('ACTIVE'),
  customId: undefined,
};

/** How an entry of a list is called where it is taken away; undefined for what is no list. */
export const ENTRY_NAMES: {
  readonly [Kind in FieldKind]?: { readonly name: typeof text; readonly example: string };
} = {
  skills: { name: skillName, example: 'Billing/Refunds' },
  queues: { name: queueName, example: 'VIP' },
  languages: { name: languageName, example: 'de' },
  layouts: { name: layoutId, example: 'ly-59736ed-eaac-40d6-8c5b-db294b10xxxx' },
};
