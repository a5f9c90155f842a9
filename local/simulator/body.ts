import * as z from 'zod';
import { Refusal } from './answer.ts';
import type { CatalogueSeed } from './catalogue.ts';

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
});

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
});

const createSchemas = { smartassist, 'ai-for-service': aiForService };

/** Every field that a client may set in a record, in either generation. */
export const BODY_FIELDS = Object.keys(smartassist.shape);

export type AgentBody = z.infer<typeof smartassist> | z.infer<typeof aiForService>;

/**
 * An update is the whole record, so it carries what the server wrote into the record as well: inside the arrays that is
 * dropped here, at the top the record decides.
 */
function updateSchema(profile: Profile) {
  return z.looseObject({
    ...createSchemas[profile].shape,
    phoneNumber: z.union([phoneNumber, z.literal(''), z.int().transform(String)]).optional(),
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

export type UpdateBody = z.infer<ReturnType<typeof updateSchema>>;

/** What a create asks for; throws a refusal that names every field that is wrong. */
export function readCreate(text: string, profile: Profile, catalogue: CatalogueSeed): AgentBody {
  const body: AgentBody = read(text, createSchemas[profile]);
  checkMeaning(body, catalogue);
  return body;
}

/** What an update asks for; which further fields it may carry is for the record to say. */
export function readUpdate(text: string, profile: Profile, catalogue: CatalogueSeed): UpdateBody {
  const body = read(text, updateSchema(profile));
  checkMeaning(body, catalogue);
  return body;
}

/** Text to the schema's type, or a 400 that names the field of each issue. */
export function read<T extends z.ZodType>(text: string, schema: T): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'body: must be JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(
    400,
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${fieldOf([...issue.path, key])}: is not accepted`)
        : [`${fieldOf(issue.path)}: ${issue.message}`],
    ),
  );
}

function fieldOf(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return parts.join('').replace(/^\./, '') || 'body';
}

interface Meaning {
  readonly canSupportChat?: boolean | undefined;
  readonly canSupportVoice?: boolean | undefined;
  readonly chatLanguageSupport?: readonly unknown[] | undefined;
  readonly voiceLanguageSupport?: readonly unknown[] | undefined;
  readonly agentGroupId?: string | undefined;
  readonly roleId?: string | undefined;
  readonly skills?: readonly { readonly skillId: string }[] | undefined;
  readonly queues?: readonly { readonly id: string }[] | undefined;
  readonly desktopLayouts?: readonly { readonly id: string }[] | undefined;
}

/** The rules that need more than one field, or the catalogue. */
function checkMeaning(body: Meaning, catalogue: CatalogueSeed): void {
  const problems: string[] = [];
  if (body.canSupportChat !== true && body.canSupportVoice !== true) {
    problems.push('canSupportChat, canSupportVoice: at least one channel must be on');
  }
  if (body.canSupportChat === true && !body.chatLanguageSupport?.length) {
    problems.push('chatLanguageSupport: needs at least one language, since canSupportChat is on');
  }
  if (body.canSupportVoice === true && !body.voiceLanguageSupport?.length) {
    problems.push('voiceLanguageSupport: needs at least one language, since canSupportVoice is on');
  }
  const known = (field: string, id: string | undefined, ids: readonly string[]) => {
    if (id !== undefined && !ids.includes(id)) problems.push(`${field}: ${id} does not exist`);
  };
  const skillIds = catalogue.skillGroups.flatMap((group) => group.skills.map(({ id }) => id));
  known(
    'agentGroupId',
    body.agentGroupId,
    catalogue.agentGroups.map(({ id }) => id),
  );
  known(
    'roleId',
    body.roleId,
    catalogue.roles.map(({ _id }) => _id),
  );
  body.skills?.forEach((entry, index) => {
    known(`skills[${index}].skillId`, entry.skillId, skillIds);
  });
  body.queues?.forEach((entry, index) => {
    known(
      `queues[${index}].id`,
      entry.id,
      catalogue.queues.map(({ id }) => id),
    );
  });
  body.desktopLayouts?.forEach((entry, index) => {
    known(
      `desktopLayouts[${index}].id`,
      entry.id,
      catalogue.layouts.map(({ id }) => id),
    );
  });
  if (problems.length > 0) throw new Refusal(400, problems);
}
