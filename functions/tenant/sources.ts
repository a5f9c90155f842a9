import * as z from 'zod';
import { duration } from './duration.ts';
import { DEPLOYED } from './generation/mark.ts';
import { IDENTITIES } from './trust/identity.ts';
import { scope } from './trust/scope.ts';

/**
 * The `sources` of a tenant: every webhook, security event stream and sign-up trigger beside SCIM. What a source's
 * secrets are is in the tenant's secret under the source's name; here is only what may be read by all.
 */

const SOURCE_PRESETS = [
  'okta-event-hook',
  'auth0',
  'entra-graph',
  'google-workspace',
  'keycloak',
  'clerk',
  'stytch',
  'workos',
  'fusionauth',
  'frontegg',
  'zitadel',
  'ory-polis',
  'logto',
  'pingone',
  'onelogin',
  'descope',
  'bamboohr',
  'hibob',
  'personio',
  'gusto',
  'rippling',
  'merge',
  'finch',
  'deel',
  'remote',
  'factorial',
  'paylocity',
  'successfactors',
  'standard-webhooks',
  'cloudevents',
  'hmac',
  'json',
  'security-events',
  'scim-server',
  'file',
  'cognito',
] as const;
export type SourcePreset = (typeof SOURCE_PRESETS)[number];

/** Who puts on a partner bus of EventBridge what they would send to a webhook. */
export const PARTNER_PRESETS = ['auth0', 'okta-event-hook'] as const satisfies readonly SourcePreset[];

const text = z.string().trim().min(1);
const header = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name');

const hmac = z.strictObject({
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).prefault('sha256'),
  signature: z.strictObject({
    header,
    format: z.enum(['bare', 'prefix', 'kv', 'versioned-list']).prefault('bare'),
    prefix: text.optional(),
    signatureKeys: z.array(text).optional(),
    version: text.optional(),
    encoding: z.enum(['hex', 'base64', 'base64url']).prefault('hex'),
  }),
  key: z
    .strictObject({
      encoding: z.enum(['utf8', 'base64', 'hex']).prefault('utf8'),
      stripPrefixes: z.array(text).optional(),
    })
    .prefault({}),
  content: z
    .string()
    .regex(
      /^(?:[^{}]|\{(?:id|timestamp|method|body)\})*\{body\}(?:[^{}]|\{(?:id|timestamp|method)\})*$/,
      '{body} once, and {id}, {timestamp}, {method} as they are signed',
    )
    .prefault('{body}'),
  id: z.strictObject({ header }).optional(),
  timestamp: z
    .strictObject({
      header: header.optional(),
      kvKey: text.optional(),
      unit: z.enum(['s', 'ms', 'iso8601', 'auto']).prefault('s'),
      toleranceSec: z.number().positive().nullable().prefault(300),
      semantics: z.enum(['attempt', 'first-attempt', 'unknown']).prefault('attempt'),
    })
    .refine((stamp) => (stamp.header === undefined) !== (stamp.kvKey === undefined), {
      message: 'either header or kvKey',
    })
    .optional(),
});

const kind = z.enum(['upsert', 'suspend', 'resume', 'remove', 'assign', 'unassign', 'ignore']);

const payloadPath = text.describe('Path in the payload; with | between several, the first that has a value.');

const read = z
  .strictObject({
    items: payloadPath.optional().describe('Where the list of events is; without it the body is one event.'),
    type: payloadPath.optional().describe("Where the event's type is."),
    subject: payloadPath.optional().describe("Where the source's own id of the person is."),
    key: payloadPath.optional().describe('Where an id is that is the same on every delivery of an event.'),
    occurredAt: payloadPath.optional(),
    effectiveAt: payloadPath.optional(),
    person: payloadPath.optional().describe('Where a SCIM User is, when the payload holds one.'),
  })
  .describe('Where things are in the payload of a custom source.');

/** Tokens and people's data go over TLS; a plain http:// address is for a stand-in on the same machine. */
const isSafe = (value: string) =>
  !/^http:/i.test(value) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?([/?]|$)/i.test(value);
const address = z.url({ protocol: /^https?$/ }).refine(isSafe, 'an https:// address');

export const sourceSchema = z
  .strictObject({
    preset: z.enum(SOURCE_PRESETS).describe('Which provider, or which generic form.'),
    verify: z
      .enum(['hmac', 'header', 'bearer', 'basic', 'jwt', 'url', 'ed25519'])
      .optional()
      .describe('Which of the ways that the provider offers; without it the one that its page names.'),
    header: header
      .optional()
      .describe('The header that carries the secret, where the provider lets you choose.'),
    hmac: hmac.optional().describe('How a custom source signs.'),
    publicKeys: z.array(text).optional().describe('Public keys of Standard Webhooks, whpk_….'),
    issuer: text.optional(),
    audience: text.optional(),
    jwksUri: address.optional(),
    algorithms: z.array(z.string().regex(/^(HS|RS|ES|PS)(256|384|512)$|^EdDSA$/, 'such as RS256')).optional(),
    events: z
      .record(z.string(), kind)
      .prefault({})
      .describe('What an event type means, where it is another than usual.'),
    read: read.optional(),
    identity: z
      .enum(IDENTITIES)
      .optional()
      .meta({
        description:
          'workforce: e-mail and userName find a person whom the source is not linked to yet. self-service: only an e-mail address that the source says is verified does. Without it as is usual for the preset.',
        examples: ['workforce'],
      }),
    scope,
    onLock: z
      .enum(['ignore', 'suspend'])
      .optional()
      .meta({
        description:
          'What a locked account is: wrong passwords are no leaving (ignore, without it), or it is (suspend).',
        examples: ['ignore'],
      }),
    map: z
      .record(z.string(), payloadPath)
      .optional()
      .describe('Attribute of the person (SCIM path) ← path in the payload.'),
    enforceTimestamp: z
      .boolean()
      .optional()
      .describe('Refuse what is outside the window where that is off by default.'),
    fetch: z
      .record(z.string(), text.refine(isSafe, 'an https:// address'))
      .optional()
      .describe('Where to read a person from: what it takes is on the page of the provider.'),
    subscription: z
      .record(z.string(), text)
      .optional()
      .describe('A subscription that is kept alive by the schedule (Graph, Google).'),
    poll: z
      .strictObject({ url: address })
      .optional()
      .describe('A stream of security events that is polled (RFC 8936).'),
    sync: z
      .strictObject({
        delta: duration('15m')
          .optional()
          .meta({
            description: 'How often what changed is read, where the provider can tell. Without it 15m.',
            examples: ['15m'],
          }),
        full: duration('1d')
          .optional()
          .meta({ description: 'How often everybody is read. Without it 1d, at night.', examples: ['1d'] }),
        expectAtLeast: z
          .number()
          .int()
          .min(1)
          .max(100)
          .optional()
          .meta({
            description:
              'Percent of the people of the last complete list that have to be on the next one, so that who is missing may leave. Without it 70.',
            examples: [70],
          }),
        onAbsence: z
          .enum(['leave', 'ignore'])
          .optional()
          .meta({
            description:
              'What it means that a person in service is missing from a complete list: they have left (leave, without it, where the provider can be relied on), or nothing (ignore).',
            examples: ['leave'],
          }),
      })
      .optional()
      .describe(
        'People are read from the source itself: all at first and every night, in between what changed.',
      ),
    silence: duration('3d').optional().describe('For how long a source may be silent; learned without it.'),
    eventSource: z
      .string()
      .regex(/^aws\.partner\/[\w.\-/]{1,240}$/, 'a name that begins with aws.partner/')
      .optional()
      .meta({
        description: 'Name of the EventBridge partner event source.',
        ...DEPLOYED,
        examples: ['aws.partner/auth0.com/acme-1/auth0.logs'],
      }),
    userPoolId: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]{1,55}$/, 'the id of a pool, such as eu-west-1_AbCdEf123')
      .optional()
      .meta({
        description: 'Id of the Cognito user pool.',
        ...DEPLOYED,
        examples: ['eu-west-1_AbCdEf123'],
      }),
  })
  .describe('A source of people.');
export type SourceSettings = z.output<typeof sourceSchema>;
