import * as z from 'zod';
import type { PayloadField } from '../../../functions/smartassist/fields.ts';
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
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
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

/** Every field that a client may set in a record, in either generation. */
export const BODY_FIELDS = Object.keys(smartassist.shape);

export type AgentBody = z.infer<typeof smartassist> | z.infer<typeof aiForService>;

/**
 * An update is the whole record, so it carries what the server wrote into the record as well: inside the arrays that is
 * dropped here, at the top the record decides. What somebody wrote into the record by hand has to go back as it is, so
 * the fields that a form may leave empty or otherwise are taken as they come.
 */
function updateSchema(profile: Profile) {
  return z.looseObject({
    ...createSchemas[profile].shape,
    phoneNumber: z.union([z.string(), z.int().transform(String)]).optional(),
    customId: z.union([z.literal(''), createSchemas[profile].shape.customId]),
    status: z.string().optional(),
    agentGroupId: z.string(),
    roleId: z.string(),
    chatLanguageSupport: z.array(language.strip()),
    voiceLanguageSupport: z.array(language.strip()),
    skills: z.array(skill.strip()),
    queues: z.array(queue.strip()),
    desktopLayouts: z.array(layout.strip()),
    id: z.string(),
    userId: z.string(),
    accountId: z.string(),
    orgId: z.string(),
    iId: z.string(),
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
  customFields: readonly string[],
): AgentBody {
  const own = Object.fromEntries(customFields.map((name) => [name, z.unknown().optional()]));
  const known = createSchemas[profile];
  const body: AgentBody = read(
    text,
    customFields.length === 0 ? known : z.strictObject({ ...own, ...known.shape }),
  );
  checkSemantics(body, catalogue);
  return body;
}

/** What an update asks for; which further fields it may carry is for the record to say. */
export function readUpdate(text: string, profile: Profile, catalogue: CatalogueSeed): UpdateBody {
  const body = read(text, updateSchemas[profile]);
  checkSemantics(body, catalogue);
  return body;
}
