import * as z from 'zod';
import type { Account, Agents } from './agents/agents.ts';
import { type Profile, readCreate, readUpdate } from './agents/body.ts';
import { listed } from './agents/listed.ts';
import type { AgentRecord } from './agents/record.ts';
import { availabilityOf, created, foundByCustomId, older, single } from './agents/shapes.ts';
import { type Answer, json, Rejection } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import type { CatalogueSeed } from './catalogue.ts';
import { namesOf } from './names.ts';
import { count, type Page, pageOf } from './page.ts';
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
  const names = namesOf(catalogue, account, agents);
  switch (operation) {
    case 'POST /agents': {
      requireJson(request);
      const body = readCreate(request.body, profile, catalogue, behaviour);
      const record = agents.create(body, behaviour);
      return json(200, created(body, record, behaviour));
    }
    case 'GET /agents/{agentId}':
      return json(200, single(agents.get(id), catalogue, behaviour));
    case 'PUT /agents/{agentId}': {
      requireJson(request);
      return json(200, older(agents.replace(id, readUpdate(request.body, profile), behaviour)));
    }
    case 'DELETE /agents/{agentId}':
      return json(200, older(agents.remove(id)));
    case 'GET /agents/customId/{customId}': {
      const records = agents.findByCustomId(id);
      if (behaviour.customIdAnswer === 'ids')
        return json(200, records.length === 1 ? records[0]?.id : records.map((agent) => agent.id));
      const found = records.map((record) => foundByCustomId(record, catalogue, behaviour));
      if (behaviour.customIdAnswer === 'array' || found.length > 1) return json(200, found);
      if (found.length === 0) throw new Rejection(404, `customId: there is no agent ${id}`);
      return json(200, found[0]);
    }
    case 'POST /agents/availability':
      requireJson(request);
      return json(200, availability(agents.all(), read(request.body, availabilitySchema)));
    case 'GET /organizations/{orgId}/agents': {
      if (id !== account.orgId) throw new Rejection(404, `orgId: there is no organization ${id}`);
      const page = skipping(pageOf(agents.ids(), query));
      const includeQueues = /^true$/i.test(query.get('includeQueues') ?? '');
      const results = page.results.map((agentId) => listed(agents.get(agentId), catalogue, includeQueues));
      return json(200, withListFacts({ ...page, results }, behaviour));
    }
    case 'GET /analytics/account/{accountId}/agents':
      return json(200, workforce(id, request, agents, account, behaviour));
    case 'GET /agent-groups':
      return json(200, skipping(pageOf(names.agentGroups(), query)));
    case 'GET /agent-groups/{id}':
      return json(200, names.agentGroup(existing(catalogue.agentGroups, id)));
    case 'GET /skill-groups':
      return json(200, pageOf(names.skillGroups(), query));
    case 'GET /skill-groups/{id}/skills':
      return json(200, pageOf(names.skills(existing(catalogue.skillGroups, id)), query));
    case 'GET /queues':
      return json(200, pageOf(names.queues(), query));
    case 'GET /roles':
      if (query.get('roleType') !== 'bot') throw new Rejection(400, 'roleType: must be bot');
      return json(200, roleList(catalogue.roles, query));
    case 'DELETE /users': {
      requireJson(request);
      const { deleteEmailIds } = read(request.body, deletedUsersSchema);
      return json(200, deletedUsers(agents, deleteEmailIds));
    }
  }
}

/** The list for workforce management: a bare array of as many as the caller asks for. */
function workforce(
  accountId: string,
  request: SimulatorRequest,
  agents: Agents,
  account: Account,
  { workforce: { mostPerPage } }: Behaviour,
): unknown {
  requireJson(request);
  if (accountId !== account.accountId)
    throw new Rejection(404, `accountId: there is no account ${accountId}`);
  if (request.headers.iid !== account.streamId)
    throw new Rejection(400, "iId: the header must be the bot's id");
  const query = queryOf(request);
  const offset = query.get('offset') === '0' ? 0 : count(query, 'offset', 0);
  const limit = Math.min(count(query, 'limit', mostPerPage), mostPerPage);
  return agents
    .ids()
    .slice(offset, offset + limit)
    .map((agentId) => {
      const { firstName, lastName } = agents.get(agentId);
      return { accountId, agentId, firstName, lastName };
    });
}

/** The lists of agents and of agent groups say how many entries they skip, and not which page they are. */
function skipping<T>({ page, ...facts }: Page<T>) {
  return { ...facts, skip: (page - 1) * facts.limit };
}

/** The list of roles has a limit of 50 and no second page: `availableMore` says that there are others. */
function roleList(roles: CatalogueSeed['roles'], query: URLSearchParams): unknown {
  const limit = Math.min(count(query, 'limit', MOST_ROLES), MOST_ROLES);
  const listed = roles
    .slice(0, limit)
    .map((role) => ({ roleType: 'bot', ...role, rDesc: '', permissions: {} }));
  return { total: roles.length, availableMore: roles.length > limit, roles: listed };
}

const MOST_ROLES = 50;

const deletedUsersSchema = z.strictObject({ deleteEmailIds: z.array(z.string()).min(1) });

const NO_SUCH_USER = {
  statusCode: 404,
  status: 404,
  customCode: 404,
  errors: [{ msg: 'User not found', code: 404 }],
  message: 'User not found',
  name: 'NotFound',
};

/** Account users are taken out one by one: those that aren't there are named with the reason, as the page shows it. */
function deletedUsers(agents: Agents, emails: readonly string[]): unknown {
  const failed = emails
    .filter((email) => !agents.removeUser(email))
    .map((emailId) => ({ emailId, reason: NO_SUCH_USER }));
  return failed.length === 0
    ? { msg: 'Users deleted successfully', moreAvailable: false, total: emails.length }
    : { failedUserDetails: failed };
}

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
      asked.filter(({ onlineStatusType }) => onlineStatusType === type).map(availabilityOf),
    ]),
  );
}

function existing<T extends { readonly id: string }>(items: readonly T[], id: string): T {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Rejection(404, `id: there is no ${id}`);
  return item;
}
