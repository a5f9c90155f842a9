import { GROUP_KIND, type ResourceKind, type Schema, USER_KIND } from '../../scim-core/schema.ts';
import { MAX_BULK_OPERATIONS } from '../bulk/message.ts';
import type { ScimContext } from '../context.ts';
import { offeredKinds } from '../entitlements/kinds.ts';
import { MAX_BODY_BYTES } from '../http/body.ts';
import { notFound, ScimError } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import type { ScimResponse } from '../http/response.ts';
import { CURSOR_TIMEOUT_SECONDS } from '../list/cursor.ts';
import { listAnswer } from '../list/list.ts';
import { DEFAULT_COUNT, MAX_COUNT } from '../list/query.ts';
import { describedSchema } from './descriptions.ts';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from './service-schema.ts';

/** What there is of each tenant, and what may be asked for a user. */
function kindsOf({ tenant }: ScimRequest): readonly ResourceKind[] {
  return [USER_KIND, GROUP_KIND, ...offeredKinds(tenant)];
}

/** Every schema that a `schemas` of ours names (RFC 7643 section 7). */
function schemasOf(request: ScimRequest): readonly Schema[] {
  return [
    ...new Set(kindsOf(request).flatMap(({ core, extensions }) => [core, ...extensions])),
    SERVICE_PROVIDER_CONFIG,
    RESOURCE_TYPE,
    SCHEMA,
  ];
}

/** `GET /ServiceProviderConfig` (RFC 7643 section 5, RFC 9865 section 4): what is supported, and its limits. */
export function readServiceProviderConfig(_: ScimContext, { baseUrl, tenant }: ScimRequest): ScimResponse {
  const location = `${baseUrl}/ServiceProviderConfig`;
  return {
    status: 200,
    headers: { location },
    body: {
      schemas: [SERVICE_PROVIDER_CONFIG.id],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BODY_BYTES },
      filter: { supported: true, maxResults: MAX_COUNT },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: DEFAULT_COUNT,
        maxPageSize: MAX_COUNT,
        cursorTimeout: CURSOR_TIMEOUT_SECONDS,
      },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: 'OAuth Bearer Token',
          description: 'A long-lived token of the tenant in the Authorization header.',
          specUri: 'https://www.rfc-editor.org/info/rfc6750',
          primary: true,
        },
        ...(tenant.scim.jwt.length === 0 ? [] : [OAUTH2]),
      ],
      meta: { resourceType: 'ServiceProviderConfig', location },
    },
  };
}

const OAUTH2 = {
  type: 'oauth2',
  name: 'OAuth 2.0 access token',
  description: 'A JSON Web Token of an authorization server that the tenant trusts.',
  specUri: 'https://www.rfc-editor.org/info/rfc9068',
};

/** `GET /ResourceTypes` (RFC 7643 section 6). */
export function listResourceTypes(_: ScimContext, request: ScimRequest): ScimResponse {
  return all(request, kindsOf(request), resourceType);
}

/** `GET /ResourceTypes/{name}`. */
export function readResourceType(_: ScimContext, request: ScimRequest, id: string): ScimResponse {
  return one('ResourceType', id, request.baseUrl, kindsOf(request), ({ name }) => name, resourceType);
}

/** `GET /Schemas` (RFC 7643 section 7). */
export function listSchemas(_: ScimContext, request: ScimRequest): ScimResponse {
  return all(request, schemasOf(request), schemaResource);
}

/** `GET /Schemas/{urn}`. */
export function readSchema(_: ScimContext, request: ScimRequest, id: string): ScimResponse {
  return one('Schema', id, request.baseUrl, schemasOf(request), (schema) => schema.id, schemaResource);
}

function resourceType(kind: ResourceKind, baseUrl: string) {
  const { name, endpoint, core, extensions, description = core.description } = kind;
  return {
    schemas: [RESOURCE_TYPE.id],
    id: name,
    name,
    endpoint,
    description,
    schema: core.id,
    ...(extensions.length === 0
      ? {}
      : { schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })) }),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  };
}

function schemaResource(schema: Schema, baseUrl: string) {
  return {
    schemas: [SCHEMA.id],
    ...describedSchema(schema),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

/** RFC 7644 section 4: paging and sorting are ignored; a filter is refused, so that nobody takes all for its result. */
function all<T>(
  { query, baseUrl }: ScimRequest,
  things: readonly T[],
  represent: (thing: T, baseUrl: string) => unknown,
): ScimResponse {
  if (query.has('filter')) throw new ScimError(403, 'This list can not be filtered.');
  const resources = things.map((thing) => represent(thing, baseUrl));
  return listAnswer(resources, { totalResults: resources.length, startIndex: 1 });
}

function one<T>(
  kind: string,
  id: string,
  baseUrl: string,
  things: readonly T[],
  idOf: (thing: T) => string,
  represent: (thing: T, baseUrl: string) => { meta: { location: string } },
): ScimResponse {
  const found = things.find((thing) => idOf(thing).toLowerCase() === id.toLowerCase());
  if (found === undefined) throw notFound(kind, id);
  const body = represent(found, baseUrl);
  return { status: 200, body, headers: { location: body.meta.location } };
}
