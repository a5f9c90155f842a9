import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type Metrics, NO_TENANT } from './metrics.ts';

/** The header by which CloudFront shows that a request came by it. */
export const ORIGIN_HEADER = 'x-agent-provisioner-origin';

type Door = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * A front door behind CloudFront. What came by it is under the public name (`PUBLIC_HOST`), in addresses that are answered,
 * too; what came by the API's own name is refused before anything is read, unless `ORIGIN_DOOR` is `open`.
 *
 * @param environment without `ORIGIN_KEY` nothing stands in front, and the door stays as it is
 */
export function behindOrigin(environment: NodeJS.ProcessEnv, metrics: Metrics, door: Door): Door {
  const { ORIGIN_KEY: key, PUBLIC_HOST: host, ORIGIN_DOOR: state } = environment;
  if (key === undefined || host === undefined) return door;
  const known = digest(key);
  return (event, context) => {
    const { [ORIGIN_HEADER]: shown, ...headers } = event.headers;
    if (shown !== undefined && timingSafeEqual(digest(shown), known)) {
      const requestContext = { ...event.requestContext, domainName: host };
      return door({ ...event, headers, requestContext }, context);
    }
    if (state === 'open') return door({ ...event, headers }, context);
    metrics.count('Rejected', { tenant: NO_TENANT, reason: 'origin' });
    return Promise.resolve(closed(host));
  };
}

/** A form that a SCIM client can read (RFC 7644 section 3.12), and that says the rest to others. */
function closed(host: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: 403,
    headers: { 'content-type': 'application/scim+json', 'cache-control': 'no-store' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '403',
      detail: `This address is closed: requests are answered at https://${host} alone.`,
    }),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
