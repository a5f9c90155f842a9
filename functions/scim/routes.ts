import { ScimError } from './error.ts';
import type { ScimRequest } from './request.ts';
import type { ScimResponse } from './response.ts';
import { createUser, findUsers, readUser, type UserContext } from './users.ts';

/** Finds what a request asks for: endpoints of RFC 7644 section 3.2, in any case, with or without a slash at the end. */
export function route(context: UserContext, request: ScimRequest): Promise<ScimResponse> {
  const [endpoint = '', id, ...more] = request.segments;
  if (endpoint.toLowerCase() !== 'users' || more.length > 0) {
    throw new ScimError(404, `There is no endpoint /${request.segments.join('/').slice(0, 80)}.`);
  }
  if (id === undefined) {
    if (request.method === 'POST') return createUser(context, request);
    if (request.method === 'GET') return findUsers(context, request);
    throw methodNotAllowed(request.method, 'GET, POST');
  }
  if (request.method === 'GET') return readUser(context, request, id);
  throw methodNotAllowed(request.method, 'GET');
}

const methodNotAllowed = (method: string, allow: string) =>
  new ScimError(405, `${method} is not possible here; ${allow} is.`, { headers: { allow } });
