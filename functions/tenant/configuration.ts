import * as z from 'zod';
import { agentLists, agentRemovals, agentValues, customFields } from './agent-values.ts';
import { scimSettings } from './scim.ts';
import { agentSource, name } from './source.ts';
import { PROFILES, WISHES } from './vocabulary.ts';

export type { AgentLists, AgentRemovals, AgentValues, CustomValue } from './agent-values.ts';
export type { Source, Text } from './source.ts';
export type { ApiProfile, Conversion, PathField, Proficiency, Wish } from './vocabulary.ts';

/**
 * The shape of provisioner.yaml: what an administrator may write, with the words that an editor shows for each key.
 * What names and expressions *mean* is checked by `mapping/compile.ts`; this is the grammar alone.
 */

const rule = z
  .strictObject({
    name: name.meta({ description: 'How the rule is called in explanations.', examples: ['billing'] }),
    when: z
      .string()
      .optional()
      .meta({
        description:
          'SCIM filter over the person and its groups: whom the rule is for. Without it: everybody.',
        examples: [
          'groups.display eq "Contact Centre Billing"',
          'department eq "Sales" and preferredLanguage sw "de"',
        ],
      }),
    set: agentValues.optional().meta({
      description: 'Replaces what earlier rules gave.',
      examples: [{ agentGroup: 'Billing', role: 'Agent' }],
    }),
    add: agentLists.optional().meta({
      description: 'Adds to what earlier rules gave.',
      examples: [{ skills: [{ skill: 'Billing/Refunds', proficiency: 'expert' }], queues: ['Billing'] }],
    }),
    remove: agentRemovals.optional().meta({
      description: 'Takes away from what earlier rules gave: a field with true, entries of a list by name.',
      examples: [{ queues: ['VIP'], voice: true }],
    }),
    stop: z
      .boolean()
      .optional()
      .meta({ description: 'No rule below this one counts for whom it is for.', examples: [true] }),
  })
  .meta({
    description:
      'One step of the mapping; rules apply from top to bottom. In one rule: set, then add, then remove.',
    examples: [{ name: 'billing', when: 'groups.display eq "Billing"', set: { agentGroup: 'Billing' } }],
  });
export type Rule = z.output<typeof rule>;

const DEFAULT_PATHS = {
  emailId: 'emails[primary eq true].value | emails[type eq "work"].value | emails.value | userName',
  firstName: 'name.givenName',
  lastName: 'name.familyName',
  phoneNumber: {
    from: 'phoneNumbers[primary eq true].value | phoneNumbers[type eq "work"].value | phoneNumbers.value',
    as: 'digits' as const,
  },
};

const about = (what: string, ...examples: unknown[]) => ({
  description: `Where ${what} comes from: a SCIM path, several with | between, a template, or { from, as, map … }.`,
  examples,
});

const paths = z
  .strictObject({
    emailId: agentSource
      .prefault(DEFAULT_PATHS.emailId)
      .meta(about('the e-mail address', DEFAULT_PATHS.emailId)),
    firstName: agentSource
      .prefault(DEFAULT_PATHS.firstName)
      .meta(
        about('the first name', 'name.givenName | displayName', { from: 'name.givenName', truncate: 50 }),
      ),
    lastName: agentSource
      .prefault(DEFAULT_PATHS.lastName)
      .meta(about('the last name', 'name.familyName | userName', { from: 'name.familyName', truncate: 50 })),
    phoneNumber: agentSource.prefault(DEFAULT_PATHS.phoneNumber).meta(
      about('the phone number', DEFAULT_PATHS.phoneNumber, {
        from: 'phoneNumbers.value',
        as: 'e164',
        region: 'DE',
      }),
    ),
    nickName: agentSource
      .optional()
      .meta(about('the nickname', 'nickName', '{name.givenName} {name.familyName}')),
    profImage: agentSource.optional().meta(about('the file id of the profile image', 'photos.value')),
    callRegion: agentSource
      .optional()
      .meta(about('the region of calls', { from: 'addresses.country', as: 'upper' })),
    agentGroup: agentSource.optional().meta(
      about('the name of the agent group', {
        from: 'department',
        map: { Accounts: 'Billing' },
        otherwise: null,
      }),
    ),
    role: agentSource.optional().meta(
      about('the name of the role', {
        from: 'title',
        map: { 'Team Lead': 'Supervisor' },
        otherwise: 'Agent',
      }),
    ),
    custom: customFields(agentSource, 'employeeNumber').optional(),
  })
  .prefault({});
export type AgentPaths = z.output<typeof paths>;

/** A plain http:// address is for a SmartAssist stand-in on the same machine, nothing else. */
const host = z
  .string()
  .trim()
  .transform((value) => value.replace(/\/+$/, ''))
  .refine(
    (value) =>
      /^(https:\/\/)?[a-z0-9.-]+(:\d+)?$/i.test(value) ||
      /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(value),
    { message: 'a host name such as platform.kore.ai, with or without https://' },
  )
  .transform((value) => (/^https?:\/\//i.test(value) ? value : `https://${value}`))
  .meta({ description: "The environment's host, with or without https://.", examples: ['platform.kore.ai'] });

const claim = (name: string) =>
  z
    .boolean()
    .prefault(true)
    .meta({ description: `Whether the JWT carries ${name}.`, examples: [false] });

const smartassist = z
  .strictObject({
    host,
    streamId: z
      .string()
      .regex(/^st-[\w-]+$/, 'st- and an id, from the General Settings page of the bot')
      .meta({
        description: 'BotId or StreamId, from the General Settings page of the bot.',
        examples: ['st-00000000-0000-0000-0000-000000000000'],
      }),
    accountId: z
      .string()
      .regex(/^[0-9a-f]{24}$/i, '24 hexadecimal digits')
      .optional()
      .meta({
        description: 'Id of the account, in quotes. Tenants of one account share its calls.',
        examples: ['633ffa91d784f471d0b8a1b2'],
      }),
    profile: z
      .enum(PROFILES)
      .prefault('smartassist')
      .meta({
        description:
          'Which generation of the API: smartassist requires a phone number of everybody, the newer ai-for-service a role.',
        examples: ['ai-for-service'],
      }),
    secret: z
      .string()
      .regex(/^[\w/+=.@-]{1,512}$/, 'a name that Secrets Manager allows')
      .meta({
        description: 'Name of the secret in Secrets Manager; never the secret itself.',
        examples: ['agent-provisioner/demo'],
      }),
    callsPerMinute: z
      .int()
      .min(1)
      .max(60)
      .prefault(50)
      .meta({
        description: 'How many of the 60 calls a minute that an account has this product may use.',
        examples: [50],
      }),
    tokenClaims: z
      .strictObject({ iat: claim('iat'), exp: claim('exp'), jti: claim('jti') })
      .prefault({})
      .meta({
        description: 'Which optional claims the JWT carries; all of them.',
        examples: [{ jti: false }],
      }),
  })
  .meta({
    description: 'The SmartAssist account and bot that the agents are in.',
    examples: [{ host: 'platform.kore.ai', streamId: 'st-…', secret: 'agent-provisioner/demo' }],
  });
export type SmartAssistSettings = z.output<typeof smartassist>;

const duration = z
  .string()
  .regex(/^\d+[smhd]$/, 'a number and s, m, h or d, such as 1h')
  .transform(
    (value) => Number.parseInt(value, 10) * { s: 1, m: 60, h: 3600, d: 86400 }[value.slice(-1) as 's'],
  );

const lifecycle = z
  .strictObject({
    onDeactivate: z
      .enum(['suspend', 'ignore'])
      .prefault('suspend')
      .meta({
        description:
          'Who is deactivated, or no longer wanted as an agent: into the Unassigned group, or left as it is.',
        examples: ['suspend'],
      }),
    onDelete: z
      .enum(['suspend', 'remove'])
      .prefault('suspend')
      .meta({
        description: 'Who is deleted at the identity provider: into the Unassigned group, or deleted.',
        examples: ['suspend'],
      }),
    drift: z
      .enum(['report', 'repair'])
      .prefault('report')
      .meta({
        description: 'What becomes of managed fields that somebody changed in SmartAssist by hand.',
        examples: ['report'],
      }),
    brake: z
      .strictObject({
        percent: z
          .number()
          .min(0)
          .max(100)
          .prefault(10)
          .meta({ description: 'From this share of all agents on, in percent.', examples: [10] }),
        atLeast: z
          .int()
          .min(1)
          .prefault(5)
          .meta({ description: 'And from this number of agents on.', examples: [5] }),
        within: duration
          .prefault('1h')
          .meta({ description: 'Within this time: a number and s, m, h or d.', examples: ['1h', '30m'] }),
      })
      .prefault({})
      .meta({
        description: 'Stops putting many agents out of service at once, until somebody confirms it.',
        examples: [{ percent: 10, atLeast: 5, within: '1h' }],
      }),
    retentionDays: z
      .int()
      .min(0)
      .max(3650)
      .prefault(30)
      .meta({ description: 'Days after which the data of a removed person is erased.', examples: [30] }),
  })
  .prefault({});

export const TENANT_NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NAME_RULE = 'lower-case letters, digits and dashes, 32 at most';

/** More rules, or conditions with more comparisons in all, would make a request wait for the mapping. */
export const MAX_RULES = 500;

const tenant = z.strictObject({
  smartassist,
  scim: scimSettings.meta({ description: 'How the identity provider speaks SCIM.', examples: [{ profile: 'auto' }] }),
  sources: z
    .record(
      z.string().regex(TENANT_NAME, NAME_RULE),
      z
        .looseObject({
          preset: z.string().meta({ description: 'Which provider it is.', examples: ['okta-event-hook'] }),
        })
        .meta({
          description: 'One source, under its name in the address of the webhook.',
          examples: [{ preset: 'okta-event-hook' }],
        }),
    )
    .prefault({})
    .meta({
      description: 'Where events come from, apart from SCIM.',
      examples: [{ okta: { preset: 'okta-event-hook' } }],
    }),
  lifecycle: lifecycle.meta({
    description: 'What becomes of the agents of people who leave.',
    examples: [{ onDeactivate: 'suspend', onDelete: 'suspend' }],
  }),
  provisionWhen: z
    .string()
    .prefault('not (active eq false)')
    .meta({
      description: 'SCIM filter over the person: who becomes an agent. Without it: everyone who is active.',
      examples: ['active eq true and groups.display sw "Contact Centre"'],
    }),
  agent: paths.meta({
    description: "Where the fields of an agent come from in the person's own attributes.",
    examples: [
      {
        firstName: 'name.givenName | displayName',
        phoneNumber: { from: 'phoneNumbers.value', as: 'digits' },
      },
    ],
  }),
  rules: z
    .array(rule)
    .max(MAX_RULES)
    .prefault([])
    .meta({
      description:
        'What the person gets: from top to bottom, so that later rules can change what earlier ones gave.',
      examples: [[{ name: 'everyone', set: { agentGroup: 'Default Group', role: 'Agent' } }]],
    }),
  wishes: z
    .array(z.enum(WISHES).meta({ description: 'A field that people may wish for.', examples: ['skills'] }))
    .prefault([])
    .meta({
      description:
        'What the identity provider may ask for in the agent extension, after the rules: none, unless it is listed here.',
      examples: [['skills', 'languages', 'queues']],
    }),
});
export type TenantConfiguration = z.output<typeof tenant>;

export const configurationSchema = z.strictObject({
  tenants: z
    .record(
      z.string().regex(TENANT_NAME, NAME_RULE),
      tenant.meta({
        description: 'One SmartAssist account and bot, and who becomes an agent in it.',
        examples: [
          { smartassist: { host: 'platform.kore.ai', streamId: 'st-…', secret: 'agent-provisioner/demo' } },
        ],
      }),
    )
    .refine((tenants) => Object.keys(tenants).length > 0, { message: 'at least one tenant' })
    .meta({
      description: 'Tenants under their names, which are part of the address: /demo/scim/v2.',
      examples: [{ demo: {} }],
    }),
});
export type Configuration = z.output<typeof configurationSchema>;
