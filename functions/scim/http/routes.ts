import { once } from '../../runtime/once.ts';
import type { ScimContext } from '../context.ts';
import { entitlementEndpoints } from '../entitlements/entitlements.ts';
import { ENTITLEMENT_RESOURCE_KINDS } from '../entitlements/kinds.ts';
import { readGroupAnswer } from '../groups/read.ts';
import { listAll, listGroups, listUsers, searchAll, searchGroups, searchUsers } from '../list/search.ts';
import { readUser } from '../users/read.ts';
import { ScimError } from './error.ts';
import type { ScimRequest } from './request.ts';
import type { ScimResponse } from './response.ts';

type Endpoint = (context: ScimContext, request: ScimRequest) => Promise<ScimResponse> | ScimResponse;
type ResourceEndpoint = (
  context: ScimContext,
  request: ScimRequest,
  id: string,
) => Promise<ScimResponse> | ScimResponse;

/** What a path answers to, by method. */
type Methods<E> = { readonly [Method in 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE']?: E };

/** The endpoints of RFC 7644 section 3.2, by their names in lower case: as a whole, a resource of them, a search. */
interface Room {
  readonly all?: Methods<Endpoint>;
  readonly one?: Methods<ResourceEndpoint>;
  readonly search?: Methods<Endpoint>;
}

// The first request of an identity provider looks for people; what others need is loaded then.
export const loadChanges = once(() => import('../changes.ts'));
const bulk = once(() => import('../bulk/bulk.ts'));
const discovery = once(() => import('../discovery/discovery.ts'));

type Changes = Awaited<ReturnType<typeof loadChanges>>;

/** An endpoint of `changes.ts`, by its name. */
function change<Name extends keyof Changes>(name: Name) {
  return async (...request: Parameters<Changes[Name]>): Promise<ScimResponse> => {
    const endpoint = (await loadChanges())[name] as (...given: typeof request) => Promise<ScimResponse>;
    return endpoint(...request);
  };
}

const ROOMS: ReadonlyMap<string, Room> = new Map<string, Room>([
  ['', { all: { GET: listAll } }],
  ['.search', { all: { POST: searchAll } }],
  ['bulk', { all: { POST: async (...request) => (await bulk()).doBulk(...request, route) } }],
  [
    'me',
    {
      all: {
        GET: change('readMe'),
        PUT: change('replaceMe'),
        PATCH: change('patchMe'),
        DELETE: change('removeMe'),
      },
    },
  ],
  [
    'serviceproviderconfig',
    { all: { GET: async (...request) => (await discovery()).readServiceProviderConfig(...request) } },
  ],
  [
    'resourcetypes',
    {
      all: { GET: async (...request) => (await discovery()).listResourceTypes(...request) },
      one: { GET: async (...request) => (await discovery()).readResourceType(...request) },
    },
  ],
  [
    'schemas',
    {
      all: { GET: async (...request) => (await discovery()).listSchemas(...request) },
      one: { GET: async (...request) => (await discovery()).readSchema(...request) },
    },
  ],
  [
    'users',
    {
      all: { GET: listUsers, POST: change('createUser') },
      one: {
        GET: readUser,
        PUT: change('replaceUser'),
        PATCH: change('patchUser'),
        DELETE: change('removeUser'),
      },
      search: { POST: searchUsers },
    },
  ],
  [
    'groups',
    {
      all: { GET: listGroups, POST: change('createGroup') },
      one: {
        GET: readGroupAnswer,
        PUT: change('replaceGroup'),
        PATCH: change('patchGroup'),
        DELETE: change('removeGroup'),
      },
      search: { POST: searchGroups },
    },
  ],
  ...ENTITLEMENT_RESOURCE_KINDS.map((kind): [string, Room] => {
    const { list, read, search } = entitlementEndpoints(kind);
    return [
      kind.endpoint.slice(1).toLowerCase(),
      { all: { GET: list }, one: { GET: read }, search: { POST: search } },
    ];
  }),
]);

/**
 * Finds what a request asks for and does it. Names of endpoints in any case, with or without a slash at the end.
 *
 * @throws ScimError 404 for what isn't there, 405 for a method that it doesn't answer to
 */
export function route(context: ScimContext, request: ScimRequest): Promise<ScimResponse> | ScimResponse {
  const [name = '', id, ...more] = request.segments;
  refuseOthers(request, name);
  const room = more.length === 0 ? ROOMS.get(name.toLowerCase()) : undefined;
  if (id === undefined && room?.all) return methodOf(room.all, request)(context, request);
  if (id?.toLowerCase() === '.search' && room?.search) {
    return methodOf(room.search, request)(context, request);
  }
  if (id !== undefined && room?.one) return methodOf(room.one, request)(context, request, id);
  throw new ScimError(
    404,
    `There is no endpoint /${request.segments.join('/').slice(0, 80)} below the base URL, which ends in /{tenant}/scim/v2.`,
  );
}

/** A token that names a person and opens nothing else reads that person. @throws ScimError 403 */
function refuseOthers({ caller, method }: ScimRequest, name: string): void {
  if (caller.access === 'all' || (name.toLowerCase() === 'me' && method === 'GET')) return;
  throw new ScimError(403, 'This token opens nothing but GET /Me.');
}

function methodOf<E>(methods: Methods<E>, { method }: ScimRequest): E {
  const found = Object.hasOwn(methods, method) ? methods[method as keyof Methods<E>] : undefined;
  if (found !== undefined) return found;
  const allow = Object.keys(methods).join(', ');
  throw new ScimError(405, `${method.slice(0, 20)} is not possible here; ${allow} is.`, {
    headers: { allow },
  });
}
