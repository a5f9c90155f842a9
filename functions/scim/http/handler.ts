import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { InlineProvisioning } from '../../provision/accept-inline.ts';
import type { Services } from '../../provision/services.ts';
import { correlated } from '../../runtime/correlation.ts';
import { type Limits, NO_LIMITS } from '../../runtime/limits.ts';
import { NO_TENANT } from '../../runtime/metrics.ts';
import { once } from '../../runtime/once.ts';
import { pathOf } from '../../runtime/path.ts';
import type { Configuration, TenantConfiguration } from '../../tenant/configuration.ts';
import { tenantNamed } from '../../tenant/look-up.ts';
import type { ScimContext } from '../context.ts';
import { openHearing } from '../heard-clients.ts';
import { Positions } from '../list/positions.ts';
import { type Authenticated, openAuthenticator } from './authenticate.ts';
import { type ParsedEvent, scimJsonBody } from './body.ts';
import { ScimError, tooMany } from './error.ts';
import { failureOf } from './failure.ts';
import { openRejectionLog } from './rejection-log.ts';
import { baseUrlOf, readQuery, readTarget, type ScimRequest } from './request.ts';
import { errorResult, packed, toResult } from './response.ts';
import { route } from './routes.ts';

/** How long a create may wait for SmartAssist; for clients that give up after 1.5 seconds (Auth0) one second. */
const INLINE_MS = 8_000;
const INLINE_IMPATIENT_MS = 1_000;
/** What answering takes after the last call. */
const ANSWER_MARGIN_MS = 500;
/** A client waits no longer for a list than this, whatever time the function has. */
const LONGEST_MS = 25_000;

/** A request on its way through the chain: first it is authenticated, then its body is parsed. */
interface ScimEvent extends ParsedEvent {
  admitted?: Authenticated & { readonly tenantName: string; readonly segments: readonly string[] };
}

/** The front door for SCIM 2.0: an HTTP API event (payload 2.0) in, a SCIM answer out, whatever happens. */
export type ScimHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Opens a tenant for provisioning (`openInline`). The entry point hands it in, so that a function on AWS loads it with
 * the first request that needs it.
 */
export type OpenProvisioning = (
  name: string,
  tenant: TenantConfiguration,
  services: Services,
  all: Configuration['tenants'],
) => InlineProvisioning | Promise<InlineProvisioning>;

export function scimHandler(
  configuration: Configuration,
  services: Services,
  openProvisioning: OpenProvisioning,
  limits: Limits = NO_LIMITS,
): ScimHandler {
  const rejections = openRejectionLog(services);
  const hear = openHearing(services);
  const contexts = new Map<string, ScimContext>();
  const contextOf = (name: string, tenant: TenantConfiguration): ScimContext => {
    const known = contexts.get(name) ?? {
      services,
      name,
      tenant,
      provisioning: once(async () => openProvisioning(name, tenant, services, configuration.tenants)),
      positions: new Positions(() => services.clock.now()),
      rejections,
    };
    contexts.set(name, known);
    return known;
  };

  const tenantOf = (event: APIGatewayProxyEventV2): string => {
    const name = nameIn(event);
    return tenantNamed(configuration, name) === undefined ? NO_TENANT : name;
  };

  const authenticate = openAuthenticator(configuration, services);
  const authentication = {
    before: async ({ event }: { event: ScimEvent }) => {
      const target = readTarget(event);
      if (target === undefined)
        throw new ScimError(404, 'There is no SCIM at this address: the base URL ends in /{tenant}/scim/v2.');
      const { tenant: tenantName, segments } = target;
      const { authorization } = event.headers;
      const method = methodOf(event);
      const caller = await authenticate({ tenantName, segments, method, authorization });
      // What is open to all is asked for by strangers, who must not use up what the tenant may ask for.
      const isStranger = authorization === undefined;
      const seconds = isStranger ? limits.ofStrangers(tenantName) : limits.ofScim(tenantName);
      if (seconds > 0) {
        const kind = isStranger ? 'stranger' : 'scim';
        services.metrics.count('Limited', { tenant: tenantName, kind });
        throw tooMany(seconds);
      }
      event.admitted = { ...caller, tenantName, segments };
    },
  };

  /** What a request that proved nothing is told; of too many that alone, and nothing is written of each. */
  const refusalOf = (event: ScimEvent, error: unknown): unknown => {
    if (event.admitted !== undefined || !(error instanceof ScimError) || error.status >= 429) return error;
    const seconds = limits.ofStrangers(nameIn(event));
    if (seconds === 0) return error;
    services.metrics.count('Limited', { tenant: tenantOf(event), kind: 'stranger' });
    return tooMany(seconds);
  };

  const answer = async (event: ScimEvent, context: Context) => {
    const { admitted } = event;
    if (admitted === undefined) throw new Error('a request got past the door unseen');
    const request = readRequest(event, admitted, context, services.clock.now());
    const { tenantName, tenant, token } = admitted;
    const heard = token === undefined ? undefined : hear(tenantName, request.userAgent, token);
    try {
      const response = await route(contextOf(tenantName, tenant), request);
      return packed(toResult(response, event), event);
    } finally {
      // It never fails, and what a function has not written at its end is lost.
      await heard;
    }
  };

  const chain = middy<ScimEvent, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(authentication)
    .use(scimJsonBody())
    .handler(answer);

  const keep = async (event: ScimEvent, failure: ScimError): Promise<void> => {
    const target = readTarget(event);
    if (target === undefined || !Object.hasOwn(configuration.tenants, target.tenant)) return;
    // Of a stranger's request nothing is read but its head.
    const body = event.admitted === undefined ? undefined : (event.parsed ?? event.body);
    const userAgent = event.headers['user-agent'] ?? '';
    const refused = { method: methodOf(event), segments: target.segments, body, userAgent };
    await rejections.add(target.tenant, refused, failure);
  };

  return (event, context) => {
    const correlation =
      event.headers['x-correlation-id']?.slice(0, 64).replace(/[^\w.:-]/g, '') || context.awsRequestId;
    return correlated(correlation, async () => {
      try {
        return await chain(event, context);
      } catch (error) {
        const failure = failureOf(refusalOf(event, error), services, tenantOf(event));
        // Of what is limited nothing is written.
        if (failure.status !== 429) await keep(event, failure);
        return errorResult(failure, correlation, event);
      }
    });
  };
}

/** The tenant that an address names, whether there is one or not. */
function nameIn(event: APIGatewayProxyEventV2): string {
  return pathOf(event).split('/')[1] ?? '';
}

function readRequest(
  event: ScimEvent,
  admitted: NonNullable<ScimEvent['admitted']>,
  context: Context,
  now: number,
): ScimRequest {
  const userAgent = event.headers['user-agent'] ?? '';
  const patience = /auth0/i.test(userAgent) ? INLINE_IMPATIENT_MS : INLINE_MS;
  const remaining = Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MARGIN_MS);
  return {
    ...admitted,
    method: methodOf(event),
    query: readQuery(event),
    body: event.parsed,
    baseUrl: baseUrlOf(event, admitted.tenantName),
    userAgent,
    ifMatch: event.headers['if-match'],
    ifNoneMatch: event.headers['if-none-match'],
    deadline: now + Math.min(patience, remaining),
    until: now + Math.min(LONGEST_MS, remaining),
  };
}

/** HEAD is a GET whose answer has no body (RFC 9110 section 9.3.2). */
function methodOf({ requestContext }: APIGatewayProxyEventV2): string {
  const { method } = requestContext.http;
  return method === 'HEAD' ? 'GET' : method;
}
