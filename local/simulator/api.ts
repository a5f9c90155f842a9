import * as z from 'zod';
import type { Account, Agents } from './agents/agents.ts';
import { type Profile, readCreate, readUpdate } from './agents/body.ts';
import { listed } from './agents/listed.ts';
import type { AgentRecord } from './agents/record.ts';
import { type Answer, json, Rejection } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import type { CatalogueSeed } from './catalogue.ts';
import { count, pageOf } from './page.ts';
import { queryOf, read, type SimulatorRequest } from './request.ts';
import type { Route } from './route.ts';

/** What the operations work on. */
export interface Tenant {
  readonly agents: Agents;
  readonly catalogue: CatalogueSeed;
  readonly account: Account;
  readonly profile: Profile;
}

/** Does what a call asks for, its token being good. Throws a `Rejection`. */
export function perform(
  { operation, id }: Route,
  request: SimulatorRequest,
  { agents, catalogue, account, profile }: Tenant,
  behaviour: Behaviour,
): Answer {
  const query = queryOf(request);
  const shown = (record: AgentRecord) => published(record, behaviour);
  const withOrganization = <T extends object>(entry: T) => ({ ...entry, orgId: account.orgId });
  switch (operation) {
    case 'POST /agents': {
      requireJson(request);
      const body = readCreate(request.body, profile, catalogue, behaviour.customFields);
      const record = agents.create(body, behaviour.duplicateEmail);
      return json(200, created(body, record, profile, behaviour));
    }
    case 'GET /agents/{agentId}':
      return json(200, shown(agents.get(id)));
    case 'PUT /agents/{agentId}': {
      requireJson(request);
      const body = readUpdate(request.body, profile, catalogue);
      return json(200, shown(agents.replace(id, body, behaviour)));
    }
    case 'DELETE /agents/{agentId}':
      return json(200, shown(agents.remove(id)));
    case 'GET /agents/customId/{customId}': {
      const found = agents.findByCustomId(id).map(shown);
      if (behaviour.customIdAnswer === 'ids')
        return json(200, found.length === 1 ? found[0]?.id : found.map((agent) => agent.id));
      if (behaviour.customIdAnswer === 'array' || found.length > 1) return json(200, found);
      if (found.length === 0) throw new Rejection(404, `customId: there is no agent ${id}`);
      return json(200, found[0]);
    }
    case 'POST /agents/availability':
      requireJson(request);
      return json(200, availability(agents.all(), read(request.body, availabilitySchema)));
    case 'GET /organizations/{orgId}/agents': {
      if (id !== account.orgId) throw new Rejection(404, `orgId: there is no organization ${id}`);
      const { page, ...facts } = pageOf(agents.ids(), query);
      const includeQueues = /^true$/i.test(query.get('includeQueues') ?? '');
      const results = facts.results.map((agentId) => listed(agents.get(agentId), catalogue, includeQueues));
      return json(200, withListFacts({ ...facts, skip: (page - 1) * facts.limit, results }, behaviour));
    }
    case 'GET /agent-groups':
      return json(200, pageOf(catalogue.agentGroups.map(withOrganization), query));
    case 'GET /agent-groups/{id}':
      return json(200, existing(catalogue.agentGroups, id));
    case 'GET /skill-groups':
      return json(
        200,
        pageOf(
          catalogue.skillGroups.map(({ skills: _skills, ...group }) => group),
          query,
        ),
      );
    case 'GET /skill-groups/{id}/skills':
      return json(200, pageOf(existing(catalogue.skillGroups, id).skills, query));
    case 'GET /queues':
      return json(200, pageOf(catalogue.queues.map(withOrganization), query));
    case 'GET /roles':
      if (query.get('roleType') !== 'bot') throw new Rejection(400, 'roleType: must be bot');
      return json(200, roleList(catalogue.roles, query));
  }
}

/** The list of roles has a limit of 50 and no second page: `availableMore` says that there are others. */
function roleList(roles: CatalogueSeed['roles'], query: URLSearchParams): unknown {
  const limit = Math.min(count(query, 'limit', MOST_ROLES), MOST_ROLES);
  const listed = roles
    .slice(0, limit)
    .map((role) => ({ roleType: 'bot', ...role, rDesc: '', permissions: [] }));
  return { total: roles.length, availableMore: roles.length > limit, roles: listed };
}

const MOST_ROLES = 50;

/** A page of agents with what it says about further pages. */
function withListFacts<T extends { readonly results: unknown }>(page: T, { listFacts }: Behaviour): object {
  if (listFacts === 'missing') return { results: page.results };
  return listFacts === 'true' ? page : { ...page, hasMore: true, totalPages: 1, totalResults: 1 };
}

function requireJson({ headers }: SimulatorRequest): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Rejection(400, 'Content-Type: must be application/json');
  }
}

/** The answer to a create: the body, what the server chose, and an id only where the tenant's SmartAssist shows one. */
function created(body: object, record: AgentRecord, profile: Profile, behaviour: Behaviour): unknown {
  const { phoneNumber, skills, orgId, userId, callRegion } = record;
  return {
    ...body,
    // Sent as a text, answered as a number: that is what the older page shows.
    ...(profile === 'smartassist' ? { phoneNumber: Number(phoneNumber) } : {}),
    skills,
    orgId,
    userId,
    callRegion,
    maxDigitalChatSupport: record.maxDigitalChatSupport,
    maxEmailChatSupport: record.maxEmailChatSupport,
    maxMessagingChatSupport: record.maxMessagingChatSupport,
    ...(behaviour.returnsAgentId ? { id: record.id } : {}),
  };
}

function published(record: AgentRecord, behaviour: Behaviour): Partial<AgentRecord> {
  if (behaviour.recordsCarryAgentGroupId) return record;
  const { agentGroupId: _left, ...rest } = record;
  return rest;
}

const availabilitySchema = z.strictObject({
  agentIds: z.array(z.string()).optional(),
  skillIds: z.array(z.string()).optional(),
  queueIds: z.array(z.string()).optional(),
});

/** Agents by what they are doing, of those that meet every list that is given. */
function availability(records: readonly AgentRecord[], wanted: z.output<typeof availabilitySchema>): unknown {
  const { agentIds, skillIds, queueIds } = wanted;
  const asked = records.filter(
    (record) =>
      (agentIds === undefined || agentIds.includes(record.id)) &&
      (skillIds === undefined || record.skills.some(({ skillId }) => skillIds.includes(skillId))) &&
      (queueIds === undefined || record.queues.some(({ id }) => queueIds.includes(id))),
  );
  return Object.fromEntries(
    ['AVAILABLE', 'BUSY', 'OFFLINE', 'AWAY'].map((type) => [
      type,
      asked
        .filter(({ onlineStatusType }) => onlineStatusType === type)
        .map(({ id, userId, firstName, lastName, emailId, customId }) => ({
          _id: id,
          userId,
          firstName,
          lastName,
          emailId,
          customId,
        })),
    ]),
  );
}

function existing<T extends { readonly id: string }>(items: readonly T[], id: string): T {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Rejection(404, `id: there is no ${id}`);
  return item;
}
