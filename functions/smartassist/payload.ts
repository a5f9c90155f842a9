import * as z from 'zod';
import { once } from '../runtime/once.ts';
import { type ApiProfile, PROFICIENCIES } from '../tenant/vocabulary.ts';

/**
 * The body of Create an Agent, in both generations of the API. Strict: a field that isn't here is never sent, so none
 * of those that the server manages (`id`, `userId`, `orgId`, timestamps …) can slip in.
 *
 * Source: "Create an Agent", body parameters and samples; newer fields from the AI for Service documentation.
 */

/** Characters as a person counts them, not UTF-16 units. */
const atMost = (characters: number) =>
  z
    .string()
    .min(1)
    .refine((value) => [...value].length <= characters, { message: `is over ${characters} characters` });

/** RFC 5321 section 4.5.3.1.3, less the angle brackets. */
const MAX_EMAIL = 254;
/** No field is documented to be that long; a text without a limit of its own is refused beyond it. */
const MAX_TEXT = 1000;
const text = once(() => z.string().min(1).max(MAX_TEXT));

const fields = once(() => {
  const capacity = z.int().min(0).max(15);
  const language = z.strictObject({
    language: text(),
    proficiency: z.enum(PROFICIENCIES),
    isActive: z.boolean().optional(),
  });
  return {
    emailId: z.string().max(MAX_EMAIL).pipe(z.email()),
    firstName: atMost(50),
    lastName: atMost(50),
    nickName: atMost(50).optional(),
    phoneNumber: text().regex(/^\d+$/, 'must be digits only').optional(),
    profImage: text().optional(),
    customId: z.string().regex(/^[a-z0-9]{1,15}$/),
    agentGroupId: z.string().min(1),
    roleId: z.string().min(1).optional(),
    canSupportChat: z.boolean(),
    canSupportVoice: z.boolean(),
    chatLanguageSupport: z.array(language),
    voiceLanguageSupport: z.array(language),
    skills: z.array(z.strictObject({ skillId: z.string().min(1), proficiencyLevel: z.enum(PROFICIENCIES) })),
    queues: z.array(z.strictObject({ id: z.string().min(1), isPreferredAgent: z.boolean().optional() })),
    desktopLayouts: z
      .array(z.strictObject({ id: z.string().min(1), isDefault: z.boolean().optional() }))
      .optional(),
    createDefaultLayoutAndAssign: z.boolean().optional(),
    maxChatSupport: capacity.optional(),
    maxDigitalChatSupport: capacity.optional(),
    maxEmailChatSupport: capacity.optional(),
    maxMessagingChatSupport: capacity.optional(),
    callRegion: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    status: z.literal('ACTIVE').optional(),
    attachmentsEnabled: z.boolean().optional(),
    emojisEnabled: z.boolean().optional(),
    agentAffinity: z.boolean().optional(),
  };
});

type Fields = z.output<z.ZodObject<ReturnType<typeof fields>>>;

/** The names of the fields that a payload may have. */
export const payloadFields = (): readonly string[] => Object.keys(fields());

/**
 * Fields of an agent's record that the server writes: the dump that the starting page shows as a request has them. And
 * the misspelling of its table, which would look like an e-mail address and be none.
 */
export const SERVER_FIELDS: readonly string[] = [
  ...['id', '_id', 'userId', 'accountId', 'orgId', 'iId', 'streamId', 'createdBy', 'createdAt', 'updatedAt'],
  ...['lastOnlineAt', 'onlineStatus', 'onlineStatusType', 'sipURI', 'iceServers', 'isAccountOwner'],
  ...['agentGroups', 'role', 'fullName', 'lFullName', 'emaiId'],
];

/** Every problem is wanted at once, so these run although a field of the payload may be bad, or missing. */
const always = { when: () => true };
const languageFor =
  (
    channel: 'canSupportChat' | 'canSupportVoice',
    languages: 'chatLanguageSupport' | 'voiceLanguageSupport',
  ) =>
  (payload: Partial<Pick<Fields, typeof channel | typeof languages>>) =>
    !payload[channel] || payload[languages]?.length !== 0;
const NO_LANGUAGE = 'is empty although the channel is on';

/** A channel that is on needs a language, and one channel at least must be on. */
function withChannels<
  Schema extends z.ZodType<
    Pick<Fields, 'canSupportChat' | 'canSupportVoice' | 'chatLanguageSupport' | 'voiceLanguageSupport'>
  >,
>(schema: Schema) {
  return schema
    .refine((payload) => payload.canSupportChat || payload.canSupportVoice, {
      ...always,
      message: 'no channel is on: chat or voice must be',
    })
    .refine(languageFor('canSupportChat', 'chatLanguageSupport'), {
      ...always,
      path: ['chatLanguageSupport'],
      message: NO_LANGUAGE,
    })
    .refine(languageFor('canSupportVoice', 'voiceLanguageSupport'), {
      ...always,
      path: ['voiceLanguageSupport'],
      message: NO_LANGUAGE,
    });
}

/** `smartassist`: as the starting page has it; `ai-for-service`: as the newest documentation has it. */
const PROFILES = {
  smartassist: (own: Own) =>
    withChannels(z.strictObject({ ...own, ...fields(), phoneNumber: fields().phoneNumber.unwrap() })),
  'ai-for-service': (own: Own) =>
    withChannels(z.strictObject({ ...own, ...fields(), roleId: fields().roleId.unwrap() })),
} satisfies Record<ApiProfile, (own: Own) => z.ZodType>;

export type AgentPayload = z.output<ReturnType<(typeof PROFILES)[ApiProfile]>>;

/** Fields of a tenant's own: plain values or lists of them. */
const customValue = once(() => {
  const scalar = z.union([text(), z.number(), z.boolean()]);
  return z.union([scalar, z.array(scalar)]).optional();
});
type Own = Readonly<Record<string, ReturnType<typeof customValue>>>;

const made = new Map<string, z.ZodType<AgentPayload>>();

/** The schema of a tenant: exactly the fields of its own are let through beside the known ones. */
export function payloadSchema(profile: ApiProfile, custom: readonly string[] = []): z.ZodType<AgentPayload> {
  const key = [profile, ...custom].join(' ');
  let schema = made.get(key);
  if (schema === undefined) {
    const own: Own = Object.fromEntries(custom.map((name) => [name, customValue()]));
    schema = PROFILES[profile](own);
    made.set(key, schema);
  }
  return schema;
}
