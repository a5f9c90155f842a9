import type { ApiGeneration } from './vocabulary.ts';

/**
 * The table of agent fields: every field of an agent that this product gives. The payload's schema, the grammar of
 * provisioner.yaml, what `remove` takes, the words of limits, the type of the desired agent and the building of payloads
 * follow from it. A new field is a row here; what a row can't say (a new kind of value) fails to compile until it is said.
 *
 * Where a field shows is from the AI for Service documentation: a column for each request and answer that has it.
 */

/** Requests and answers about an agent. `starting`: only the starting page's sample of a create has it. */
export type Shape =
  | 'create'
  | 'starting'
  | 'created'
  | 'get'
  | 'list'
  | 'customId'
  | 'update'
  | 'updated'
  | 'deleted';

/** What values look like. */
export interface PayloadValues {
  email: string;
  /** Up to 50 characters. */
  name: string;
  text: string;
  digits: string;
  region: string;
  agentGroup: string;
  role: string;
  skills: { skillId: string; proficiencyLevel: PayloadProficiency }[];
  queues: { id: string; isPreferredAgent?: boolean | undefined }[];
  channel: boolean;
  languages: { language: string; proficiency: PayloadProficiency; isActive?: boolean | undefined }[];
  layouts: { id: string; isDefault?: boolean | undefined }[];
  /** On where no layout is given. */
  defaultLayout: boolean;
  capacity: number;
  flag: boolean;
  active: 'ACTIVE';
  customId: string;
}
type PayloadProficiency = 'novice' | 'average' | 'good' | 'expert';
export type FieldKind = keyof PayloadValues;

export interface FieldRow {
  readonly kind: FieldKind;
  /** What configuration and explanations call it: `chat.capacity` is `capacity` below `chat`. */
  readonly key?: string;
  /** As in "takes … away" and "where … comes from". */
  readonly what?: string;
  /** The `agent` section may name where in the person it comes from. */
  readonly person?: { readonly default?: unknown; readonly examples: readonly unknown[] };
  /** Rules may set it. */
  readonly rule?: { readonly about: string; readonly examples: readonly unknown[] };
  /** Whether a create has to have it, in each generation of the API or in one. */
  readonly required?: true | ApiGeneration;
  readonly in: readonly Shape[];
}
export type FieldTable = Readonly<Record<string, FieldRow>>;

const READ = ['get', 'list', 'customId', 'updated', 'deleted'] as const;
const ALWAYS = ['create', 'created', 'update', ...READ] as const;
const CAPACITIES = ['starting', 'created', 'get', 'customId', 'update'] as const;
const EMAIL = 'emails[primary eq true].value | emails[type eq "work"].value | emails.value | userName';
const PHONE = 'phoneNumbers[primary eq true].value | phoneNumbers[type eq "work"].value | phoneNumbers.value';
const LAYOUT = 'ly-59736ed-eaac-40d6-8c5b-db294b10xxxx';
const ENGLISH = { language: 'en', proficiency: 'good' };
const ENABLED = 'Switches the channel on or off; without it, a channel is on when it has a language.';
const LANGUAGES = 'Languages of the channel; having one switches the channel on.';

export const AGENT_FIELDS = {
  emailId: {
    kind: 'email',
    key: 'emailId',
    what: 'the e-mail address',
    person: { default: EMAIL, examples: [EMAIL] },
    required: true,
    in: ALWAYS,
  },
  firstName: {
    kind: 'name',
    key: 'firstName',
    what: 'the first name',
    person: {
      default: 'name.givenName',
      examples: ['name.givenName | displayName', { from: 'name.givenName', truncate: 50 }],
    },
    required: true,
    in: ALWAYS,
  },
  lastName: {
    kind: 'name',
    key: 'lastName',
    what: 'the last name',
    person: {
      default: 'name.familyName',
      examples: ['name.familyName | userName', { from: 'name.familyName', truncate: 50 }],
    },
    required: true,
    in: ALWAYS,
  },
  nickName: {
    kind: 'name',
    key: 'nickName',
    what: 'the nickname',
    person: { examples: ['nickName', '{name.givenName} {name.familyName}'] },
    rule: { about: 'Nickname, 50 characters at most.', examples: ['Ada'] },
    in: ALWAYS,
  },
  phoneNumber: {
    kind: 'digits',
    key: 'phoneNumber',
    what: 'the phone number',
    person: {
      default: { from: PHONE, as: 'digits' },
      examples: [
        { from: PHONE, as: 'digits' },
        { from: 'phoneNumbers.value', as: 'e164', region: 'DE' },
      ],
    },
    required: 'smartassist',
    in: ALWAYS,
  },
  profImage: {
    kind: 'text',
    key: 'profImage',
    what: 'the profile image',
    person: { examples: ['photos.value'] },
    rule: { about: 'File id of the profile image.', examples: ['5ff233123124'] },
    in: ['starting', 'created', ...READ],
  },
  customId: {
    kind: 'customId',
    key: 'customId',
    what: "the agent's custom id: generated, none or, from the person,",
    person: { examples: ['generated', 'none', 'employeeNumber'] },
    in: ['create', 'get', 'customId', 'update'],
  },
  agentGroupId: {
    kind: 'agentGroup',
    key: 'agentGroup',
    what: 'the agent group',
    person: { examples: [{ from: 'department', map: { Accounts: 'Billing' }, otherwise: null }] },
    rule: { about: 'Name of the agent group.', examples: ['Billing'] },
    required: true,
    in: ['create', 'created', 'update'],
  },
  roleId: {
    kind: 'role',
    key: 'role',
    what: 'the role',
    person: { examples: [{ from: 'title', map: { 'Team Lead': 'Supervisor' }, otherwise: 'Agent' }] },
    rule: { about: 'Name of the role.', examples: ['Agent'] },
    required: 'ai-for-service',
    in: ALWAYS,
  },
  canSupportChat: {
    kind: 'channel',
    key: 'chat.enabled',
    what: 'the switch of the channel',
    rule: { about: ENABLED, examples: [true] },
    required: true,
    in: ALWAYS,
  },
  canSupportVoice: {
    kind: 'channel',
    key: 'voice.enabled',
    what: 'the switch of the channel',
    rule: { about: ENABLED, examples: [true] },
    required: true,
    in: ALWAYS,
  },
  chatLanguageSupport: {
    kind: 'languages',
    key: 'chat.languages',
    what: 'languages',
    rule: { about: LANGUAGES, examples: [[ENGLISH]] },
    required: true,
    in: ALWAYS,
  },
  voiceLanguageSupport: {
    kind: 'languages',
    key: 'voice.languages',
    what: 'languages',
    rule: { about: LANGUAGES, examples: [[ENGLISH]] },
    required: true,
    in: ALWAYS,
  },
  skills: {
    kind: 'skills',
    key: 'skills',
    what: 'skills',
    rule: {
      about:
        'Skills and how well the agent has them; of one that is given twice the higher proficiency counts.',
      examples: [[{ skill: 'Billing/Refunds', proficiency: 'expert' }]],
    },
    required: true,
    in: ALWAYS,
  },
  queues: {
    kind: 'queues',
    key: 'queues',
    what: 'queues',
    rule: {
      about: 'Queues that the agent serves.',
      examples: [['Billing', { queue: 'VIP', preferred: true }]],
    },
    required: true,
    in: ALWAYS,
  },
  desktopLayouts: {
    kind: 'layouts',
    key: 'desktopLayouts',
    what: 'desktop layouts',
    rule: { about: 'Desktop layouts, by id.', examples: [[LAYOUT]] },
    in: ALWAYS,
  },
  createDefaultLayoutAndAssign: {
    kind: 'defaultLayout',
    key: 'createDefaultLayoutAndAssign',
    what: 'the wish for a default layout',
    rule: {
      about:
        'Makes a default layout for the agent; on where no layout is given. Only when the agent is made.',
      examples: [true],
    },
    in: ['create', 'created'],
  },
  maxChatSupport: {
    kind: 'capacity',
    key: 'chat.capacity',
    what: 'the number of chats',
    rule: {
      about: 'Chats at one time, 0 to 15. Set when the agent is made; no update takes it.',
      examples: [3],
    },
    in: ['create', 'created', 'list', 'updated', 'deleted'],
  },
  maxDigitalChatSupport: {
    kind: 'capacity',
    key: 'chat.digitalCapacity',
    what: 'the number of digital conversations',
    rule: { about: 'Digital conversations at one time, 0 to 15.', examples: [3] },
    in: CAPACITIES,
  },
  maxEmailChatSupport: {
    kind: 'capacity',
    key: 'chat.emailCapacity',
    what: 'the number of e-mails',
    rule: { about: 'E-mails at one time, 0 to 15.', examples: [3] },
    in: CAPACITIES,
  },
  maxMessagingChatSupport: {
    kind: 'capacity',
    key: 'chat.messagingCapacity',
    what: 'the number of messaging conversations',
    rule: { about: 'Messaging conversations at one time, 0 to 15.', examples: [3] },
    in: CAPACITIES,
  },
  callRegion: {
    kind: 'region',
    key: 'callRegion',
    what: 'the region of calls',
    person: { examples: [{ from: 'addresses.country', as: 'upper' }] },
    rule: { about: 'Region of calls: two or three capital letters.', examples: ['DE'] },
    in: ['starting', 'created', 'get', 'customId'],
  },
  status: {
    kind: 'active',
    key: 'status',
    what: 'the status',
    rule: { about: 'Sent as it is; SmartAssist documents no other.', examples: ['ACTIVE'] },
    in: ['starting', 'update', ...READ],
  },
  attachmentsEnabled: {
    kind: 'flag',
    key: 'attachmentsEnabled',
    what: 'the switch of attachments',
    rule: { about: 'The agent may send attachments.', examples: [true] },
    in: ['starting', 'created', 'get', 'list', 'customId', 'update'],
  },
  emojisEnabled: {
    kind: 'flag',
    key: 'emojisEnabled',
    what: 'the switch of emojis',
    rule: { about: 'The agent may send emojis.', examples: [true] },
    in: ['starting', 'created', 'get', 'list', 'customId', 'update'],
  },
  agentAffinity: {
    kind: 'flag',
    key: 'agentAffinity',
    what: 'the switch of affinity',
    rule: { about: 'Returning customers go to the same agent.', examples: [true] },
    in: ['starting', 'updated', 'deleted'],
  },
} as const satisfies FieldTable;

export type AgentFields = typeof AGENT_FIELDS;
export type PayloadField = keyof AgentFields;

/** The fields of a table that have a property, such as `key` or `person`. */
type FieldsWith<Property> = {
  [F in PayloadField]: AgentFields[F] extends Property ? F : never;
}[PayloadField];
/** What configuration calls the fields of these kinds. */
export type KeyOfKind<Kind extends FieldKind = FieldKind> = Extract<
  AgentFields[PayloadField],
  { kind: Kind; key: string }
>['key'];
/** What configuration calls the fields that can come from the person's own attributes. */
export type PathField = Extract<AgentFields[FieldsWith<{ person: object }>], { key: string }>['key'];
export type RequiredField = FieldsWith<{ required: true }>;

/** The row behind what configuration calls a field. */
export function rowOfKey(key: string, fields: FieldTable = AGENT_FIELDS): FieldRow | undefined {
  return Object.values(fields).find((row) => row.key === key);
}

/** A create takes it and no update does: a change of it comes into force for agents that are made after it alone. */
export function isSetAtCreationOnly({ in: shapes }: FieldRow): boolean {
  return !shapes.includes('update');
}
