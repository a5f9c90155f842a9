import * as z from 'zod';
import { smartassist } from './account.ts';
import { ownership } from './agent/ownership.ts';
import { paths } from './agent/paths.ts';
import { DEPLOYED_KEYS } from './generation/mark.ts';
import { lifecycle } from './lifecycle.ts';
import { NAME_RULE, TENANT_NAME } from './name.ts';
import { consoleSettings } from './operators/console.ts';
import { notify } from './operators/notify.ts';
import { rule } from './rule.ts';
import { scimSettings } from './scim.ts';
import { sourceSchema } from './sources.ts';
import { authority } from './trust/authority.ts';
import { isTimeZone } from './trust/time-zone.ts';
import { entitlements, wishes } from './trust/wishes.ts';

export type { AgentPaths } from './agent/paths.ts';
export type { AgentRemovals } from './agent/removals.ts';
export type { CustomValue } from './agent/value-kinds.ts';
export type { Rule } from './rule.ts';
export type { Source } from './text.ts';
export type {
  ApiGeneration,
  Conversion,
  Proficiency,
  RequestedEntitlement,
} from './vocabulary.ts';

/**
 * The shape of provisioner.yaml: what an administrator may write, with the words that an editor shows for each key.
 * What names and expressions *mean* is checked by `mapping/compile.ts`; this is the grammar alone.
 */

/** More would make a request wait for its mapping; the comparisons in their conditions have a limit of their own. */
const MAX_RULES = 500;

const tenant = z.strictObject({
  smartassist,
  scim: scimSettings.meta({
    description: 'How the identity provider speaks SCIM.',
    examples: [{ profile: 'auto' }],
  }),
  sources: z
    .record(z.string().regex(TENANT_NAME, NAME_RULE), sourceSchema)
    .prefault({})
    .meta({
      description: 'Where events come from, apart from SCIM.',
      examples: [{ okta: { preset: 'okta-event-hook' } }],
    }),
  authority,
  timeZone: z
    .string()
    .refine(isTimeZone, 'a name of the IANA time zone database, such as Europe/Berlin')
    .optional()
    .meta({
      description:
        "Where first and last days begin and end, unless the person's own timezone says it. Needed for sources that bring days; without it UTC.",
      examples: ['Europe/Berlin', 'America/New_York'],
    }),
  lifecycle: lifecycle.meta({
    description: 'What becomes of the agents of people who leave.',
    examples: [{ onDeactivate: 'suspend', onDelete: 'suspend' }],
  }),
  seats: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .meta({
      description:
        'How many agents may be in service at a time; who is beyond waits for a seat to be free. Without it there is no limit.',
      examples: [250],
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
  roles: z
    .record(
      z.string().min(1),
      z
        .string()
        .regex(/^[0-9a-f]{24}$/i, '24 hexadecimal digits')
        .transform((id) => id.toLowerCase())
        .meta({ description: 'Id of the role in SmartAssist.', examples: ['5f0c1d2e3a4b5c6d7e8f9a0b'] }),
    )
    .optional()
    .meta({
      description:
        'Ids of roles by name: for roles that can not be read, as without an app of the Admin Console, or that are not among the 50 that SmartAssist lists.',
      examples: [{ Agent: '5f0c1d2e3a4b5c6d7e8f9a0b' }],
    }),
  ownership,
  wishes,
  entitlements,
  console: consoleSettings,
  notify,
});
export type TenantConfiguration = z.output<typeof tenant>;

/**
 * What may be changed where no rights on AWS go with it, as in the console: who becomes an agent, and what it looks like.
 * Secrets, hosts, accounts, sources, authority and roles are in none of these.
 */
const MAPPING = { provisionWhen: true, agent: true, rules: true, wishes: true, seats: true } as const;
export const MAPPING_KEYS = Object.keys(MAPPING) as (keyof typeof MAPPING)[];
export const mappingSchema = tenant.pick(MAPPING);
export type MappingPart = z.output<typeof mappingSchema>;

/** Each tenant holds the agents of its bot for its own: it would put those of another out of service as nobody's. */
function complainOfSharedBots(
  tenants: Readonly<Record<string, TenantConfiguration>>,
  context: z.RefinementCtx,
): void {
  const owners = new Map<string, string>();
  for (const [name, { smartassist }] of Object.entries(tenants)) {
    const bot = `${smartassist.host.toLowerCase()} ${smartassist.streamId}`;
    const owner = owners.get(bot);
    owners.set(bot, owner ?? name);
    if (owner === undefined) continue;
    const message = `is the bot of tenant ${owner} already; its people belong into one tenant`;
    context.addIssue({ code: 'custom', path: [name, 'smartassist', 'streamId'], message });
  }
}

export const configurationSchema = z.strictObject({
  tenants: z
    .record(
      z.string().regex(TENANT_NAME, NAME_RULE),
      tenant.meta({
        description: 'One SmartAssist account and bot, and who becomes an agent in it.',
        examples: [{ smartassist: { host: 'platform.kore.ai', streamId: 'st-…' } }],
      }),
    )
    .refine((tenants) => Object.keys(tenants).length > 0, { message: 'at least one tenant' })
    .superRefine(complainOfSharedBots)
    .meta({
      description: 'Tenants under their names, which are part of the address: /demo/scim/v2.',
      ...DEPLOYED_KEYS,
      examples: [{ demo: {} }],
    }),
});
export type Configuration = z.output<typeof configurationSchema>;
