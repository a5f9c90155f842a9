import type { PersonRecord } from '../directory/record.ts';
import { PRIORITY } from '../directory/record.ts';
import { ScimInputError } from '../person/error.ts';
import { parseFilter } from '../person/filter.ts';
import { equalityOf, type LookUpKey } from '../person/key.ts';
import { compileFilter } from '../person/match.ts';
import { parseResource } from '../person/parse.ts';
import type { Person } from '../person/person.ts';
import { USER_KIND } from '../person/schema.ts';
import { type Arrival, accept } from '../provision/accept.ts';
import type { TenantProvisioning, World } from '../provision/provisioner.ts';
import { notFound, ScimError } from './error.ts';
import type { ScimRequest } from './request.ts';
import { listResponse, userResource } from './resource.ts';
import type { ScimResponse } from './response.ts';

/** What the User endpoints work with. */
export interface UserContext {
  readonly world: World;
  readonly provisioning: TenantProvisioning;
}

/**
 * `POST /Users` (RFC 7644 section 3.3): stores the person and tries once to make the agent. What SmartAssist or the
 * mapping refuses isn't stored; what can't be done now stays due and is answered 201 all the same.
 *
 * Somebody who was deactivated or deleted here and is created again comes back: clients re-assign people so.
 *
 * @throws ScimError 409 for a userName that somebody has, 400 for a person who can't become an agent
 */
export async function createUser(context: UserContext, request: ScimRequest): Promise<ScimResponse> {
  const { directory } = context.world;
  const person = parseResource(request.body, USER_KIND) as Person;
  const [holder] = await directory.findPerson(request.tenantName, {
    attribute: 'userName',
    value: person.userName,
  });
  if (holder !== undefined && !isGone(holder)) throw userNameTaken(person.userName);
  const record = await accepted(context, request, {
    person,
    source: 'scim',
    priority: PRIORITY.interactive,
    ...(holder === undefined ? {} : { before: holder }),
  });
  const body = userResource(record, request.baseUrl);
  const { location, version } = body.meta as { location: string; version: string };
  return { status: 201, body, headers: { location, etag: version } };
}

/** Deleted, or deactivated by the client: the userName is free for the same person to come back. */
const isGone = ({ deletedAt, person }: PersonRecord) => deletedAt !== undefined || person.active === false;

/** Hands a person in and turns what isn't stored into the SCIM Error for it. */
async function accepted(
  { world, provisioning }: UserContext,
  { deadline }: ScimRequest,
  arrival: Omit<Arrival, 'inline'>,
): Promise<PersonRecord> {
  const result = await accept(provisioning, world, {
    ...arrival,
    inline: { urgency: 'interactive', deadline },
  });
  switch (result.outcome) {
    case 'stored':
      return result.record;
    case 'userName-taken':
      throw userNameTaken(arrival.person.userName);
    case 'changed':
      throw new ScimError(409, 'Somebody else is changing this user at the moment; send the request again.');
    case 'invalid':
      throw new ScimError(400, result.problems.map(({ message }) => message).join('; '), {
        scimType: 'invalidValue',
      });
    case 'refused':
      throw new ScimError(400, `SmartAssist refused the agent (${result.status}): ${result.message}`, {
        scimType: 'invalidValue',
      });
  }
}

/** `GET /Users/{id}` (RFC 7644 section 3.4.1). */
export async function readUser(
  context: UserContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const record = await context.world.directory.readPerson(request.tenantName, id);
  if (record === undefined || record.deletedAt !== undefined) throw notFound('User', id);
  return { status: 200, body: userResource(record, request.baseUrl) };
}

/**
 * `GET /Users?filter=…` (RFC 7644 section 3.4.2.2) where the filter names one person: by id, userName, externalId or
 * e-mail. Identity providers look a person up so before they create one.
 */
export async function findUsers(context: UserContext, request: ScimRequest): Promise<ScimResponse> {
  const text = request.query.get('filter');
  if (text === undefined) throw new ScimError(501, 'Listing all users is not supported; use a filter.');
  const filter = parseFilter(text, USER_KIND);
  const found = await lookUp(context, request.tenantName, equalityOf(filter));
  const matches = compileFilter(filter);
  const resources = found
    .filter(({ deletedAt }) => deletedAt === undefined)
    .map((record) => userResource(record, request.baseUrl))
    .filter(matches);
  return { status: 200, body: listResponse(resources, resources.length) };
}

/** The few persons that may match a filter, by the key that it names. */
async function lookUp(
  { world }: UserContext,
  tenant: string,
  key: LookUpKey | undefined,
): Promise<PersonRecord[]> {
  const { directory } = world;
  switch (key?.attribute) {
    case 'id':
      return directory.readPersons(tenant, [key.value]);
    case 'userName':
    case 'externalId':
      return directory.findPerson(tenant, { attribute: key.attribute, value: key.value });
    case 'emails.value':
      return directory.findPerson(tenant, { attribute: 'email', value: key.value });
    default:
      throw new ScimInputError(
        'invalidFilter',
        'Filter by id, userName, externalId or emails.value with eq.',
      );
  }
}

const userNameTaken = (userName: string) =>
  new ScimError(409, `A user with the userName "${userName.slice(0, 80)}" exists already.`, {
    scimType: 'uniqueness',
  });
