import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { once } from '../runtime/once.ts';
import {
  AGENT_FIELDS,
  type AgentFields,
  type FieldKind,
  type FieldRow,
  type FieldTable,
  type PayloadField,
  type PayloadValues,
  type RequiredField,
} from './fields.ts';
import { type ApiGeneration, PROFICIENCIES } from './vocabulary.ts';

/**
 * The body of Create an Agent, in both generations of the API, as the table of agent fields has it. Strict: a field that
 * isn't there is never sent, so none of those that the server manages (`id`, `userId`, `orgId`, timestamps …) can slip in.
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
/** Recommendation ITU-T E.164 section 6.2.1. */
export const MOST_DIGITS = 15;
/** No field is documented to be that long; a text without a limit of its own is refused beyond it. */
const MAX_TEXT = 1000;
const text = once(() => z.string().check(z.minLength(1), z.maxLength(MAX_TEXT)));
const name = once(() => z.string().check(z.minLength(1)));

/** The fields of a payload, by how sure they are to be there. */
export type AgentPayload = { [F in RequiredField]: PayloadValues[AgentFields[F]['kind']] } & {
  [F in Exclude<PayloadField, RequiredField>]?: PayloadValues[AgentFields[F]['kind']] | undefined;
};

const language = once(() =>
  z.strictObject({
    language: text(),
    proficiency: z.enum(PROFICIENCIES),
    isActive: z.optional(z.boolean()),
  }),
);

/** What a value of each kind has to be. */
const KINDS: {
  readonly [Kind in FieldKind]: (profile: ApiGeneration) => z.ZodMiniType<PayloadValues[Kind]>;
} = {
  email: () => z.pipe(z.string().check(z.maxLength(MAX_EMAIL)), z.email()),
  name: () => atMost(50),
  text: () => text(),
  digits: () =>
    text().check(z.regex(/^\d+$/, 'must be digits only'), z.maxLength(MOST_DIGITS, 'has too many digits')),
  // Two letters in most samples, and USA.
  region: () => z.string().check(z.regex(/^[A-Z]{2,3}$/)),
  agentGroup: () => name(),
  role: () => name(),
  skills: () => z.array(z.strictObject({ skillId: name(), proficiencyLevel: z.enum(PROFICIENCIES) })),
  queues: () => z.array(z.strictObject({ id: name(), isPreferredAgent: z.optional(z.boolean()) })),
  channel: () => z.boolean(),
  languages: () => z.array(language()),
  layouts: () => z.array(z.strictObject({ id: name(), isDefault: z.optional(z.boolean()) })),
  defaultLayout: () => z.boolean(),
  capacity: () => z.int().check(z.gte(0), z.lte(15)),
  flag: () => z.boolean(),
  active: () => z.literal('ACTIVE'),
  // An extension number, says the newest documentation; the starting page knows it as a path parameter only.
  customId: (profile) =>
    profile === 'smartassist'
      ? z.string().check(z.regex(/^[A-Za-z0-9]{1,15}$/, 'is not 1 to 15 letters and digits'))
      : z.string().check(z.regex(/^[^\s\\]{1,64}$/, 'is not 1 to 64 characters without space and backslash')),
};

/** `smartassist`: as the starting page has it; `ai-for-service`: as the newest documentation has it. */
const isRequired = ({ required }: FieldRow, profile: ApiGeneration) =>
  required === true || required === profile;

function shapeOf(fields: FieldTable, profile: ApiGeneration): Record<string, z.ZodMiniType> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, row]) => {
      const schema: z.ZodMiniType = KINDS[row.kind](profile);
      return [field, isRequired(row, profile) ? schema : z.optional(schema)];
    }),
  );
}

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
  (payload: Partial<Pick<AgentPayload, typeof channel | typeof languages>>) =>
    !payload[channel] || payload[languages]?.length !== 0;
const NO_LANGUAGE = 'is empty although the channel is on';

/** A channel that is on needs a language, and one channel at least must be on. */
function withChannels(schema: z.ZodMiniType<AgentPayload>): z.ZodMiniType<AgentPayload> {
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

/** Fields of a tenant's own: plain values or lists of them. */
const customValue = once(() => {
  const scalar = z.union([text(), z.number(), z.boolean()]);
  return z.optional(z.union([scalar, z.array(scalar)]));
});

const made = new Map<string, z.ZodMiniType<AgentPayload>>();

/** The schema of a tenant: exactly the fields of its own are let through beside the known ones. */
export function payloadSchema(
  profile: ApiGeneration,
  custom: readonly string[] = [],
  fields: FieldTable = AGENT_FIELDS,
): z.ZodMiniType<AgentPayload> {
  if (fields !== AGENT_FIELDS) return make(profile, custom, fields);
  const key = [profile, ...custom].join(' ');
  let schema = made.get(key);
  if (schema === undefined) {
    schema = make(profile, custom, fields);
    made.set(key, schema);
  }
  return schema;
}

function make(
  profile: ApiGeneration,
  custom: readonly string[],
  fields: FieldTable,
): z.ZodMiniType<AgentPayload> {
  // The words of what is wrong.
  z.config(en());
  const own = Object.fromEntries(custom.map((name) => [name, customValue()]));
  const schema: z.ZodMiniType = z.strictObject({ ...own, ...shapeOf(fields, profile) });
  // The shape is made from the table that the type is made from.
  return withChannels(schema as z.ZodMiniType<AgentPayload>);
}
