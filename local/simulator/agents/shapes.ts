import type { Behaviour } from '../behaviour.ts';
import type { CatalogueSeed } from '../catalogue.ts';
import { listedQueue, listedSkill } from './listed.ts';
import type { AgentRecord } from './record.ts';

/**
 * An agent as each request shows it: no two pages of the documentation agree about its fields. The list has a file of its
 * own, `listed.ts`.
 */

/** What a create or an update never set, as a record shows it all the same. */
const UNSET = {
  nickName: '',
  phoneNumber: '',
  customId: '',
  profImage: 'no-avatar',
  callRegion: 'US',
  canSupportChat: false,
  canSupportVoice: false,
  canSupportCase: false,
  canSupportVoiceMail: false,
  attachmentsEnabled: false,
  emojisEnabled: false,
  markedAutoAway: false,
  isChannelUpdatedByAgent: false,
  internalChatPermission: true,
  maxDigitalChatSupport: 5,
  maxEmailChatSupport: 5,
  maxMessagingChatSupport: 5,
  maxCaseSupport: 5,
  maxTaskSupport: 5,
  maxVoiceMailSupport: 5,
  maxDigitalConvoLimit: 5,
  caseLanguageSupport: [],
  voiceSupport: [],
  dAgentGroups: [],
  cmLayouts: [],
  preferences: { theme: 'light' },
  lastOnlineAt: '',
};

/** Of each list of fields: those that one answer has. */
const COMMON = [
  ...[
    'status',
    'roleId',
    'userId',
    'accountId',
    'createdBy',
    'orgId',
    'lastOnlineAt',
    'createdAt',
    'updatedAt',
  ],
  ...[
    'onlineStatus',
    'onlineStatusType',
    'id',
    'emailId',
    'firstName',
    'lastName',
    'nickName',
    'phoneNumber',
  ],
  ...[
    'profImage',
    'sipURI',
    'canSupportChat',
    'canSupportVoice',
    'chatLanguageSupport',
    'voiceLanguageSupport',
  ],
];
const WHOLE = [
  ...COMMON,
  ...['fullName', 'lFullName', 'customId', 'iId', 'name', 'domain', 'role', 'callRegion', 'isAccountOwner'],
  ...['canSupportCase', 'attachmentsEnabled', 'emojisEnabled', 'markedAutoAway', 'internalChatPermission'],
  ...['maxDigitalChatSupport', 'maxEmailChatSupport', 'maxMessagingChatSupport', 'caseLanguageSupport'],
  ...['voiceSupport', 'addresses', 'iceServers', 'preferences'],
];
const GET_ONLY = [
  ...['canSupportVoiceMail', 'isChannelUpdatedByAgent', 'profImageUrl', 'maxCaseSupport', 'maxTaskSupport'],
  ...['maxVoiceMailSupport', 'maxDigitalConvoLimit', 'cmLayouts', 'dAgentGroups'],
];
const CUSTOM_ID_ONLY = ['createdByAId', 'hoursOfOperationId', 'prevStatus', 'prevStatusType'];
/** Stored, and in no single record. */
const NEVER_READ = [
  'agentGroupId',
  'agentGroups',
  'skills',
  'queues',
  'desktopLayouts',
  'maxChatSupport',
  'agentAffinity',
];

const KNOWN: ReadonlySet<string> = new Set([...WHOLE, ...GET_ONLY, ...CUSTOM_ID_ONLY, ...NEVER_READ]);

/** "Get an agent". */
export function single(record: AgentRecord, catalogue: CatalogueSeed, behaviour: Behaviour): object {
  return {
    ...whole(record, [...WHOLE, ...GET_ONLY], catalogue, behaviour),
    agentGroups: record.agentGroups.map(({ groupId, role, name }) => ({ groupId, role, name })),
  };
}

/** "Get the agent id using custom id". */
export function foundByCustomId(record: AgentRecord, catalogue: CatalogueSeed, behaviour: Behaviour): object {
  return {
    ...whole(record, [...WHOLE, ...CUSTOM_ID_ONLY], catalogue, behaviour),
    agentGroups: record.agentGroups,
  };
}

/** The answer of an update and of a delete: an older record. */
export function older(record: AgentRecord): object {
  return {
    ...pickFrom(complete(record), COMMON),
    agentAffinity: record.agentAffinity ?? false,
    maxChatSupport: record.maxChatSupport ?? 5,
    agentGroups: record.agentGroups.map(({ groupId, role }) => ({ groupId, role })),
    skills: record.skills,
    queues: record.queues.map(assignedQueue),
    desktopLayouts: record.desktopLayouts.map(({ id, name, isDefault = false }) => ({ id, name, isDefault })),
  };
}

/** The answer of a create: what was sent, what the server chose, and no id unless the behaviour gives one. */
export function created(body: object, record: AgentRecord, behaviour: Behaviour): object {
  const all = complete(record);
  const { customId: _left, status: _neither, ...sent } = body as Readonly<Record<string, unknown>>;
  const { createdCarries, createdPhoneNumber, returnsAgentId } = behaviour;
  return {
    ...sent,
    ...pickFrom(all, CREATED),
    ...('phoneNumber' in sent
      ? { phoneNumber: createdPhoneNumber === 'number' ? Number(record.phoneNumber) : record.phoneNumber }
      : {}),
    maxChatSupport: record.maxChatSupport ?? 5,
    createDefaultLayoutAndAssign: sent.createDefaultLayoutAndAssign ?? false,
    skills: record.skills.map((skill) => {
      const { skillId, proficiencyLevel, name, skillGroupName, skillGroupColor } = skill;
      const { userId } = record;
      return { skillId, proficiencyLevel, userId, name, skillGroupName, skillGroupColor };
    }),
    desktopLayouts: record.desktopLayouts.map(({ id, isDefault = false }) => ({ id, isDefault })),
    queues: record.queues.map(({ id, isPreferredAgent = false }) => ({ id, isPreferredAgent })),
    ...pickFrom(all, createdCarries),
    ...(returnsAgentId ? { id: record.id } : {}),
  };
}

const CREATED = [
  ...[
    'emailId',
    'firstName',
    'lastName',
    'nickName',
    'profImage',
    'agentGroupId',
    'roleId',
    'orgId',
    'userId',
  ],
  ...[
    'callRegion',
    'maxDigitalChatSupport',
    'maxEmailChatSupport',
    'maxMessagingChatSupport',
    'canSupportChat',
  ],
  ...[
    'canSupportVoice',
    'attachmentsEnabled',
    'emojisEnabled',
    'chatLanguageSupport',
    'voiceLanguageSupport',
  ],
];

/** One entry of an availability: the agent's names, and its capacity channel by channel. */
export function availabilityOf(record: AgentRecord): object {
  const { id, userId, firstName, lastName, emailId, customId = '', phoneNumber = '' } = record;
  const isDigitalEnabled = record.canSupportChat === true;
  const channel = (isEnabled: boolean, totalCapacity: number) => ({
    isEnabled,
    totalCapacity,
    usedCapacity: 0,
    availableCapacity: totalCapacity,
  });
  return {
    ...{ _id: id, userId, firstName, lastName, emailId, customId, phoneNumber, isDigitalEnabled },
    channelCapacity: {
      liveChat: channel(isDigitalEnabled, record.maxDigitalChatSupport ?? 5),
      messaging: channel(isDigitalEnabled, record.maxMessagingChatSupport ?? 5),
      email: channel(isDigitalEnabled, record.maxEmailChatSupport ?? 5),
      voice: channel(record.canSupportVoice === true, 1),
      voiceMail: channel(false, 0),
    },
  };
}

function whole(
  record: AgentRecord,
  fields: readonly string[],
  catalogue: CatalogueSeed,
  { recordEntries, recordsCarryAgentGroupId }: Behaviour,
): object {
  const isListed = recordEntries === 'as-listed';
  return {
    // Under which key fields of the account's own come is documented nowhere: under theirs.
    ...Object.fromEntries(Object.entries(record).filter(([field]) => !KNOWN.has(field))),
    ...pickFrom(complete(record), fields),
    ...(recordsCarryAgentGroupId ? { agentGroupId: record.agentGroupId } : {}),
    desktopLayouts: record.desktopLayouts.map(({ id, isDefault = false }) => ({ id, isDefault })),
    skills: isListed ? record.skills.map((skill) => listedSkill(skill, record, catalogue)) : record.skills,
    queues: record.queues.map((queue) => (isListed ? listedQueue(queue, record) : assignedQueue(queue))),
  };
}

function complete(record: AgentRecord): Readonly<Record<string, unknown>> {
  const host = record.sipURI.split('@')[1] ?? '';
  const { emailId, firstName, iceServers, createdBy } = record;
  return {
    ...UNSET,
    name: firstName,
    domain: host,
    addresses: [`sip:${emailId}`],
    profImageUrl: `https://${host}/avatars/none`,
    createdByAId: createdBy,
    hoursOfOperationId: '',
    prevStatus: '',
    prevStatusType: '',
    ...record,
    iceServers: iceServers.map((server) => ({ url: server.urls, ...server })),
  };
}

function assignedQueue(queue: AgentRecord['queues'][number]): object {
  return { description: '', ...queue, isPreferredAgent: queue.isPreferredAgent ?? false };
}

function pickFrom(all: Readonly<Record<string, unknown>>, fields: readonly string[]): object {
  return Object.fromEntries(fields.map((field) => [field, all[field]]));
}
