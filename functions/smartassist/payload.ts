import * as z from 'zod';
import { type ApiProfile, PROFICIENCIES } from '../tenant/configuration.ts';

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

const language = z.strictObject({
  language: z.string().min(1),
  proficiency: z.enum(PROFICIENCIES),
  isActive: z.boolean().optional(),
});
const capacity = z.int().min(0).max(15);

const fields = {
  emailId: z.email(),
  firstName: atMost(50),
  lastName: atMost(50),
  nickName: atMost(50).optional(),
  phoneNumber: z.string().regex(/^\d+$/, 'must be digits only').optional(),
  profImage: z.string().min(1).optional(),
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
  attachmentsEnabled: z.boolean().optional(),
  emojisEnabled: z.boolean().optional(),
  agentAffinity: z.boolean().optional(),
};

type Fields = z.output<z.ZodObject<typeof fields>>;

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
export const PAYLOAD_SCHEMAS = {
  smartassist: withChannels(z.strictObject({ ...fields, phoneNumber: fields.phoneNumber.unwrap() })),
  'ai-for-service': withChannels(z.strictObject({ ...fields, roleId: fields.roleId.unwrap() })),
} satisfies Record<ApiProfile, z.ZodType>;

export type AgentPayload = z.output<(typeof PAYLOAD_SCHEMAS)[ApiProfile]>;
