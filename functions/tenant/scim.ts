import * as z from 'zod';
import { duration } from './duration.ts';

/** The `scim` section of a tenant: whose dialect is spoken, and who may speak. */

/** The audience of the tokens that Entra ID's provisioning service makes when the secret token is left blank. */
const ENTRA_PROVISIONING = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Keys come over TLS; a plain http:// address is for a stand-in on the same machine. */
const keysAddress = z.string().regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])\S+$/, {
  message: 'an https:// address',
});

const oneOrMore = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** Signatures alone: with a shared secret every verifier of tokens could make them. */
const algorithm = z.enum([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]);

const jwt = z
  .strictObject({
    entraTenant: z
      .string()
      .regex(GUID, 'the id of the Entra ID tenant, a GUID')
      .optional()
      .meta({
        description:
          "Trusts Entra ID's provisioning service when the secret token is left blank: the tenant id; issuer, audience and keys follow from it.",
        examples: ['00000000-0000-0000-0000-000000000000'],
      }),
    issuer: oneOrMore.optional().meta({
      description: 'Who makes the tokens: their iss claim.',
      examples: ['https://login.example.com/'],
    }),
    audience: oneOrMore.optional().meta({
      description: 'Whom the tokens are made for: their aud claim.',
      examples: ['agent-provisioner'],
    }),
    keys: keysAddress.optional().meta({
      description: 'Address of the JSON Web Key Set that the tokens are verified with.',
      examples: ['https://login.example.com/.well-known/jwks.json'],
    }),
    algorithms: z
      .array(algorithm)
      .min(1)
      .prefault(['RS256'])
      .meta({ description: 'How tokens may be signed.', examples: [['RS256']] }),
    claims: z
      .record(
        z.string().meta({ description: 'The name of a claim.' }),
        z
          .string()
          .meta({ description: 'What it has to be; of a list or of a text with spaces, one of its parts.' }),
      )
      .prefault({})
      .meta({
        description:
          'What else has to be in a token. Without it a token has to say that it is an access token (typ: at+jwt, RFC 9068).',
        examples: [{ azp: 'client-id' }, { scope: 'scim' }],
      }),
    longestLife: duration('24h')
      .prefault('24h')
      .meta({
        description:
          'For how long a token may be good, from when it was issued and from now on: a number and s, m, h or d.',
        examples: ['24h', '1h'],
      }),
    access: z
      .enum(['all', 'me'])
      .prefault('all')
      .meta({
        description: 'What a token opens: all, or reading the person at /Me that it names.',
        examples: ['all'],
      }),
    me: z
      .strictObject({
        claim: z
          .string()
          .min(1)
          .prefault('sub')
          .meta({ description: 'The claim that names the person.', examples: ['sub', 'upn'] }),
        attribute: z
          .enum(['id', 'userName', 'externalId', 'email'])
          .prefault('userName')
          .meta({
            description: 'The attribute of the person that the claim is compared with.',
            examples: ['userName'],
          }),
      })
      .optional()
      .meta({
        description: 'Which claim names the person that /Me is, and by which attribute.',
        examples: [{ claim: 'sub', attribute: 'userName' }],
      }),
  })
  .refine((value) => value.entraTenant !== undefined || (value.issuer && value.audience && value.keys), {
    message: 'either entraTenant, or issuer, audience and keys',
  })
  .transform(({ entraTenant, issuer, audience, keys, ...rest }) => ({
    ...rest,
    // Nobody signs in to the application that Entra ID's provisioning tokens are for: there are no ID tokens for it.
    isForAccessAlone: entraTenant !== undefined && audience === undefined,
    issuer: issuer ?? [`https://sts.windows.net/${entraTenant}/`],
    audience: audience ?? [ENTRA_PROVISIONING],
    keys: keys ?? `https://login.microsoftonline.com/${entraTenant}/discovery/keys`,
  }))
  .meta({ description: 'Tokens of an authorization server that open the door.' });
export type JwtSettings = z.output<typeof jwt>;

export const scimSettings = z
  .strictObject({
    profile: z
      .enum(['auto', 'entra', 'okta', 'generic'])
      .prefault('auto')
      .meta({
        description: 'Whose dialect of SCIM is spoken; auto: found out by itself.',
        examples: ['auto'],
      }),
    discovery: z
      .enum(['token', 'open'])
      .prefault('token')
      .meta({
        description:
          'Whether ServiceProviderConfig, ResourceTypes and Schemas take a token or are open to all.',
        examples: ['token'],
      }),
    jwt: z
      .array(jwt)
      .prefault([])
      .meta({ description: 'Authorization servers whose tokens open the door, beside the bearer tokens.' }),
  })
  .prefault({});
