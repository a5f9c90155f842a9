import * as z from 'zod';
import { CALLS_BY_DEFAULT, MOST_CALLS } from '../smartassist/call-rate.ts';
import { DEPLOYED } from './generation/mark.ts';
import { isOneOfTwo } from './secrets/secret-name.ts';
import { API_GENERATIONS } from './vocabulary.ts';

const HOURS = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;

/** A plain http:// address is for a SmartAssist stand-in on the same machine, nothing else. */
const host = z
  .string()
  .trim()
  .transform((value) => value.replace(/(?<!\/)\/+$/, ''))
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

/** The `smartassist` section of a tenant. */
export const smartassist = z
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
        ...DEPLOYED,
        examples: ['633ffa91d784f471d0b8a1b2'],
      }),
    profile: z
      .enum(API_GENERATIONS)
      .prefault('smartassist')
      .meta({
        description:
          'Which generation of the API: smartassist requires a phone number of everybody, the newer ai-for-service a role.',
        examples: ['ai-for-service'],
      }),
    secret: z
      .string()
      .regex(/^[\w/+=.@-]{1,512}$/, 'a name that Secrets Manager allows')
      .refine((name) => !isOneOfTwo(name), {
        message:
          'a name of 0.1.0; agent-provisioner/<stage>/<tenant>/… are found without it, so leave it out',
      })
      .optional()
      .meta({
        deprecated: true,
        description:
          'Name of a single secret in Secrets Manager, as 0.1.0 had it. Without it a tenant has two, agent-provisioner/<stage>/<tenant>/door and …/smartassist.',
        ...DEPLOYED,
        examples: ['agent-provisioner/demo'],
      }),
    callsPerMinute: z
      .union([
        z.int().min(1).max(MOST_CALLS),
        z.literal('auto'),
        z.strictObject({
          auto: z
            .string()
            .regex(HOURS, 'hours of the day, such as 20:00-06:00')
            .refine((hours) => hours.slice(0, 5) !== hours.slice(6), 'begins and ends at different times')
            .meta({
              description:
                'By these hours as many as SmartAssist lets through, else 50. They count in timeZone.',
              examples: ['20:00-06:00'],
            }),
        }),
      ])
      .prefault(CALLS_BY_DEFAULT)
      .meta({
        description:
          'How many of the 60 calls a minute that an account has this product may use; auto: as many as SmartAssist lets through, for an account without other integrations, or { auto: hours } for a first load by night.',
        examples: [50, 'auto', { auto: '20:00-06:00' }],
      }),
    budgetTable: z
      .string()
      .regex(
        /^(arn:aws[\w-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[\w.-]{3,255}$/,
        'the name or the ARN of a DynamoDB table',
      )
      .optional()
      .meta({
        description:
          "The table of another stack that counts the account's calls, by name or ARN, where several stacks work on one account; all have the same callsPerMinute. Without it a stack counts for itself.",
        ...DEPLOYED,
        examples: ['AgentProvisioner-DirectoryTable0A1B2C3D-EXAMPLE'],
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
    examples: [{ host: 'platform.kore.ai', streamId: 'st-…' }],
  });
