import type { PersonRecord } from '../../functions/directory/record.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { reasonCodeOf } from '../../functions/provision/listed.ts';
import type { EmailChanges } from './account.ts';
import { type AgentView, differing, isSuspended } from './agent-view.ts';
import { isOfNeighbour } from './beside/people.ts';
import type { Expectation } from './expectation.ts';
import { GROUPS, type GroupName, type PersonModel, profileOf } from './person-model.ts';
import { TENANT } from './scim-call.ts';
import { inService } from './seats/seats.ts';
import type { Simulation } from './simulation.ts';
import type { Witness } from './witness.ts';

/** Whose data was erased, and what is left of them in SmartAssist. */
export interface Former {
  /** An agent out of service, which belongs to no person any more. */
  isAgent(agent: AgentView): boolean;
  /** The custom id is one of theirs: an agent that is taken again keeps it. */
  isKey(customId: string): boolean;
}

const NO_FORMER: Former = { isAgent: () => false, isKey: () => false };

/** What is wrong once everything should be right, each in one sentence. */
export async function verdictOf(
  { directory, witness, variety, sources }: Simulation,
  models: readonly PersonModel[],
  expectation: Expectation,
  former: Former = NO_FORMER,
): Promise<string[]> {
  const wrongs: string[] = [];
  const { emailChanges, tenant } = variety;
  const isFull = tenant.seats !== undefined && inService(witness.agents) >= tenant.seats;
  const holders = new Map<string, string>();
  const { persons } = await directory.listRecords(TENANT, { limit: 1_000 });
  for (const { id, agent } of persons) {
    if (agent.agentId === undefined) continue;
    const other = holders.get(agent.agentId);
    if (other !== undefined) wrongs.push(`${other} and ${id} both name the agent ${agent.agentId}`);
    holders.set(agent.agentId, id);
  }
  const emails = persons.flatMap(({ person, deletedAt }) =>
    deletedAt === undefined ? [profileOf(person).email] : [],
  );
  const isOfTwo = (email: string) => emails.indexOf(email) !== emails.lastIndexOf(email);
  const isFree = (id: string) => !holders.has(id);
  const owned = new Set<string>();
  for (const model of models) {
    const [record] = await directory.findPerson(TENANT, { attribute: 'userName', value: model.userName });
    const memberships = record === undefined ? [] : await directory.groupsOf(TENANT, record.id);
    const groups = new Set(memberships.map(({ display }) => display as GroupName));
    const agentId = record && agentOf(record, witness, isFree);
    if (agentId !== undefined) owned.add(agentId);
    const said = [
      ...forgotten(model, record, groups, sources?.mayHold(model.userName) ?? NOT_HELD),
      ...(record === undefined
        ? []
        : mistaken(record, agentId, groups, { expectation, witness, emailChanges, isOfTwo, isFull, former })),
    ];
    wrongs.push(...said.map((text) => `${model.userName} (${record?.id}): ${text}`));
  }
  for (const [id, agent] of witness.agents) {
    if (isOfNeighbour(agent.email) || former.isAgent(agent)) continue;
    if (witness.hasMade(id) && !owned.has(id))
      wrongs.push(`agent ${id}, which was made for a person, belongs to nobody`);
  }
  return wrongs;
}

/** What of the words that were taken the directory doesn't hold, though it should while nothing runs. */
export async function wordsForgotten(
  { directory, sources }: Simulation,
  models: readonly PersonModel[],
): Promise<string[]> {
  const wrongs: string[] = [];
  for (const model of models) {
    const [record] = await directory.findPerson(TENANT, { attribute: 'userName', value: model.userName });
    const memberships = record === undefined ? [] : await directory.groupsOf(TENANT, record.id);
    const groups = new Set(memberships.map(({ display }) => display as GroupName));
    const said = forgotten(model, record, groups, sources?.mayHold(model.userName) ?? NOT_HELD);
    wrongs.push(...said.map((text) => `${model.userName} (${record?.id}): ${text}`));
  }
  return wrongs;
}

/** The agent that a record names; else the one that was made for it and whose id was never told. */
function agentOf(
  { id, agent, person }: PersonRecord,
  witness: Witness,
  isFree: (agentId: string) => boolean,
): string | undefined {
  if (agent.agentId !== undefined) return witness.agents.has(agent.agentId) ? agent.agentId : undefined;
  if (agent.presence !== 'active' && agent.presence !== 'suspended') return undefined;
  const key = customIdOf(TENANT, id);
  const { email } = profileOf(person);
  const { emailId } = agent;
  const made = [...witness.agents].filter(([agentId]) => witness.hasMade(agentId) && isFree(agentId));
  const found =
    made.find(([, { customId }]) => customId === key) ??
    made.find((each) => each[1].email === (emailId?.toLowerCase() ?? email));
  return found?.[0];
}

/** What other sources may say: out of service, and in it; and whether they know the person. */
type HeldOut = ReturnType<NonNullable<Simulation['sources']>['mayHold']>;

const NOT_HELD: HeldOut = { out: false, in: true, isKnown: false };

/** What the directory holds of a person and can't hold, after all that was sent and answered. */
function forgotten(
  model: PersonModel,
  record: PersonRecord | undefined,
  groups: ReadonlySet<GroupName>,
  held: HeldOut,
): string[] {
  const isThere = record !== undefined && record.deletedAt === undefined;
  if (isThere && !held.in && record.person.active !== false) {
    return ['is in service, though a source holds the person out'];
  }
  // A source that calls the person gone deletes whom no other one has in service; whom SCIM's sender could never write, as
  // SmartAssist refuses what it says, another source has made.
  const isTold = (thing: Parameters<typeof model.mayBe>[0]) => !held.isKnown || model.isTold(thing);
  const mayBeSo = model.mayBe('isThere', isThere) || (isThere ? !isTold('isThere') : held.out);
  if (!mayBeSo) {
    return [isThere ? 'is there, though deleted' : 'is not there, though accepted'];
  }
  if (!isThere) return [];
  const said: string[] = [];
  for (const [thing, value] of Object.entries(profileOf(record.person))) {
    const name = thing as Parameters<typeof model.mayBe>[0];
    if (name === 'active' && value === false && held.out) continue;
    if (!isTold('isThere') && !isTold(name)) continue;
    if (!model.mayBe(name, value)) {
      said.push(
        `${thing} is ${String(value)}, which was not the last that was accepted (${model.mayHold(name)})`,
      );
    }
  }
  for (const group of GROUPS) {
    if (!model.mayBe(group, groups.has(group))) {
      said.push(`${groups.has(group) ? 'is' : 'is not'} in ${group}, though the opposite was accepted`);
    }
  }
  return said;
}

interface Terms {
  readonly expectation: Expectation;
  readonly witness: Witness;
  readonly emailChanges: EmailChanges;
  /** Whether two persons have this address at their identity provider. */
  readonly isOfTwo: (email: string) => boolean;
  /** All seats of the tenant are taken. */
  readonly isFull: boolean;
  readonly former: Former;
}

/** In what a person's agent isn't what it should be. */
function mistaken(
  record: PersonRecord,
  agentId: string | undefined,
  groups: ReadonlySet<GroupName>,
  { expectation, witness, emailChanges: { emailChange }, isOfTwo, isFull, former }: Terms,
): string[] {
  const { person, id, state } = record;
  const agent = agentId === undefined ? undefined : witness.agents.get(agentId);
  const expected =
    record.deletedAt === undefined
      ? expectation.of(person.userName, id, profileOf(person), groups)
      : { agent: undefined };
  const said =
    state === 'due' || state === 'failed' ? [`is ${state}: ${record.attempts.lastError?.message}`] : [];
  if (expected.agent === undefined) {
    return agent === undefined || isSuspended(agent)
      ? said
      : [...said, `has left, and the agent ${agentId} is in service`];
  }
  if (isFull && reasonCodeOf(record) === 'no-seat') {
    return agent === undefined || isSuspended(agent)
      ? said
      : [...said, 'has an agent in service without a seat'];
  }
  // Two can't have one address: the later one's is refused, and waits for an administrator.
  const { email } = expected.agent;
  const isTaken = [...witness.agents].some(
    ([other, view]) => other !== agentId && view.email === email && !former.isAgent(view),
  );
  // Where the account keeps addresses, no agent shows that the other person was there first.
  const isWanted = emailChange === 'ignored' && isOfTwo(email);
  if (state === 'failed' && (isTaken || isWanted) && agent?.email !== email) return [];
  // Refused with all that came with it; or kept in spite of the update, which is said.
  if (state === 'failed' && emailChange === 'refused' && agent !== undefined && agent.email !== email)
    return [];
  const isKept = emailChange === 'ignored' && record.attempts.lastError?.code === 'address-kept';
  if (agentId === undefined || agent === undefined) return [...said, `has no agent (${state})`];
  const wrong = differing(
    {
      ...expected.agent,
      email: isKept ? (agent?.email ?? email) : email,
      // No update takes a capacity, whatever the rules say today.
      capacity: witness.capacityOf(agentId) ?? '',
      // An agent's own stays, and so do groups that an administrator gave.
      customId: former.isKey(agent.customId)
        ? agent.customId
        : (witness.ownCustomIdOf(agentId) ?? expected.agent.customId),
      groups: agent.groups.includes(`${expected.agent.group}:agent`)
        ? agent.groups
        : `${expected.agent.group}:agent`,
    },
    agent,
  );
  return wrong.length === 0
    ? said
    : [...said, `has a wrong agent ${agentId} (${state}): ${wrong.join('; ')}`];
}
