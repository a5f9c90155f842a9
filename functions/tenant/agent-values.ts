import * as z from 'zod';
import { name, source, text } from './text.ts';
import { PROFICIENCIES } from './vocabulary.ts';

/** What rules give: every field of an agent that Create an Agent takes, by name. */

const proficiency = z.union([z.enum(PROFICIENCIES), source]).meta({
  description: 'How well: novice, average, good or expert.',
  examples: ['good'],
});

export const languageName = text.meta({
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

export const skillName = text.meta({
  description: 'Name of the skill, or Group/Skill where the name is not unique.',
  examples: ['Invoices', 'Billing/Refunds'],
});
const skill = z.strictObject({ skill: skillName, proficiency }).meta({
  id: 'Skill',
  description: 'A skill and how well the agent has it.',
  examples: [{ skill: 'Billing/Refunds', proficiency: 'expert' }],
});

export const queueName = text.meta({ description: 'Name of the queue.', examples: ['Billing'] });
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

export const layoutId = text.meta({
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

const skills = z
  .array(skill)

  .meta({
    description:
      'Skills and how well the agent has them; of one that is given twice the higher proficiency counts.',
    examples: [[{ skill: 'Billing/Refunds', proficiency: 'expert' }]],
  });
const queues = z.array(queue).meta({
  description: 'Queues that the agent serves.',
  examples: [['Billing', { queue: 'VIP', preferred: true }]],
});
const languages = z
  .array(language)

  .meta({
    description: 'Languages of the channel; having one switches the channel on.',
    examples: [[{ language: 'en', proficiency: 'good' }]],
  });
const desktopLayouts = z
  .array(layout)

  .meta({ description: 'Desktop layouts, by id.', examples: [['ly-59736ed-eaac-40d6-8c5b-db294b10xxxx']] });

const capacity = (of: string) =>
  z
    .int()
    .min(0)
    .max(15)
    .optional()
    .meta({ description: `${of} at one time, 0 to 15.`, examples: [3] });
const flag = (description: string) =>
  z
    .boolean()
    .optional()
    .meta({ description, examples: [true] });
const enabled = flag('Switches the channel on or off; without it, a channel is on when it has a language.');

/** Field names that SmartAssist could have; which of them are taken is known where payloads are made. */
export const customName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'letters, digits and _, a letter first, 64 at most');
const customScalar = z.union([z.string(), z.number(), z.boolean()]);
const customValue = z.union([customScalar, z.array(customScalar), source]);
export type CustomValue = z.output<typeof customScalar> | z.output<typeof customScalar>[];

/** Names of fields of your own, each with what `of` says about it. */
export const customFields = <Value extends z.ZodType>(of: Value, example: z.input<Value>) =>
  z.record(customName, of).meta({
    description:
      'Fields that this product does not know, sent to SmartAssist as they are, at the top of the body.',
    examples: [{ employeeId: example }],
  });

/** Replaces what was there before. */
export const agentValues = z.strictObject({
  agentGroup: text.optional().meta({ description: 'Name of the agent group.', examples: ['Billing'] }),
  role: text.optional().meta({ description: 'Name of the role.', examples: ['Agent'] }),
  skills: skills.optional(),
  queues: queues.optional(),
  chat: z
    .strictObject({
      enabled,
      languages: languages.optional(),
      capacity: capacity('Chats'),
      digitalCapacity: capacity('Digital conversations'),
      emailCapacity: capacity('E-mails'),
      messagingCapacity: capacity('Messaging conversations'),
    })
    .optional()
    .meta({
      description: 'The chat channel: languages and capacities.',
      examples: [{ languages: [{ language: 'en', proficiency: 'good' }], capacity: 3 }],
    }),
  voice: z
    .strictObject({ enabled, languages: languages.optional() })
    .optional()
    .meta({
      description: 'The voice channel: languages.',
      examples: [{ languages: [{ language: 'en', proficiency: 'good' }] }],
    }),
  nickName: text.optional().meta({ description: 'Nickname, 50 characters at most.', examples: ['Ada'] }),
  profImage: text
    .optional()
    .meta({ description: 'File id of the profile image.', examples: ['5ff233123124'] }),
  callRegion: z
    .union([z.string().regex(/^[A-Z]{2}$/, 'two capital letters, such as DE'), source])
    .optional()
    .meta({ description: 'Region of calls: two capital letters.', examples: ['DE'] }),
  desktopLayouts: desktopLayouts.optional(),
  createDefaultLayoutAndAssign: flag('Makes a default layout for the agent; on where no layout is given.'),
  status: z
    .literal('ACTIVE')
    .optional()
    .meta({ description: 'Sent as it is; SmartAssist documents no other.', examples: ['ACTIVE'] }),
  attachmentsEnabled: flag('The agent may send attachments.'),
  emojisEnabled: flag('The agent may send emojis.'),
  agentAffinity: flag('Returning customers go to the same agent.'),
  custom: customFields(customValue, '4711').optional(),
});
export type AgentValues = z.output<typeof agentValues>;

/** Added to what was there before: the fields that are lists. */
export const agentLists = z.strictObject({
  skills: skills.optional(),
  queues: queues.optional(),
  chat: z
    .strictObject({ languages })
    .optional()
    .meta({
      description: 'Languages of chat.',
      examples: [{ languages: [{ language: 'de', proficiency: 'expert' }] }],
    }),
  voice: z
    .strictObject({ languages })
    .optional()
    .meta({
      description: 'Languages of voice.',
      examples: [{ languages: [{ language: 'de', proficiency: 'expert' }] }],
    }),
  desktopLayouts: desktopLayouts.optional(),
});
export type AgentLists = z.output<typeof agentLists>;
