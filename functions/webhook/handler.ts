import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { World } from '../provision/provisioner.ts';
import { correlated } from '../runtime/correlation.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { receive } from './receive.ts';
import { Refusal } from './refusal.ts';
import { openRejectedLog } from './rejected.ts';
import { readRequest, readTarget, type WebhookRequest } from './request.ts';
import { failedResult, greetingResult, takenResult } from './response.ts';
import type { Source } from './source.ts';
import { sourceOf } from './sources/index.ts';
import { openStates } from './state.ts';
import type { SourceContext } from './take.ts';
import { openKeys } from './verify/keys.ts';

/** The front door for webhooks: an HTTP API event (payload 2.0) in, the answer that the provider wants to hear out. */
export type WebhookHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** A request with what is known of it by the time that it is refused. */
interface SeenEvent extends APIGatewayProxyEventV2 {
  seen?: { request?: WebhookRequest; source?: Source; tenant: string; name: string };
}

export function webhookHandler(configuration: Configuration, world: World): WebhookHandler {
  const shared = {
    world,
    keys: openKeys(world),
    states: openStates(world),
    rejected: openRejectedLog(world),
  };

  const contextOf = (tenantName: string, name: string): SourceContext => {
    const tenant = Object.hasOwn(configuration.tenants, tenantName)
      ? configuration.tenants[tenantName]
      : undefined;
    const found = tenant === undefined ? undefined : sourceOf(tenant, name);
    if (tenant === undefined || found === undefined) {
      throw new Refusal('unknown-source', 'There is no such source.');
    }
    return { ...shared, tenant: tenantName, secretName: tenant.smartassist.secret, name, ...found };
  };

  const answer = async (event: SeenEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const target = readTarget(event);
    if (target === undefined)
      throw new Refusal('unknown-source', 'Webhooks are at /{tenant}/hooks/{source}.');
    const context = contextOf(target.tenant, target.source);
    const { source } = context;
    event.seen = { source, tenant: target.tenant, name: target.source };
    const request = readRequest(event, target.subtype);
    event.seen.request = request;
    const received = await receive(context, request);
    return received.outcome === 'greeted'
      ? greetingResult(received.greeting)
      : takenResult(source, received.counts);
  };

  const chain = middy<SeenEvent, APIGatewayProxyStructuredResultV2, Error, Context>().handler(answer);

  return (given, context) => {
    const correlation = context.awsRequestId;
    const event: SeenEvent = { ...given };
    return correlated(correlation, async () => {
      try {
        return (await chain(event, context)) as APIGatewayProxyStructuredResultV2;
      } catch (error) {
        const { seen } = event;
        if (!(error instanceof Refusal)) {
          const reason =
            error instanceof Error ? `${error.name}: ${error.stack ?? error.message}` : 'unknown';
          world.log.error('a webhook failed', { tenant: seen?.tenant, source: seen?.name, reason });
        } else if (seen !== undefined) {
          await shared.rejected.add(seen.tenant, seen.name, seen.request, error);
        }
        return failedResult(error, seen?.source, correlation);
      }
    });
  };
}
