import * as z from 'zod';

/**
 * The shape of provisioner.yaml: what an administrator may write, with the words that an editor shows for each key.
 * What names and expressions *mean* is checked by `mapping/compile.ts`; this is the grammar alone.
 */

export const PROFICIENCIES = ['novice', 'average', 'good', 'expert'] as const;
const proficiency = z.enum(PROFICIENCIES).describe('How well: novice, average, good or expert.');

const name = z.string().trim().min(1);

const language = z
  .strictObject({
    language: name.describe('Language code as SmartAssist has it, such as en or de.'),
    proficiency,
    isActive: z.boolean().optional(),
  })
  .describe('A language that the agent serves on this channel.');

const skill = z
  .strictObject({
    skill: name.describe('Name of the skill, or Group/Skill where the name is not unique.'),
    proficiency,
  })
  .describe('A skill and how well the agent has it.');

const queue = z
  .union([name, z.strictObject({ queue: name, preferred: z.boolean().optional() })])
  .transform((value) => (typeof value === 'string' ? { queue: value } : value))
  .describe('Name of a queue, or { queue, preferred }.');

const layout = z
  .union([name, z.strictObject({ id: name, isDefault: z.boolean().optional() })])
  .transform((value) => (typeof value === 'string' ? { id: value } : value))
  .describe('Id of a desktop layout (SmartAssist has no list of them), or { id, isDefault }.');

const capacity = z.int().min(0).max(15).describe('Conversations at one time, 0 to 15.');

const chat = z.strictObject({
  enabled: z.boolean().optional().describe('Switches the channel; on by itself once it has a language.'),
  languages: z.array(language).optional(),
  capacity: capacity.optional(),
  digitalCapacity: capacity.optional(),
  emailCapacity: capacity.optional(),
  messagingCapacity: capacity.optional(),
});

const voice = z.strictObject({
  enabled: z.boolean().optional().describe('Switches the channel; on by itself once it has a language.'),
  languages: z.array(language).optional(),
});

/** What a rule can set: every field of an agent that Create an Agent takes, by name. */
const agentValues = z.strictObject({
  agentGroup: name.optional().describe('Name of the agent group.'),
  role: name.optional().describe('Name of the role.'),
  skills: z.array(skill).optional(),
  queues: z.array(queue).optional(),
  chat: chat.optional().describe('The chat channel: languages and capacities.'),
  voice: voice.optional().describe('The voice channel: languages.'),
  nickName: name.optional(),
  profImage: name.optional().describe('File id of the profile image.'),
  callRegion: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, such as DE')
    .optional(),
  desktopLayouts: z.array(layout).optional(),
  createDefaultLayoutAndAssign: z.boolean().optional(),
  attachmentsEnabled: z.boolean().optional(),
  emojisEnabled: z.boolean().optional(),
  agentAffinity: z.boolean().optional(),
});
export type AgentValues = z.output<typeof agentValues>;

/** What a rule can add: the fields that are lists. */
const agentLists = z.strictObject({
  skills: z.array(skill).optional(),
  queues: z.array(queue).optional(),
  chat: z.strictObject({ languages: z.array(language) }).optional(),
  voice: z.strictObject({ languages: z.array(language) }).optional(),
  desktopLayouts: z.array(layout).optional(),
});
export type AgentLists = z.output<typeof agentLists>;

const rule = z
  .strictObject({
    name: name.describe('How the rule is called in explanations.'),
    when: z
      .string()
      .optional()
      .describe('SCIM filter over the person, such as groups.display eq "Billing"; without it: everyone.'),
    set: agentValues.optional().describe('Replaces what earlier rules gave.'),
    add: agentLists.optional().describe('Adds to what earlier rules gave.'),
  })
  .describe('One step of the mapping; rules apply from top to bottom.');
export type Rule = z.output<typeof rule>;

const source = z
  .union([
    z.string(),
    z.strictObject({
      from: z.string().describe('SCIM path, or several with | between: the first that has a value.'),
      as: z.enum(['digits', 'lower', 'upper', 'trim']).optional(),
    }),
  ])
  .transform((value): { from: string; as?: Conversion | undefined } =>
    typeof value === 'string' ? { from: value } : value,
  )
  .describe('Where a field of the agent comes from: a SCIM path, or { from, as }.');
export type Conversion = 'digits' | 'lower' | 'upper' | 'trim';

/** Fields of an agent that come from the person's own attributes. */
export const PATH_FIELDS = [
  'emailId',
  'firstName',
  'lastName',
  'nickName',
  'phoneNumber',
  'profImage',
  'callRegion',
] as const;
export type PathField = (typeof PATH_FIELDS)[number];

const DEFAULT_PATHS = {
  emailId: 'emails[primary eq true].value | emails[type eq "work"].value | emails.value | userName',
  firstName: 'name.givenName',
  lastName: 'name.familyName',
  phoneNumber: {
    from: 'phoneNumbers[primary eq true].value | phoneNumbers[type eq "work"].value | phoneNumbers.value',
    as: 'digits' as const,
  },
};

const paths = z
  .strictObject({
    emailId: source.prefault(DEFAULT_PATHS.emailId),
    firstName: source.prefault(DEFAULT_PATHS.firstName),
    lastName: source.prefault(DEFAULT_PATHS.lastName),
    phoneNumber: source.prefault(DEFAULT_PATHS.phoneNumber),
    nickName: source.optional(),
    profImage: source.optional(),
    callRegion: source.optional(),
  })
  .prefault({});
export type AgentPaths = z.output<typeof paths>;

export const PROFILES = ['smartassist', 'ai-for-service'] as const;
export type ApiProfile = (typeof PROFILES)[number];

/** A plain http:// address is for a SmartAssist stand-in on the same machine, nothing else. */
const host = z
  .string()
  .trim()
  .transform((value) => value.replace(/\/+$/, ''))
  .refine(
    (value) =>
      /^(https:\/\/)?[a-z0-9.-]+(:\d+)?$/i.test(value) ||
      /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(value),
    { message: 'a host name such as platform.kore.ai, with or without https://' },
  )
  .transform((value) => (/^https?:\/\//i.test(value) ? value : `https://${value}`))
  .describe("The environment's host, such as platform.kore.ai.");

const smartassist = z.strictObject({
  host,
  streamId: z.string().regex(/^st-[\w-]+$/, 'st- and an id, from the General Settings page of the bot'),
  accountId: z
    .string()
    .regex(/^[0-9a-f]{24}$/i, '24 hexadecimal digits')
    .optional(),
  profile: z
    .enum(PROFILES)
    .prefault('smartassist')
    .describe('Which generation of the API: smartassist, or the newer ai-for-service.'),
  secret: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/, 'a name that Secrets Manager allows')
    .describe('Name of the secret in Secrets Manager; never the secret itself.'),
  callsPerMinute: z
    .int()
    .min(1)
    .max(60)
    .prefault(50)
    .describe('How many of the 60 calls a minute that an account has this product may use.'),
  tokenClaims: z
    .strictObject({
      iat: z.boolean().prefault(true),
      exp: z.boolean().prefault(true),
      jti: z.boolean().prefault(true),
    })
    .prefault({})
    .describe('Which optional claims the JWT carries.'),
});
export type SmartAssistSettings = z.output<typeof smartassist>;

const duration = z
  .string()
  .regex(/^\d+[smhd]$/, 'a number and s, m, h or d, such as 1h')
  .transform(
    (value) => Number.parseInt(value, 10) * { s: 1, m: 60, h: 3600, d: 86400 }[value.slice(-1) as 's'],
  );

const lifecycle = z
  .strictObject({
    onDeactivate: z.enum(['suspend', 'ignore']).prefault('suspend'),
    onDelete: z.enum(['suspend', 'remove']).prefault('suspend'),
    drift: z
      .enum(['report', 'repair'])
      .prefault('report')
      .describe('What becomes of managed fields that somebody changed in SmartAssist by hand.'),
    brake: z
      .strictObject({
        percent: z.number().min(0).max(100).prefault(10),
        atLeast: z.int().min(1).prefault(5),
        within: duration.prefault('1h'),
      })
      .prefault({}),
    retentionDays: z.int().min(0).max(3650).prefault(30),
  })
  .prefault({});

export const TENANT_NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NAME_RULE = 'lower-case letters, digits and dashes, 32 at most';

const scim = z
  .strictObject({ profile: z.enum(['auto', 'entra', 'okta', 'generic']).prefault('auto') })
  .prefault({});

const tenant = z.strictObject({
  smartassist,
  scim,
  sources: z
    .record(z.string().regex(TENANT_NAME, NAME_RULE), z.looseObject({ preset: z.string() }))
    .prefault({}),
  lifecycle,
  provisionWhen: z
    .string()
    .prefault('not (active eq false)')
    .describe('SCIM filter over the person: who becomes an agent. Without it: everyone who is active.'),
  agent: paths.describe('Where the fields of an agent come from.'),
  rules: z.array(rule).prefault([]),
});
export type TenantConfiguration = z.output<typeof tenant>;

export const configurationSchema = z.strictObject({
  tenants: z
    .record(z.string().regex(TENANT_NAME, NAME_RULE), tenant)
    .refine((tenants) => Object.keys(tenants).length > 0, { message: 'at least one tenant' }),
});
export type Configuration = z.output<typeof configurationSchema>;
