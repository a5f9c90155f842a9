import type { PersonRecord } from '../directory/record.ts';
import { PRIORITY } from '../directory/record.ts';
import { ScimInputError } from '../person/error.ts';
import { parseFilter } from '../person/filter.ts';
import { equalityOf, type LookUpKey } from '../person/key.ts';
import { compileFilter } from '../person/match.ts';
import { parseResource } from '../person/parse.ts';
import type { Person } from '../person/person.ts';
import { USER_KIND } from '../person/schema.ts';
import { createNow } from '../provision/create.ts';
import { customIdOf } from '../provision/custom-id.ts';
import type { TenantProvisioning, World } from '../provision/provisioner.ts';
import { describeFailure } from '../smartassist/outcome.ts';
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
 * @throws ScimError 409 for a userName that exists, 400 for a person who can't become an agent
 */
export async function createUser(context: UserContext, request: ScimRequest): Promise<ScimResponse> {
  const { world, provisioning } = context;
  const { directory, clock } = world;
  const person = parseResource(request.body, USER_KIND) as Person;
  const [holder] = await directory.findPerson(request.tenantName, {
    attribute: 'userName',
    value: person.userName,
  });
  if (holder !== undefined) throw userNameTaken(person.userName);

  const record = newRecord(request.tenantName, person, world);
  const terms = { urgency: 'interactive', deadline: request.deadline } as const;
  const plan = await provisioning.planner.plan(record, terms);
  if (plan.kind === 'invalid') {
    throw new ScimError(400, plan.problems.map(({ message }) => message).join('; '), {
      scimType: 'invalidValue',
    });
  }
  if (plan.kind === 'not-wanted')
    return created(await store(context, { ...withoutDue(record), state: 'waiting' }), request);
  if (plan.kind === 'unavailable') {
    const at = new Date(clock.now()).toISOString();
    const lastError = { code: plan.failure.outcome, message: describeFailure(plan.failure), at };
    return created(await store(context, { ...record, attempts: { ...record.attempts, lastError } }), request);
  }
  const lease = { holder: world.randomId(), until: request.deadline + LEASE_MARGIN_MS };
  const stored = await store(context, { ...record, lease });
  const result = await createNow(provisioning, world, stored, plan, terms);
  if (result.outcome === 'refused') {
    throw new ScimError(400, `SmartAssist refused the agent (${result.status}): ${result.message}`, {
      scimType: 'invalidValue',
    });
  }
  return created(result.record, request);
}

/** The lease outlives the deadline by what writing the outcome may take. */
const LEASE_MARGIN_MS = 5_000;

/** `GET /Users/{id}` (RFC 7644 section 3.4.1). */
export async function readUser(
  context: UserContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const record = await context.world.directory.readPerson(request.tenantName, id);
  if (record === undefined) throw notFound('User', id);
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
  const resources = found.map((record) => userResource(record, request.baseUrl)).filter(matches);
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

function newRecord(tenant: string, person: Person, { clock, randomId }: World): PersonRecord {
  const id = randomId();
  const now = new Date(clock.now()).toISOString();
  return {
    tenant,
    id,
    version: 1,
    personVersion: 1,
    createdAt: now,
    updatedAt: now,
    source: 'scim',
    person,
    state: 'due',
    dueAt: now,
    priority: PRIORITY.interactive,
    agent: { customId: customIdOf(tenant, id) },
    attempts: { count: 0, unknown: false },
  };
}

function withoutDue({ dueAt: _, ...record }: PersonRecord): PersonRecord {
  return record;
}

async function store({ world }: UserContext, record: PersonRecord): Promise<PersonRecord> {
  const result = await world.directory.createPerson(record);
  if (!result.ok) throw userNameTaken(record.person.userName);
  return record;
}

function created(record: PersonRecord, request: ScimRequest): ScimResponse {
  const body = userResource(record, request.baseUrl);
  const { location, version } = body.meta as { location: string; version: string };
  return { status: 201, body, headers: { location, etag: version } };
}

const userNameTaken = (userName: string) =>
  new ScimError(409, `A user with the userName "${userName.slice(0, 80)}" exists already.`, {
    scimType: 'uniqueness',
  });
