import type { ScimContext } from '../context.ts';
import { ScimError } from '../http/error.ts';
import type { ScimRequest, Subject } from '../http/request.ts';
import type { ScimResponse } from '../http/response.ts';
import { readUser } from './read.ts';
import { patchUser, removeUser, replaceUser } from './users.ts';

type UserEndpoint = (context: ScimContext, request: ScimRequest, id: string) => Promise<ScimResponse>;

/**
 * `/Me` (RFC 7644 section 3.11): the same as the address of the person that the token names, which stands in `Location`.
 * Bearer tokens of a tenant name nobody: 501.
 */
export const readMe = asMe(readUser);
export const replaceMe = asMe(replaceUser);
export const patchMe = asMe(patchUser);
export const removeMe = asMe(removeUser);

function asMe(endpoint: UserEndpoint) {
  return async (context: ScimContext, request: ScimRequest): Promise<ScimResponse> => {
    const { subject } = request.caller;
    if (subject === undefined) {
      throw new ScimError(501, 'The token names no person, so there is no /Me; use /Users/{id}.');
    }
    return endpoint(context, request, await idOf(context, request, subject));
  };
}

async function idOf(
  { services: { directory } }: ScimContext,
  { tenantName }: ScimRequest,
  { attribute, value }: Subject,
): Promise<string> {
  if (attribute === 'id') return value;
  const found = await directory.findPerson(tenantName, { attribute, value });
  const [person, ...others] = found.filter(({ deletedAt }) => deletedAt === undefined);
  // Whom a token names has to be certain.
  if (person !== undefined && others.length === 0) return person.id;
  throw new ScimError(404, `No single user has the ${attribute} that the token names.`);
}
