import type { Clock, Random } from '../../../functions/runtime/clock.ts';
import { Rejection } from '../answer.ts';
import type { Behaviour } from '../behaviour.ts';
import { type CatalogueSeed, hex24, uuidOf } from '../catalogue.ts';
import type { AgentBody, UpdateBody } from './body.ts';
import { KeyIndex } from './key-index.ts';
import type { RecordPatch } from './patch.ts';
import {
  type AgentRecord,
  DERIVED_FIELDS,
  pick,
  type RecordSource,
  recordOf,
  type ServerFields,
} from './record.ts';
import { type AgentStore, forgetful } from './store.ts';
import { updated } from './update.ts';

/** The account that the agents belong to. */
export interface Account {
  readonly accountId: string;
  readonly orgId: string;
  readonly streamId: string;
  readonly host: string;
}

/** What a new agent is made from; the group and the role fall back on the account's. */
interface Draft extends Omit<RecordSource, 'agentGroupId' | 'roleId'> {
  readonly agentGroupId?: string | undefined;
  readonly roleId?: string | undefined;
  readonly canSupportChat?: boolean | undefined;
}

/** The agents of the account, oldest first. A stored record is never changed, another takes its place. */
export class Agents {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #catalogue: CatalogueSeed;
  readonly #account: Account;
  #records = new Map<string, AgentRecord>();
  /** E-mail addresses of the account's users: each agent is one, and stays one without the agent. */
  readonly #users = new Set<string>();
  readonly #byEmail = new KeyIndex();
  readonly #byCustomId = new KeyIndex();

  readonly #kept: AgentStore;

  constructor(
    clock: Clock,
    random: Random,
    catalogue: CatalogueSeed,
    account: Account,
    kept: AgentStore = forgetful,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#catalogue = catalogue;
    this.#account = account;
    this.#kept = kept;
    for (const record of kept.load()) {
      this.#index(record);
      this.#users.add(record.emailId.toLowerCase());
    }
  }

  /** Copies, for callers that may do with them what they like. */
  all(): AgentRecord[] {
    return structuredClone([...this.#records.values()]);
  }

  /** In the order of the list, so that a page needs no copy of the rest. */
  ids(): string[] {
    return [...this.#records.keys()];
  }

  get(id: string): AgentRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw new Rejection(404, `agentId: there is no agent ${id}`);
    return record;
  }

  /** Any number: SmartAssist doesn't keep customId unique. */
  findByCustomId(customId: string): AgentRecord[] {
    return this.#byCustomId.get(customId).map((id) => this.get(id));
  }

  create(body: AgentBody, behaviour: Pick<Behaviour, 'duplicateEmail' | 'duplicateCustomId'>): AgentRecord {
    this.#refuseTakenEmail(body.emailId, undefined, behaviour.duplicateEmail);
    this.#refuseTakenCustomId(body.customId, behaviour.duplicateCustomId);
    const { createDefaultLayoutAndAssign, ...rest } = body;
    const desktopLayouts =
      createDefaultLayoutAndAssign === true && !rest.desktopLayouts?.length
        ? this.#catalogue.layouts.slice(0, 1).map(({ id }) => ({ id, isDefault: true }))
        : rest.desktopLayouts;
    return this.#make({ ...rest, desktopLayouts });
  }

  /** Puts a record in the place of another, as far as the behaviour lets an update change it. */
  replace(id: string, body: UpdateBody, behaviour: Behaviour): AgentRecord {
    const stored = this.get(id);
    const { source, server } = updated(stored, body, this.#catalogue, behaviour);
    this.#refuseTakenEmail(source.emailId, id, behaviour.duplicateEmail);
    return this.#store(recordOf(source, server, this.#catalogue, this.#hex24, this.#now()));
  }

  remove(id: string): AgentRecord {
    const record = this.get(id);
    if (record.isAccountOwner) throw new Rejection(400, 'agentId: the account owner can not be deleted');
    this.#unindex(record);
    this.#records.delete(id);
    this.#kept.delete(id);
    return record;
  }

  users(): string[] {
    return [...this.#users];
  }

  /** False where the account has no such user. */
  removeUser(emailId: string): boolean {
    return this.#users.delete(emailId.toLowerCase());
  }

  /** An agent that a supervisor made by hand, before or beside the product. Nothing is checked; what is left out is made up. */
  seed(partial: RecordPatch): AgentRecord {
    const number = this.#records.size + 1;
    const { id } = this.#make({
      emailId: `agent.${number}@example.com`,
      firstName: 'Agent',
      lastName: `Number ${number}`,
      canSupportChat: true,
      chatLanguageSupport: [{ language: 'en', proficiency: 'good', isActive: true }],
    });
    return this.edit(id, partial);
  }

  /** Merges fields into a record, as an administrator or a supervisor does in SmartAssist; null takes one out. */
  edit(id: string, patch: RecordPatch): AgentRecord {
    const stored = this.get(id);
    const merged: Record<string, unknown> = { ...stored, ...patch };
    for (const [key, value] of Object.entries(patch)) if (value === null) delete merged[key];
    // The default group and the groups go together, whichever of the two is changed.
    if ('agentGroupId' in patch && !('agentGroups' in patch)) delete merged.agentGroups;
    if (patch.agentGroups !== undefined && !('agentGroupId' in patch)) {
      merged.agentGroupId = patch.agentGroups[0]?.groupId ?? stored.agentGroupId;
    }
    // Unchecked on purpose: a record of the real service may hold anything.
    const source = merged as unknown as AgentRecord;
    if (source.id !== id) {
      this.#unindex(stored);
      this.#records.delete(id);
      this.#kept.delete(id);
    }
    return this.#store({
      ...recordOf(source, source, this.#catalogue, this.#hex24, this.#now()),
      ...pick(
        source,
        DERIVED_FIELDS.filter((key) => key in patch),
      ),
    });
  }

  clear(): void {
    this.#records.clear();
    this.#users.clear();
    this.#byEmail.clear();
    this.#byCustomId.clear();
    this.#kept.clear();
  }

  #make(source: Draft): AgentRecord {
    const { accountId, orgId, streamId, host } = this.#account;
    const groups = this.#catalogue.agentGroups;
    const complete = {
      callRegion: 'US',
      maxDigitalChatSupport: 5,
      maxEmailChatSupport: 5,
      maxMessagingChatSupport: 5,
      profImage: 'no-avatar',
      ...source,
      agentGroupId: source.agentGroupId ?? (groups.find(({ isDefault }) => isDefault) ?? groups[0])?.id ?? '',
      roleId: source.roleId ?? this.#catalogue.roles[0]?._id ?? '',
    };
    this.#users.add(source.emailId.toLowerCase());
    const now = this.#now();
    const server: ServerFields = {
      id: `a-${this.#uuid()}`,
      userId: `u-${this.#uuid()}`,
      orgId,
      accountId,
      iId: streamId,
      createdBy: `u-${uuidOf(`creator of ${accountId}`)}`,
      createdAt: now,
      isAccountOwner: false,
      onlineStatus: 'Offline',
      onlineStatusType: 'OFFLINE',
      sipURI: `sip:${source.emailId.split('@')[0]}@${host}`,
      iceServers: [
        {
          urls: `turn:${host}:3478`,
          username: `turn-${this.#hex24()}`,
          credential: `turn-secret-${this.#hex24()}`,
        },
      ],
    };
    return this.#store(recordOf(complete, server, this.#catalogue, this.#hex24, now));
  }

  #refuseTakenEmail(emailId: string, by: string | undefined, duplicate: Behaviour['duplicateEmail']): void {
    const { isRefused, status, message } = duplicate;
    if (!isRefused) return;
    const holders = this.#byEmail.get(emailId.toLowerCase());
    if (holders.some((id) => id !== by)) throw new Rejection(status, message);
  }

  #refuseTakenCustomId(customId: string | undefined, duplicate: Behaviour['duplicateCustomId']): void {
    const { isRefused, status, message } = duplicate;
    if (isRefused && customId !== undefined && this.#byCustomId.get(customId).length > 0)
      throw new Rejection(status, message);
  }

  /** A record that is there already keeps its place in the list. */
  #store(record: AgentRecord): AgentRecord {
    const earlier = this.#records.get(record.id);
    if (earlier !== undefined) this.#unindex(earlier);
    this.#index(record);
    this.#kept.put(record);
    return record;
  }

  #index(record: AgentRecord): void {
    this.#records.set(record.id, structuredClone(record));
    this.#byEmail.add(record.emailId.toLowerCase(), record.id);
    this.#byCustomId.add(record.customId, record.id);
  }

  #unindex(record: AgentRecord): void {
    this.#byEmail.delete(record.emailId.toLowerCase(), record.id);
    this.#byCustomId.delete(record.customId, record.id);
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #hex24 = (): string => hex24(`${this.#random()} ${this.#random()}`);

  #uuid(): string {
    return uuidOf(`${this.#random()} ${this.#random()}`);
  }
}
