import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { once } from '../runtime/once.ts';
import { type ApiGeneration, PROFICIENCIES } from './vocabulary.ts';

/**
 * The body of Create an Agent, in both generations of the API. Strict: a field that isn't here is never sent, so none
 * of those that the server manages (`id`, `userId`, `orgId`, timestamps …) can slip in.
 *
 * Source: "Create an Agent", body parameters and samples; newer fields from the AI for Service documentation.
 */

/** Characters as a person counts them, not UTF-16 units. */
const atMost = (characters: number) =>
  z.string().check(
    z.minLength(1),
    z.refine((value) => [...value].length <= characters, { message: `is over ${characters} characters` }),
  );

/** RFC 5321 section 4.5.3.1.3, less the angle brackets. */
const MAX_EMAIL = 254;
/** No field is documented to be that long; a text without a limit of its own is refused beyond it. */
const MAX_TEXT = 1000;
const text = once(() => z.string().check(z.minLength(1), z.maxLength(MAX_TEXT)));
const name = once(() => z.string().check(z.minLength(1)));
const phoneNumber = once(() => text().check(z.regex(/^\d+$/, 'must be digits only')));

const fields = once(() => {
  // The words of what is wrong.
  z.config(en());
  const capacity = z.optional(z.int().check(z.gte(0), z.lte(15)));
  const flag = z.optional(z.boolean());
  const language = z.strictObject({
    language: text(),
    proficiency: z.enum(PROFICIENCIES),
    isActive: flag,
  });
  return {
    emailId: z.pipe(z.string().check(z.maxLength(MAX_EMAIL)), z.email()),
    firstName: atMost(50),
    lastName: atMost(50),
    nickName: z.optional(atMost(50)),
    phoneNumber: z.optional(phoneNumber()),
    profImage: z.optional(text()),
    customId: z.string().check(z.regex(/^[a-z0-9]{1,15}$/)),
    agentGroupId: name(),
    roleId: z.optional(name()),
    canSupportChat: z.boolean(),
    canSupportVoice: z.boolean(),
    chatLanguageSupport: z.array(language),
    voiceLanguageSupport: z.array(language),
    skills: z.array(z.strictObject({ skillId: name(), proficiencyLevel: z.enum(PROFICIENCIES) })),
    queues: z.array(z.strictObject({ id: name(), isPreferredAgent: flag })),
    desktopLayouts: z.optional(z.array(z.strictObject({ id: name(), isDefault: flag }))),
    createDefaultLayoutAndAssign: flag,
    maxChatSupport: capacity,
    maxDigitalChatSupport: capacity,
    maxEmailChatSupport: capacity,
    maxMessagingChatSupport: capacity,
    callRegion: z.optional(z.string().check(z.regex(/^[A-Z]{2}$/))),
    status: z.optional(z.literal('ACTIVE')),
    attachmentsEnabled: flag,
    emojisEnabled: flag,
    agentAffinity: flag,
  };
});

type Fields = z.output<z.ZodMiniObject<ReturnType<typeof fields>>>;

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
  Schema extends z.ZodMiniType<
    Pick<Fields, 'canSupportChat' | 'canSupportVoice' | 'chatLanguageSupport' | 'voiceLanguageSupport'>
  >,
>(schema: Schema) {
  return schema.check(
    z.refine((payload) => payload.canSupportChat || payload.canSupportVoice, {
      ...always,
      message: 'no channel is on: chat or voice must be',
    }),
    z.refine(languageFor('canSupportChat', 'chatLanguageSupport'), {
      ...always,
      path: ['chatLanguageSupport'],
      message: NO_LANGUAGE,
    }),
    z.refine(languageFor('canSupportVoice', 'voiceLanguageSupport'), {
      ...always,
      path: ['voiceLanguageSupport'],
      message: NO_LANGUAGE,
    }),
  );
}

/** `smartassist`: as the starting page has it; `ai-for-service`: as the newest documentation has it. */
const PROFILES = {
  smartassist: (own: Own) =>
    withChannels(z.strictObject({ ...own, ...fields(), phoneNumber: phoneNumber() })),
  'ai-for-service': (own: Own) => withChannels(z.strictObject({ ...own, ...fields(), roleId: name() })),
} satisfies Record<ApiGeneration, (own: Own) => z.ZodMiniType>;

export type AgentPayload = z.output<ReturnType<(typeof PROFILES)[ApiGeneration]>>;

/** Fields of a tenant's own: plain values or lists of them. */
const customValue = once(() => {
  const scalar = z.union([text(), z.number(), z.boolean()]);
  return z.optional(z.union([scalar, z.array(scalar)]));
});
type Own = Readonly<Record<string, ReturnType<typeof customValue>>>;

const made = new Map<string, z.ZodMiniType<AgentPayload>>();

/** The schema of a tenant: exactly the fields of its own are let through beside the known ones. */
export function payloadSchema(
  profile: ApiGeneration,
  custom: readonly string[] = [],
): z.ZodMiniType<AgentPayload> {
  const key = [profile, ...custom].join(' ');
  let schema = made.get(key);
  if (schema === undefined) {
    const own: Own = Object.fromEntries(custom.map((name) => [name, customValue()]));
    schema = PROFILES[profile](own);
    made.set(key, schema);
  }
  return schema;
}
