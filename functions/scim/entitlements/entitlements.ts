import { compact } from '../../runtime/compact.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { Part } from '../../smartassist/catalogue-parts.ts';
import { describeFailure } from '../../smartassist/outcome.ts';
import type { RequestedEntitlement } from '../../tenant/vocabulary.ts';
import type { ScimContext } from '../context.ts';
import { notFound, ScimError } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import type { ScimResponse } from '../http/response.ts';
import { selectionOf, viewOf } from '../http/view.ts';
import { type Collection, type Entry, everything } from '../list/collection.ts';
import { list } from '../list/list.ts';
import { type ListQuery, queryOf, searchOf } from '../list/query.ts';
import { type EntitlementKind, offeredKinds } from './kinds.ts';
import { entitlementResources } from './resources.ts';

/** The endpoints of a kind of what can be granted: its list, one of it, and a search. */
export function entitlementEndpoints(kind: EntitlementKind) {
  const listOf = async (context: ScimContext, request: ScimRequest, query: ListQuery) =>
    list(context, request, await collectionOf(kind, context, request), query);
  return {
    list: (context: ScimContext, request: ScimRequest): Promise<ScimResponse> =>
      listOf(context, request, queryOf(request.query)),
    search: (context: ScimContext, request: ScimRequest): Promise<ScimResponse> =>
      listOf(context, request, searchOf(request.body)),
    read: async (context: ScimContext, request: ScimRequest, id: string): Promise<ScimResponse> => {
      const collection = await collectionOf(kind, context, request);
      const found = collection.resources.find((resource) => resource.id === id);
      if (found === undefined) throw notFound(kind.name, id);
      return { status: 200, body: viewOf(selectionOf(request.query), kind).project(found) };
    },
  };
}

async function collectionOf(kind: EntitlementKind, context: ScimContext, request: ScimRequest) {
  const { tenant, baseUrl } = request;
  if (!offeredKinds(tenant).some(({ wish }) => wish === kind.wish)) {
    throw new ScimError(404, `There is no endpoint ${kind.endpoint}: wishes doesn't list ${kind.wish}.`);
  }
  const resources = entitlementResources(kind, await catalogueFor(kind, context, request), tenant, baseUrl);
  const entries = resources.map(
    (resource, index): Entry => ({
      // In the order of names, as they are listed.
      key: String(index).padStart(KEY_DIGITS, '0'),
      kind,
      resource: () => resource,
    }),
  );
  const page: Collection['page'] = async (after, limit) => {
    const start = after === undefined ? 0 : Number(after) + 1;
    const some = entries.slice(start, start + limit);
    const last = some.at(-1)?.key;
    const isEnd = start + limit >= entries.length || last === undefined;
    return { entries: some, ...compact({ next: isEnd ? undefined : last }) };
  };
  return {
    name: kind.name,
    kind,
    resources,
    count: async () => entries.length,
    page,
    read: async (keys: readonly string[]) => keys.flatMap((key) => entries[Number(key)] ?? []),
    candidates: () => everything(page),
  } satisfies Collection & { resources: unknown };
}

const KEY_DIGITS = 6;

const PART_OF: Readonly<Record<RequestedEntitlement, Part | undefined>> = {
  skills: 'skills',
  queues: 'queues',
  agentGroup: 'agentGroups',
  role: 'roles',
  languages: undefined,
};

/** @throws ScimError 503 while the names can't be read: an empty list would take what is granted from all */
async function catalogueFor(
  { wish }: EntitlementKind,
  { provisioning, services }: ScimContext,
  { until }: ScimRequest,
): Promise<Catalogue> {
  const deadline = Math.max(services.clock.now(), until - ANSWER_MS);
  const { catalogue } = await provisioning();
  const known = await catalogue.get({ urgency: 'interactive', deadline });
  if (known.outcome !== 'ok') throw unreadable(describeFailure(known));
  const part = PART_OF[wish];
  const unread = part === undefined ? undefined : known.value.unread?.[part];
  if (part !== undefined && unread !== undefined && known.value[part].length === 0) {
    throw unreadable(unread.reason);
  }
  return known.value;
}

const ANSWER_MS = 500;

function unreadable(reason: string): ScimError {
  return new ScimError(503, `SmartAssist's names can't be read at present: ${reason}.`, {
    headers: { 'retry-after': '60' },
  });
}
