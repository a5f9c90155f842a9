import type { Clock } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import { type Catalogue, rolesOf } from './catalogue-form.ts';
import { isRefusal, type Part, type Unread, unreadPart } from './catalogue-parts.ts';
import type { CallTerms, SmartAssistClient } from './client.ts';
import { idOf, type Named, type NamedPage, namedPage, nameOf } from './named-page.ts';
import type { Failure, Outcome } from './outcome.ts';

/** An account with more pages of anything than this is beyond what a call budget can read. */
const MAX_PAGES = 100;
/** Where roles can't be read, so many pages of agents are looked through for the roles that they have. */
const MAX_AGENT_PAGES = 3;

interface Reading {
  readonly client: SmartAssistClient;
  readonly clock: Clock;
  /** Pages of an earlier reading that broke off; this one adds to them. */
  readonly pages: Map<string, NamedPage>;
  readonly terms: CallTerms;
  readonly previous: Catalogue | undefined;
  /** What to read; the rest stays as it is in `previous`. */
  readonly parts: readonly Part[];
}

type Names = Pick<Catalogue, Part> & {
  hasMoreRoles?: boolean | undefined;
  orgId?: string | undefined;
};
type ReadPart = Outcome<Partial<Names>>;

/**
 * Reads the names of an account, part by part. A part that SmartAssist refuses keeps the names that were known and is
 * noted as unread; whatever may be over in a moment (no free call, no answer) ends the reading, which is then gone on
 * with. Roles are another service with credentials of their own, so no failure of theirs ends it.
 */
export async function readCatalogue(reading: Reading): Promise<Outcome<Catalogue>> {
  const { client, clock, previous, parts } = reading;
  const hasAdminApp = await client.hasAdminApp();
  const {
    agentGroups = [],
    skills = [],
    queues = [],
    roles = [],
    learnedRoles,
    hasMoreRoles,
    orgId,
  } = previous ?? {};
  const names: Names = { agentGroups, skills, queues, roles, hasMoreRoles, orgId };
  const unread: Partial<Record<Part, Unread>> = { ...compact({ ...previous?.unread }) };
  let learned = learnedRoles;
  const failures = new Map<Part, Failure>();
  for (const part of parts) {
    if ((unread[part]?.nextAt ?? 0) > clock.now()) continue;
    const outcome = await READERS[part](reading);
    if (outcome.outcome === 'ok') {
      Object.assign(names, outcome.value);
      delete unread[part];
      continue;
    }
    if (part !== 'roles' && !isRefusal(outcome)) return outcome;
    failures.set(part, outcome);
    // Two scopes and neither token taken: it is the credentials, and not a scope.
    const isAppRefused =
      failures.get('agentGroups')?.outcome === 'unauthorized' &&
      failures.get('skills')?.outcome === 'unauthorized';
    if (isAppRefused) return outcome;
    unread[part] = unreadPart(part, outcome, { before: unread[part], hasAdminApp, now: clock.now() });
    if (part === 'roles' && isRefusal(outcome)) learned = await rolesOfAgents(reading, names.orgId, learned);
  }
  const isWhole = parts.length === READ_IN_FULL;
  return {
    outcome: 'ok',
    value: {
      agentGroups: names.agentGroups,
      skills: names.skills,
      queues: names.queues,
      roles: names.roles,
      ...compact({
        learnedRoles: learned,
        hasMoreRoles: names.hasMoreRoles,
        unread: Object.keys(unread).length > 0 ? unread : undefined,
        orgId: names.orgId,
      }),
      readAt: isWhole ? clock.now() : (previous?.readAt ?? clock.now()),
    },
  };
}

const READERS: Readonly<Record<Part, (reading: Reading) => Promise<ReadPart>>> = {
  agentGroups: async (reading) => {
    const read = await readPages(reading, '/agent-groups');
    if (read.outcome !== 'ok') return read;
    const agentGroups = read.value.map((group) => ({
      id: idOf(group),
      name: nameOf(group),
      isDefault: group.isDefault === true,
      isUnassigned: group.isUnassigned === true,
    }));
    return ok({ agentGroups, ...organizationOf(read.value) });
  },
  skills: async (reading) => {
    const groups = await readPages(reading, '/skill-groups');
    if (groups.outcome !== 'ok') return groups;
    const skills: Catalogue['skills'] = [];
    for (const group of groups.value) {
      const inGroup = await readPages(reading, `/skill-groups/${encodeURIComponent(idOf(group))}/skills`);
      if (inGroup.outcome !== 'ok') return inGroup;
      for (const skill of inGroup.value)
        skills.push({ id: idOf(skill), name: nameOf(skill), group: nameOf(group) });
    }
    return ok({ skills });
  },
  queues: async (reading) => {
    const read = await readPages(reading, '/queues');
    if (read.outcome !== 'ok') return read;
    const queues = read.value.map((queue) => ({ id: idOf(queue), name: nameOf(queue) }));
    return ok({ queues, ...organizationOf(read.value) });
  },
  roles: async ({ client, terms }) => {
    const read = await client.readRoles(namedPage(), terms);
    if (read.outcome !== 'ok') return read;
    const { results, isCut } = read.value;
    return ok({
      roles: results.map((role) => ({ id: idOf(role), name: nameOf(role) })),
      hasMoreRoles: isCut ? true : undefined,
    });
  },
};
const READ_IN_FULL = Object.keys(READERS).length;

function ok(value: Partial<Names>): ReadPart {
  return { outcome: 'ok', value };
}

/** Every agent group and every queue carries the organization's id. */
function organizationOf(entries: readonly Named[]): { orgId?: string } {
  const orgId = entries.map((entry) => entry.orgId).find((id) => typeof id === 'string' && id !== '');
  return typeof orgId === 'string' ? { orgId } : {};
}

/** The roles of the agents that are there: each is listed with its role's name beside the id. */
async function rolesOfAgents(
  { client, terms }: Reading,
  orgId: string | undefined,
  known: Catalogue['roles'] | undefined,
): Promise<Catalogue['roles'] | undefined> {
  if (orgId === undefined) return known;
  const roles = new Map(known?.map(({ id, name }) => [id, name]));
  for (let page = 1; page <= MAX_AGENT_PAGES; page += 1) {
    const outcome = await client.listAgents(orgId, page, terms);
    if (outcome.outcome !== 'ok') break;
    for (const { id, name } of rolesOf(outcome.value.results)) roles.set(id, name);
    if (!outcome.value.mayHaveMore(page)) break;
  }
  return roles.size === 0 ? undefined : [...roles].map(([id, name]) => ({ id, name }));
}

async function readPages(
  { client, pages, terms }: Reading,
  path: string,
): Promise<Outcome<NamedPage['results']>> {
  const all: NamedPage['results'] = [];
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const at = `${path}?page=${number}`;
    let read = pages.get(at);
    if (read === undefined) {
      const outcome = await client.read(at, namedPage(), terms);
      if (outcome.outcome !== 'ok') return outcome;
      read = outcome.value;
      pages.set(at, read);
    }
    all.push(...read.results);
    if (!read.hasMore(number) || read.results.length === 0) return { outcome: 'ok', value: all };
  }
  // Half of the names would refuse persons for a reason that isn't one.
  return { outcome: 'unknown', message: `${path} has more than ${MAX_PAGES} pages` };
}
