import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type SourceSettings, sourceSchema } from '../functions/tenant/sources.ts';
import { agentSchema } from './conversation.ts';
import { serveProvider } from './provider.ts';

/**
 * What a source really delivers when a person arrives, what the answer's status must be, and the agent that has to stand
 * there in the end. Kept as JSON in test/fixtures/deliveries.
 */
const deliverySchema = z.strictObject({
  client: z.string(),
  /** Where the shape of the body is documented. */
  shape: z.string(),
  source: z.string(),
  /** As provisioner.yaml has them; `{provider}` is the address of the stand-in. */
  settings: z.record(z.string(), z.unknown()),
  /** Below the tenant's address. */
  path: z.string(),
  /** How the provider proves itself: a header with a fixed value, BambooHR's signature, a signed token as the body. */
  proof: z.enum(['header', 'bamboohr', 'token']),
  /** What the provider's API answers, by path, where the body only names a person. */
  provider: z.record(z.string(), z.unknown()).optional(),
  body: z.record(z.string(), z.unknown()),
  status: z.number(),
  agent: agentSchema,
});
export type Delivery = z.output<typeof deliverySchema>;

/** Everything that delivering takes: secrets and a key made for this run, and a stand-in for the providers' APIs. */
export interface Deliveries {
  readonly deliveries: readonly Delivery[];
  readonly sources: Readonly<Record<string, SourceSettings>>;
  readonly sourceSecrets: Readonly<Record<string, readonly string[]>>;
  /**
   * Sends a delivery to the tenant's address.
   *
   * @throws Error when the answer has another status than it should
   */
  send(delivery: Delivery, tenantUrl: string): Promise<void>;
  close(): Promise<void>;
}

const FOLDER = join(import.meta.dirname, '../test/fixtures/deliveries');
const KEY_ID = 'demo';

export async function openDeliveries(): Promise<Deliveries> {
  const deliveries = readdirSync(FOLDER)
    .toSorted()
    .map((file) => deliverySchema.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' }] };
  const persons = Object.assign({}, ...deliveries.map(({ provider = {} }) => provider));
  const provider = await serveProvider(({ url, headers }) => {
    if (url === '/jwks.json') return jwks;
    return headers.authorization === undefined ? undefined : persons[url];
  });
  const secret = randomBytes(24).toString('hex');
  // A stream of security events is proven by its key, and needs no secret beside it.
  const named = deliveries.filter(({ proof }) => proof !== 'token').map(({ source }) => source);
  return {
    deliveries,
    sources: Object.fromEntries(
      deliveries.map(({ source, settings }) => {
        const text = JSON.stringify(settings).replaceAll('{provider}', provider.url);
        return [source, sourceSchema.parse(JSON.parse(text))];
      }),
    ),
    sourceSecrets: Object.fromEntries(
      named.flatMap((source) => [
        [source, [secret]],
        [`${source}.fetch`, [randomBytes(24).toString('hex')]],
      ]),
    ),
    send: (delivery, tenantUrl) => send(delivery, tenantUrl, secret, privateKey),
    close: () => provider.close(),
  };
}

async function send(delivery: Delivery, tenantUrl: string, secret: string, key: KeyObject): Promise<void> {
  const { client, path, status } = delivery;
  const { headers, body } = proven(delivery, secret, key);
  const response = await fetch(`${tenantUrl}/${path}`, { method: 'POST', headers, body });
  const answer = await response.text();
  if (response.status !== status) {
    throw new Error(`${client}: POST ${path} answered ${response.status} instead of ${status}: ${answer}`);
  }
}

/** The body with what proves it, in the words of its provider. */
function proven({ proof, body }: Delivery, secret: string, key: KeyObject) {
  const json = { 'content-type': 'application/json' };
  const text = JSON.stringify(body);
  const seconds = Math.floor(Date.now() / 1_000);
  switch (proof) {
    case 'header':
      return { headers: { ...json, authorization: secret }, body: text };
    case 'bamboohr': {
      const signature = createHmac('sha256', secret).update(`${text}${seconds}`).digest('hex');
      const headers = { 'x-bamboohr-timestamp': String(seconds), 'x-bamboohr-signature': signature };
      return { headers: { ...json, ...headers }, body: text };
    }
    case 'token':
      return {
        headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
        body: tokenOf({ ...body, iat: seconds }, key),
      };
  }
}

/** A Security Event Token (RFC 8417), signed with ES256. */
function tokenOf(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'ES256', kid: KEY_ID, typ: 'secevent+jwt' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}
