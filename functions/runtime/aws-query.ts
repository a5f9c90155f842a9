import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT } from './aws-client.ts';
import { compact } from './compact.ts';
import { httpTransport, type Transport } from './transport.ts';

const FORM = 'application/x-www-form-urlencoded';
const PATIENCE_MS = 10_000;

/** Services of AWS that still speak its query protocol, and the version of each. */
const VERSIONS = { sts: '2011-06-15', sns: '2010-03-31', cloudformation: '2010-05-15' } as const;
type QueryService = keyof typeof VERSIONS;

/** What AWS refused, in its own words; or that it gave no answer. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

export interface QueryTerms {
  /** Of the service that is asked; without it the one that the environment says. */
  readonly region?: string;
  readonly transport?: Transport;
  /** Ten seconds, if not said otherwise. */
  readonly timeoutMs?: number;
}

/**
 * Asks a service of AWS by its query protocol and answers its XML. Signed by the client of DynamoDB, which is there anyway, so
 * that no other one has to be loaded.
 *
 * @throws QueryError where it refuses, or gives no answer
 */
export async function awsQuery(
  service: QueryService,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  { region, transport = httpTransport, timeoutMs = PATIENCE_MS }: QueryTerms = {},
): Promise<string> {
  const client = new DynamoDBClient({ ...AWS_CLIENT, ...compact({ region }) });
  try {
    const signingRegion = await client.config.region();
    const stated = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
    const url = new URL(stated ?? `https://${service}.${signingRegion}.${suffixOf(signingRegion)}/`);
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
    const { headers } = await signer.sign(request, { signingService: service, signingRegion });
    const asked = { method: 'POST', url: url.href, headers, body, timeoutMs };
    const answer = await transport(asked).catch((error: Error) => {
      throw new QueryError(`${url.host} gave no answer: ${error.message}`, { cause: error });
    });
    if (answer.status === 200) return answer.body;
    throw new QueryError(textOf(answer.body, 'Message') ?? `status ${answer.status}`);
  } finally {
    client.destroy();
  }
}

/** @see https://docs.aws.amazon.com/general/latest/gr/rande.html */
function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
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
