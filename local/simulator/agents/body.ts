import * as z from 'zod';
import type { PayloadField } from '../../../functions/smartassist/fields.ts';
import type { Behaviour } from '../behaviour.ts';
import type { CatalogueSeed } from '../catalogue.ts';
import { read } from '../request.ts';
import { checkSemantics } from './semantics.ts';

/** The starting page's generation of the API, and the newest documentation's. */
export type Profile = 'smartassist' | 'ai-for-service';

/** Lengths are documented in characters, so an emoji counts as one. */
const atMost50 = z.string().refine((text) => [...text].length <= 50, 'must be at most 50 characters long');
const name = atMost50.refine((text) => text.trim() !== '', 'must not be empty');
const proficiency = z.enum(['expert', 'novice', 'average', 'good']);
const capacity = z.int().min(0).max(15).optional();
/** How much of it is too much depends on the record: see `updated`. */
const updatedCapacity = z.int().min(0).optional();
/** A text in the request though a number in the answer: so only digits survive the way there and back. */
const phoneNumber = z.string().regex(/^\+?\d{1,15}$/, 'must be a string of digits');
const language = z.strictObject({
  language: z.string().min(1),
  proficiency,
  isActive: z.boolean().optional(),
});
const skill = z.strictObject({ skillId: z.string(), proficiencyLevel: proficiency });
const queue = z.strictObject({ id: z.string(), isPreferredAgent: z.boolean().optional() });
const layout = z.strictObject({ id: z.string(), isDefault: z.boolean().optional() });

const always = {
  emailId: z.email(),
  firstName: name,
  lastName: name,
  nickName: atMost50.optional(),
  profImage: z.string().optional(),
  canSupportChat: z.boolean().optional(),
  canSupportVoice: z.boolean().optional(),
  desktopLayouts: z.array(layout).optional(),
  createDefaultLayoutAndAssign: z.boolean().optional(),
  queues: z.array(queue).optional(),
  maxChatSupport: capacity,
  maxDigitalChatSupport: capacity,
  maxEmailChatSupport: capacity,
  maxMessagingChatSupport: capacity,
  callRegion: z
    .string()
    .regex(/^[A-Z]{2,3}$/, 'must be two or three capital letters')
    .optional(),
  status: z.enum(['ACTIVE']).optional(),
  attachmentsEnabled: z.boolean().optional(),
  emojisEnabled: z.boolean().optional(),
  agentAffinity: z.boolean().optional(),
};

/** Beyond what the two have in common. A field that the product gives and the simulator doesn't know doesn't compile. */
type Further = Readonly<Record<Exclude<PayloadField, keyof typeof always>, z.ZodType>>;

const smartassist = z.strictObject({
  ...always,
  phoneNumber,
  agentGroupId: z.string(),
  chatLanguageSupport: z.array(language),
  voiceLanguageSupport: z.array(language),
  skills: z.array(skill),
  roleId: z.string().optional(),
  customId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,15}$/, 'must be 1 to 15 letters and digits')
    .optional(),
} satisfies Further & Record<keyof typeof always, z.ZodType>);

const aiForService = z.strictObject({
  ...always,
  phoneNumber: phoneNumber.optional(),
  agentGroupId: z.string().optional(),
  chatLanguageSupport: z.array(language).optional(),
  voiceLanguageSupport: z.array(language).optional(),
  skills: z.array(skill).optional(),
  roleId: z.string(),
  customId: z
    .string()
    .regex(/^[^\s\\]{1,64}$/, 'must be 1 to 64 characters without space and backslash')
    .optional(),
} satisfies Further & Record<keyof typeof always, z.ZodType>);

const createSchemas = { smartassist, 'ai-for-service': aiForService };

export type AgentBody = z.infer<typeof smartassist> | z.infer<typeof aiForService>;

/** Entries that the server keeps with more in them than a client is asked for; which of it stays is for the behaviour. */
const skillEntry = z.looseObject(skill.shape);
const queueEntry = z.looseObject(queue.shape);
const group = z.object({ groupId: z.string(), role: z.string() });

/** "Update an agent": ten required fields and 31 optional ones. */
const updateFields = {
  firstName: name,
  lastName: name,
  emailId: z.email(),
  userId: z.string(),
  accountId: z.string(),
  orgId: z.string(),
  roleId: z.string(),
  iId: z.string(),
  id: z.string(),
  agentGroupId: z.string(),
  fullName: z.string().optional(),
  lFullName: z.string().optional(),
  nickName: atMost50.optional(),
  // What was written into the record by hand has to go back as it is.
  phoneNumber: z.union([z.string(), z.int().transform(String)]).optional(),
  isAccountOwner: z.boolean().optional(),
  customId: z.string().optional(),
  agentGroups: z.array(group).min(1).optional(),
  canSupportChat: z.boolean().optional(),
  canSupportCase: z.boolean().optional(),
  canSupportVoiceMail: z.boolean().optional(),
  chatLanguageSupport: z.array(language.strip()).optional(),
  canSupportVoice: z.boolean().optional(),
  voiceLanguageSupport: z.array(language.strip()).optional(),
  attachmentsEnabled: z.boolean().optional(),
  emojisEnabled: z.boolean().optional(),
  createdBy: z.string().optional(),
  status: z.string().optional(),
  createdByAId: z.string().optional(),
  desktopLayouts: z.array(layout.strip()).optional(),
  maxDigitalChatSupport: updatedCapacity,
  maxEmailChatSupport: updatedCapacity,
  maxMessagingChatSupport: updatedCapacity,
  markedAutoAway: z.boolean().optional(),
  dAgentGroups: z.array(z.unknown()).optional(),
  caseLanguageSupport: z.array(z.unknown()).optional(),
  lastOnlineAt: z.string().optional(),
  voiceSupport: z.array(z.unknown()).optional(),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
  queues: z.array(queueEntry).optional(),
  skills: z.array(skillEntry).optional(),
};
export const UPDATE_FIELDS: readonly string[] = Object.keys(updateFields);

/** The starting page asks for the lists as well, empty or not. */
const STARTING_LISTS = {
  chatLanguageSupport: z.array(language.strip()),
  voiceLanguageSupport: z.array(language.strip()),
  skills: z.array(skillEntry),
  queues: z.array(queueEntry),
  desktopLayouts: z.array(layout.strip()),
};

function updateSchema(profile: Profile) {
  return z.looseObject({
    ...updateFields,
    ...(profile === 'smartassist' ? STARTING_LISTS : {}),
    customId: z.union([z.literal(''), createSchemas[profile].shape.customId]),
  });
}

/** Made once: a schema costs more than what it checks. */
const updateSchemas = {
  smartassist: updateSchema('smartassist'),
  'ai-for-service': updateSchema('ai-for-service'),
};

export type UpdateBody = z.infer<ReturnType<typeof updateSchema>>;

/**
 * What a create asks for, fields of the account's own (`customFields`) among it; throws a refusal that names every field
 * that is wrong.
 */
export function readCreate(
  text: string,
  profile: Profile,
  catalogue: CatalogueSeed,
  { customFields, needsChannel }: Pick<Behaviour, 'customFields' | 'needsChannel'>,
): AgentBody {
  const own = Object.fromEntries(customFields.map((name) => [name, z.unknown().optional()]));
  const known = createSchemas[profile];
  const body: AgentBody = read(
    text,
    customFields.length === 0 ? known : z.strictObject({ ...own, ...known.shape }),
  );
  checkSemantics(body, catalogue, needsChannel);
  return body;
}

/** What an update asks for; what fields it may carry beyond those of its table is for the behaviour to say. */
export function readUpdate(text: string, profile: Profile): UpdateBody {
  return read(text, updateSchemas[profile]);
}
