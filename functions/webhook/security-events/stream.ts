import { type Item, ignored } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type JsonView, jsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery, WebhookProvider } from '../provider.ts';
import { Rejection } from '../rejection.ts';
import { SCIM_EVENTS } from './scim.ts';
import { SIGNALS } from './signals.ts';
import { subjectOf } from './subject.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** A stream of Security Event Tokens (RFC 8417): the body is the token, signed by a key that its issuer publishes. */
export const securityEvents: WebhookProvider = {
  verifier: ({ issuer = '', audience = '', jwksUri = '', algorithms = ALGORITHMS }) => ({
    kind: 'jwt',
    keys: { jwksUri },
    algorithms,
    issuer,
    audience,
    typ: 'secevent+jwt',
    // Recommended only (RFC 8417 section 2.3), and Google leaves it out; no other token has the claim `events`.
    isTypOptional: true,
    requireExp: false,
  }),
  format: 'json',
  read: ({ body, settings }) => readToken(body, settings),
};

/**
 * The events of a token. Those of types that aren't known are no mistake; a token without an id, a time or events is.
 *
 * @throws Rejection `malformed-body`
 */
function readToken(claims: JsonView, settings: Delivery['settings']): Item[] {
  const jti = claims.text('jti');
  const issuedAt = claims.number('iat');
  const events = claims.at('events').value;
  if (jti === undefined || issuedAt === undefined)
    throw new Rejection('malformed-body', 'The token has no jti or no iat.');
  if (typeof events !== 'object' || events === null || Array.isArray(events)) {
    throw new Rejection('malformed-body', 'The token has no events.');
  }
  const entries = Object.entries(events);
  if (entries.length === 0) throw new Rejection('malformed-body', 'The token has no events.');
  return entries.flatMap(([uri, value]) => readEvent(uri, jsonView(value), claims, settings));
}

function readEvent(
  uri: string,
  payload: JsonView,
  claims: JsonView,
  settings: Delivery['settings'],
): readonly Item[] {
  // Where an older SSF transmitter has it; SCIM events must not (RFC 9967 section 2.1).
  const identifier = claims.has('sub_id') ? claims.at('sub_id') : payload.at('subject');
  const at = payload.number('event_timestamp') ?? claims.number('toe') ?? claims.number('iat');
  const around = {
    uri,
    named: subjectOf(identifier),
    ...compact({ occurredAt: isoOf(at) }),
    key: `${claims.text('jti')}#${uri}`,
  };
  const context = { occurredAt: undefined, ...around };
  // Drafts of RFC 9967 wrote SCIM in capitals, and what was built on them still does.
  const known = uri.replace(/^urn:ietf:params:SCIM:/i, 'urn:ietf:params:scim:');
  if (Object.hasOwn(SCIM_EVENTS, known)) return SCIM_EVENTS[known]?.(payload, context) ?? [];
  if (Object.hasOwn(SIGNALS, uri)) return SIGNALS[uri]?.(payload, context, settings) ?? [];
  return [ignored(uri)];
}
