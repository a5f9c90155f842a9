import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { correlated, shortId } from '../../runtime/correlation.ts';
import { errorTrace } from '../../runtime/error-text.ts';
import { type Limits, NO_LIMITS } from '../../runtime/limits.ts';
import { NO_TENANT } from '../../runtime/metrics.ts';
import { pathOf } from '../../runtime/path.ts';
import type { Configuration, TenantConfiguration } from '../../tenant/configuration.ts';
import { tenantNamed } from '../../tenant/look-up.ts';
import { sourceSecrets } from '../../tenant/secrets/secret.ts';
import { checkWithSecret } from '../../tenant/secrets/secrets.ts';
import type { WebhookHandler } from '../handler.ts';
import { ownerOf } from '../ingest.ts';
import type { WebhookProviders } from '../provider.ts';
import { ingest } from '../receive.ts';
import { Rejection, type RejectionCode } from '../rejection.ts';
import { readRequest, type WebhookRequest } from '../request.ts';
import { openSourceContexts, type SourceContext } from '../source-context.ts';
import { positionOf } from '../verify/equal.ts';
import { securityEvents } from './stream.ts';

/** Error codes of RFC 8935 section 2.4 for what isn't taken. */
const ERRORS: Readonly<Partial<Record<RejectionCode, string>>> = {
  'unknown-key': 'invalid_key',
  'wrong-issuer': 'invalid_issuer',
  'wrong-audience': 'invalid_audience',
  'bad-signature': 'authentication_failed',
  'no-signature': 'invalid_request',
  'malformed-signature': 'invalid_request',
};

/**
 * The front door for Security Event Tokens, pushed to `/{tenant}/events` (RFC 8935): 202 when everything that counts is
 * stored, 400 with `err` for what isn't taken, and 503 for our own failures, so that the transmitter repeats it.
 */
export function securityEventHandler(
  configuration: Configuration,
  services: Services,
  providers: WebhookProviders,
  limits: Limits = NO_LIMITS,
): WebhookHandler {
  const contexts = openSourceContexts(services, providers);

  const answer = async (
    event: APIGatewayProxyEventV2,
    correlation: string,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const [, tenantName = '', events, ...rest] = pathOf(event).split('/');
    const tenant = tenantNamed(configuration, tenantName);
    if (events !== 'events' || rest.length > 0) return result(404);
    if (event.requestContext.http.method !== 'POST') return result(405, undefined, { allow: 'POST' });
    let found: SourceContext | undefined;
    let request: WebhookRequest | undefined;
    try {
      request = readRequest(event, undefined);
      if (!/^application\/secevent\+jwt\b/i.test(request.headers['content-type'] ?? '')) {
        throw new Rejection('malformed-body', 'The content type must be application/secevent+jwt.');
      }
      // Without a tenant the answer is that of one without such a stream.
      const name = streamOf(tenant?.sources ?? {}, request.body);
      const settings = name === undefined ? undefined : tenant?.sources[name];
      if (tenant === undefined || name === undefined || settings === undefined) {
        throw new Rejection('wrong-issuer', 'No stream of this issuer is configured.');
      }
      found = contexts.of(tenantName, tenant, name, settings, securityEvents);
      await assertCaller(found, request);
      await ingest(found, request);
      return result(202);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      const seconds = error.isUnauthenticated ? limits.ofStrangers(tenantName) : 0;
      if (seconds > 0) {
        const counted = tenant === undefined ? NO_TENANT : tenantName;
        services.metrics.count('Limited', { tenant: counted, kind: 'stranger' });
        return result(429, undefined, { 'retry-after': String(seconds) });
      }
      if (tenant === undefined) services.metrics.count('Rejected', { tenant: NO_TENANT, reason: error.code });
      else await contexts.rejections.add(tenantName, found?.name ?? 'events', request, error);
      if (error.code === 'paused') return result(503, undefined, { 'retry-after': '3600' });
      if (error.code === 'too-large') return result(413);
      return result(400, {
        err: ERRORS[error.code] ?? 'invalid_request',
        description: `${error.message} (${shortId(correlation)})`,
      });
    }
  };

  return (event, context) =>
    correlated(context.awsRequestId, async () => {
      try {
        return await answer(event, context.awsRequestId);
      } catch (error) {
        services.log.error('a security event failed', { reason: errorTrace(error) });
        return result(503, undefined, { 'retry-after': '60', 'x-correlation-id': context.awsRequestId });
      }
    });
}

/** The configured stream of the token's issuer; what the token says isn't believed yet, only looked up. */
function streamOf(sources: TenantConfiguration['sources'], body: Buffer): string | undefined {
  const part = body.toString('latin1').split('.')[1] ?? '';
  let issuer: unknown;
  try {
    issuer = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))?.iss;
  } catch {
    throw new Rejection('malformed-signature', 'The body is no signed token.');
  }
  const streams = Object.entries(sources).filter(([, { preset }]) => preset === 'security-events');
  return streams.find(([, settings]) => settings.issuer !== undefined && settings.issuer === issuer)?.[0];
}

/** Where the stream has a secret, the transmitter has to send it as its bearer token, beside the signature. */
async function assertCaller(context: SourceContext, request: WebhookRequest): Promise<void> {
  const { services, name } = context;
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const isCaller = await checkWithSecret(
    services.secrets,
    ownerOf(context),
    (secret) => {
      const tokens = sourceSecrets(secret, name);
      return tokens.length === 0 || (token !== undefined && positionOf(token, tokens) !== -1);
    },
    (isGood) => isGood,
  );
  if (isCaller) return;
  throw new Rejection('bad-signature', 'The bearer token of the stream is missing or not valid.');
}

function result(
  statusCode: number,
  body?: { readonly err: string; readonly description: string },
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: {
      'cache-control': 'no-store',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-language': 'en' }),
      ...headers,
    },
    ...compact({ body: body === undefined ? undefined : JSON.stringify(body) }),
  };
}
