import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT } from '../../functions/runtime/aws-client.ts';

const FORM = 'application/x-www-form-urlencoded';
const PATIENCE_MS = 10_000;

/** Services of AWS that still speak its query protocol, and the version of each. */
const VERSIONS = { sts: '2011-06-15', sns: '2010-03-31', cloudformation: '2010-05-15' } as const;
export type QueryService = keyof typeof VERSIONS;

/** What AWS refused, in its own words. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/**
 * Asks a service of AWS by its query protocol and answers its XML. Signed by the client that commands have anyway, so that
 * no other one has to be loaded.
 *
 * @throws QueryError where it refuses
 */
export async function awsQuery(
  service: QueryService,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const client = new DynamoDBClient(AWS_CLIENT);
  try {
    const region = await client.config.region();
    const stated = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
    const url = new URL(stated ?? `https://${service}.${region}.amazonaws.com/`);
    const body = new URLSearchParams({
      Action: action,
      Version: VERSIONS[service],
      ...parameters,
    }).toString();
    const signer = await client.config.signer(undefined);
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      query: {},
      headers: { host: url.host, 'content-type': FORM },
      body,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
    };
    const signed = await signer.sign(request, { signingService: service, signingRegion: region });
    const answer = await fetch(url, {
      method: 'POST',
      headers: signed.headers,
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (answer.ok) return text;
    throw new QueryError(textOf(text, 'Message') ?? `status ${answer.status}`);
  } finally {
    client.destroy();
  }
}

/** The text of the first element of that name. */
export function textOf(xml: string, element: string): string | undefined {
  const [first] = textsOf(xml, element);
  return first;
}

/** The texts of all elements of that name that hold no others, in order. */
export function textsOf(xml: string, element: string): string[] {
  return xml
    .split(`<${element}>`)
    .slice(1)
    .flatMap((rest) => {
      const end = rest.indexOf('<');
      return end >= 0 && rest.startsWith(`</${element}>`, end) ? [unescaped(rest.slice(0, end))] : [];
    });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
