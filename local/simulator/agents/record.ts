import type { AgentFields } from '../../../functions/smartassist/fields.ts';
import type { CatalogueSeed } from '../catalogue.ts';

/** What the server writes into a record by itself; an update carries it along and can't change it. */
export const SERVER_FIELDS = [
  'id',
  'userId',
  'orgId',
  'accountId',
  'iId',
  'createdBy',
  'createdAt',
  'isAccountOwner',
  'onlineStatus',
  'onlineStatusType',
  'lastOnlineAt',
  'sipURI',
  'iceServers',
] as const;

/** What the server works out from other fields at each write. */
export const DERIVED_FIELDS = ['role', 'fullName', 'lFullName', 'updatedAt'] as const;

/** Agents are members of one group and may be managers of others. */
export interface GroupMembership {
  readonly groupId: string;
  readonly role: string;
  /** `full` or `view`, of a manager. */
  readonly accessLevel?: string | undefined;
}

export interface LanguageSupport {
  readonly language: string;
  readonly proficiency: string;
  readonly isActive?: boolean | undefined;
}

/** An agent as SmartAssist stores it. Answers leave out `agentGroupId`, as the published ones do. */
export interface AgentRecord {
  readonly id: string;
  readonly userId: string;
  readonly orgId: string;
  readonly accountId: string;
  /** The stream id. */
  readonly iId: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly isAccountOwner: boolean;
  readonly onlineStatus: string;
  readonly onlineStatusType: string;
  readonly lastOnlineAt?: string | undefined;
  readonly sipURI: string;
  /** The credential is made up, so that tests can prove that it is never logged. */
  readonly iceServers: readonly {
    readonly urls: string;
    readonly username: string;
    readonly credential: string;
  }[];
  readonly status: string;
  readonly emailId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly fullName: string;
  readonly lFullName: string;
  readonly nickName?: string | undefined;
  readonly phoneNumber?: string | undefined;
  readonly profImage?: string | undefined;
  readonly customId?: string | undefined;
  readonly agentGroupId: string;
  readonly agentGroups: readonly (GroupMembership & { readonly name: string })[];
  readonly roleId: string;
  readonly role: string;
  readonly canSupportChat?: boolean | undefined;
  readonly canSupportVoice?: boolean | undefined;
  readonly chatLanguageSupport: readonly LanguageSupport[];
  readonly voiceLanguageSupport: readonly LanguageSupport[];
  readonly skills: readonly {
    readonly id: string;
    readonly skillId: string;
    readonly proficiencyLevel: string;
    readonly name: string;
    readonly skillGroupName: string;
    readonly skillGroupColor: string;
  }[];
  readonly queues: readonly {
    readonly id: string;
    readonly name: string;
    readonly isPreferredAgent?: boolean | undefined;
  }[];
  readonly desktopLayouts: readonly {
    readonly id: string;
    readonly name: string;
    readonly isDefault?: boolean | undefined;
  }[];
  readonly maxChatSupport?: number | undefined;
  readonly maxDigitalChatSupport?: number | undefined;
  readonly maxEmailChatSupport?: number | undefined;
  readonly maxMessagingChatSupport?: number | undefined;
  readonly callRegion?: string | undefined;
  readonly attachmentsEnabled?: boolean | undefined;
  readonly emojisEnabled?: boolean | undefined;
  readonly agentAffinity?: boolean | undefined;
}

export type ServerFields = Pick<AgentRecord, (typeof SERVER_FIELDS)[number]>;

/** The fields that are read somewhere: each has to be in the record, or this doesn't compile. */
type ReadField = {
  [F in keyof AgentFields]: 'get' extends AgentFields[F]['in'][number] ? F : never;
}[keyof AgentFields];
export type ReadFields = Pick<AgentRecord, ReadField>;

/** What a record is made from: ids without the names that belong to them. */
export interface RecordSource {
  readonly status?: string | undefined;
  readonly emailId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly agentGroupId: string;
  /** Absent: the one group of `agentGroupId`, as an agent. */
  readonly agentGroups?: readonly GroupMembership[] | undefined;
  readonly roleId: string;
  readonly chatLanguageSupport?: readonly LanguageSupport[] | undefined;
  readonly voiceLanguageSupport?: readonly LanguageSupport[] | undefined;
  readonly skills?: readonly { readonly skillId: string; readonly proficiencyLevel: string }[] | undefined;
  readonly queues?:
    | readonly { readonly id: string; readonly isPreferredAgent?: boolean | undefined }[]
    | undefined;
  readonly desktopLayouts?:
    | readonly { readonly id: string; readonly isDefault?: boolean | undefined }[]
    | undefined;
}

/**
 * The record of an agent: the fields of `source` as they are, with the catalogue's names beside the ids, and those of
 * `server` that only a server writes.
 * `newId` gives the ids of skill assignments (24 hex digits), `now` is an ISO time.
 */
export function recordOf(
  source: RecordSource,
  server: ServerFields,
  catalogue: CatalogueSeed,
  newId: () => string,
  now: string,
): AgentRecord {
  const nameOf = (items: readonly { id: string; name: string }[], id: string) =>
    items.find((item) => item.id === id)?.name ?? '';
  const own = Object.fromEntries(
    Object.entries(source).filter(([key]) => !isServerField(key)),
  ) as RecordSource;
  const fullName = `${source.firstName} ${source.lastName}`;
  const role = catalogue.roles.find(({ _id }) => _id === source.roleId)?.role ?? '';
  return {
    ...own,
    ...pick(server, SERVER_FIELDS),
    status: source.status ?? 'ACTIVE',
    fullName,
    lFullName: fullName.toLowerCase(),
    agentGroups: (source.agentGroups ?? [{ groupId: source.agentGroupId, role: 'agent' }]).map((group) => ({
      ...group,
      name: nameOf(catalogue.agentGroups, group.groupId),
    })),
    role,
    chatLanguageSupport: source.chatLanguageSupport ?? [],
    voiceLanguageSupport: source.voiceLanguageSupport ?? [],
    skills: (source.skills ?? []).map((skill) => {
      const { skillId, proficiencyLevel } = skill;
      const group = catalogue.skillGroups.find(({ skills }) => skills.some(({ id }) => id === skillId));
      return {
        ...skill,
        skillId,
        proficiencyLevel,
        userId: server.userId,
        createdBy: server.createdBy,
        accountId: server.accountId,
        orgId: server.orgId,
        createdAt: now,
        updatedAt: now,
        id: newId(),
        name: nameOf(group?.skills ?? [], skillId),
        skillGroupName: group?.name ?? '',
        skillGroupColor: group?.color ?? '',
      };
    }),
    queues: (source.queues ?? []).map((queue) => ({ ...queue, name: nameOf(catalogue.queues, queue.id) })),
    desktopLayouts: (source.desktopLayouts ?? []).map((layout) => ({
      ...layout,
      name: nameOf(catalogue.layouts, layout.id),
    })),
    updatedAt: now,
  };
}

function isServerField(key: string): boolean {
  return (SERVER_FIELDS as readonly string[]).includes(key);
}

/** These fields of an object, those that it has. */
export function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  const picked: Partial<T> = {};
  for (const key of keys) if (key in from) picked[key] = from[key];
  return picked as Pick<T, K>;
}
