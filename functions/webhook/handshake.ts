import type { WebhookRequest } from './request.ts';

/** How a provider makes sure that the address is meant for it, before or beside its events. */
export type Handshake = 'okta' | 'graph' | 'cloudevents' | 'gusto' | 'hibob';

/** What a handshake is answered; `token` is a secret that the provider hands over in it. */
export interface Greeting {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly token?: string;
}

const MAX_CHALLENGE = 4_096;
const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const JSON_TYPE = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };

type Greet = (request: WebhookRequest) => Greeting | undefined;

/**
 * One time verification of an event hook.
 * @see https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request
 */
const okta: Greet = ({ method, headers }) => {
  const verification = headers['x-okta-verification-challenge'];
  if (method !== 'GET' || verification === undefined || verification.length > MAX_CHALLENGE) return undefined;
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ verification }) };
};

/**
 * Validation of a notification URL: the decoded token as plain text, so that no browser takes it for a page.
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
const graph: Greet = ({ method, query }) => {
  const token = query.get('validationToken');
  if (method !== 'POST' || token === null || token.length > MAX_CHALLENGE) return undefined;
  return { status: 200, headers: PLAIN, body: token };
};

/**
 * Abuse protection of CloudEvents' web hooks: the origin may send, as fast as it likes.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 */
const cloudevents: Greet = ({ method, headers }) => {
  const origin = headers['webhook-request-origin'];
  if (method !== 'OPTIONS' || origin === undefined || !/^[\w.:*-]{1,255}$/.test(origin)) return undefined;
  const allowed = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*', allow: 'POST, OPTIONS' };
  return { status: 200, headers: allowed, body: '' };
};

/**
 * Gusto hands over its verification token unsigned, and signs with it from then on. It is kept aside until somebody puts
 * it into the source's secret: if it took effect by itself, anybody could hand over a token.
 * @see https://docs.gusto.com/embedded-payroll/docs/webhooks
 */
const gusto: Greet = ({ method, headers, body }) => {
  if (method !== 'POST' || headers['x-gusto-signature'] !== undefined || body.length > 1_024)
    return undefined;
  const token = /^\s*\{[^{}]*"verification_token"\s*:\s*"([\w-]{8,128})"[^{}]*\}\s*$/.exec(
    body.toString('utf8'),
  )?.[1];
  return token === undefined ? undefined : { status: 200, headers: JSON_TYPE, body: '{}', token };
};

/**
 * HiBob's test when a webhook is saved, maybe before its secret is known: exactly these bodies, and nothing comes of it.
 * @see https://apidocs.hibob.com/reference/webhooks
 */
const hibob: Greet = ({ method, body }) => {
  if (method !== 'POST' || body.length > 64) return undefined;
  const text = body.toString('utf8').trim();
  const isPing =
    text === 'Ping test' || text === '"Ping test"' || /^\{\s*"text"\s*:\s*"Ping test"\s*\}$/.test(text);
  return isPing ? { status: 200, headers: JSON_TYPE, body: '{}' } : undefined;
};

const GREET: Readonly<Record<Handshake, Greet>> = { okta, graph, cloudevents, gusto, hibob };

/** The answer to a provider that introduces itself; undefined when the request is no handshake. Proves nothing. */
export function greet(handshake: Handshake | undefined, request: WebhookRequest): Greeting | undefined {
  return handshake === undefined ? undefined : GREET[handshake](request);
}
