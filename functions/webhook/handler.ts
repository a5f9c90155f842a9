import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Services } from '../provision/services.ts';
import { correlated } from '../runtime/correlation.ts';
import { errorTrace } from '../runtime/error-text.ts';
import { type Limits, NO_LIMITS } from '../runtime/limits.ts';
import { NO_TENANT } from '../runtime/metrics.ts';
import { pathOf } from '../runtime/path.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { sourceNamed, tenantNamed } from '../tenant/look-up.ts';
import type { WebhookProvider, WebhookProviders } from './provider.ts';
import { ingest } from './receive.ts';
import { Rejection } from './rejection.ts';
import { readRequest, readTarget, type WebhookRequest } from './request.ts';
import { acceptedResult, failedResult, handshakeResult, limitedResult } from './response.ts';
import { openSourceContexts, type SourceContext } from './source-context.ts';
import type { Verifier } from './verify/verifier.ts';

/** The front door for webhooks: an HTTP API event (payload 2.0) in, the answer that the provider wants to hear out. */
export type WebhookHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** A request with what is known of it by the time that it is refused. */
interface SeenEvent extends APIGatewayProxyEventV2 {
  seen?: {
    request?: WebhookRequest;
    readonly provider: WebhookProvider;
    readonly verifier: Verifier;
    readonly tenant: string;
    readonly name: string;
  };
}

export function webhookHandler(
  configuration: Configuration,
  services: Services,
  providers: WebhookProviders,
  limits: Limits = NO_LIMITS,
): WebhookHandler {
  const contexts = openSourceContexts(services, providers);

  const contextOf = async (tenantName: string, name: string): Promise<SourceContext> => {
    const tenant = tenantNamed(configuration, tenantName);
    const settings = tenant === undefined ? undefined : sourceNamed(tenant, name);
    const provider = settings === undefined ? undefined : await providers.webhook(settings.preset);
    if (tenant === undefined || settings === undefined || provider === undefined) {
      throw new Rejection('unknown-source', 'There is no such source.');
    }
    return contexts.of(tenantName, tenant, name, settings, provider);
  };

  const answer = async (event: SeenEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const target = readTarget(event);
    if (target === undefined)
      throw new Rejection('unknown-path', 'Webhooks are at /{tenant}/hooks/{source}.');
    const context = await contextOf(target.tenant, target.source).catch((error: unknown) => {
      // As of a source that there is.
      const { method } = event.requestContext.http;
      if (error instanceof Rejection && method !== 'POST') {
        throw new Rejection('method', `${method} is not possible here; POST is.`);
      }
      throw error;
    });
    const { provider, settings } = context;
    event.seen = {
      provider,
      verifier: provider.verifier(settings),
      tenant: target.tenant,
      name: target.source,
    };
    const request = readRequest(event, target.subtype, provider.maxBytes);
    event.seen.request = request;
    const received = await ingest(context, request);
    return received.outcome === 'handshake-answered'
      ? handshakeResult(received.handshakeAnswer)
      : acceptedResult(provider, received.counts);
  };

  const chain = middy<SeenEvent, APIGatewayProxyStructuredResultV2, Error, Context>().handler(answer);

  return (given, context) => {
    const correlation = context.awsRequestId;
    const event: SeenEvent = { ...given };
    return correlated(correlation, async () => {
      try {
        return await chain(event, context);
      } catch (error) {
        const { seen } = event;
        if (error instanceof Rejection && error.isOfStranger) {
          const seconds = limits.ofStrangers(pathOf(event).split('/')[1] ?? '');
          if (seconds > 0) {
            services.metrics.count('Limited', { tenant: seen?.tenant ?? NO_TENANT, kind: 'stranger' });
            return limitedResult(seconds);
          }
        }
        if (!(error instanceof Rejection)) {
          const reason = errorTrace(error);
          services.log.error('a webhook failed', { tenant: seen?.tenant, source: seen?.name, reason });
        } else if (seen === undefined && error.code !== 'unknown-path') {
          services.metrics.count('Rejected', { tenant: NO_TENANT, reason: error.code });
        } else if (seen !== undefined) {
          await contexts.rejections.add(seen.tenant, seen.name, seen.request, error, seen.verifier);
        }
        return failedResult(error, seen?.provider, correlation);
      }
    });
  };
}
