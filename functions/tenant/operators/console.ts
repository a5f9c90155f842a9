import * as z from 'zod';
import { DEPLOYED } from '../generation/mark.ts';

/** A claim of the ID token and a value that it has to have, or one of several such. */
const claims = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .refine((given) => given.every((each) => /^[^=\s]+=.+$/.test(each)), {
    message: 'a claim and its value, such as groups=contact-centre-admins',
  });

const role = (description: string, example: string) =>
  claims.optional().meta({ description, examples: [example, [example]] });

/** The `console` section of a tenant: whom its pages are for. */
export const consoleSettings = z
  .strictObject({
    issuer: z
      .string()
      .regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])[^\s?#]+$/, {
        message: 'an https:// address',
      })
      .meta({
        description:
          'Where operators sign in: the issuer of the identity provider (OpenID Connect Discovery).',
        examples: ['https://acme.okta.com', 'https://login.microsoftonline.com/<tenant>/v2.0'],
        ...DEPLOYED,
      }),
    clientId: z
      .string()
      .min(1)
      .meta({
        description: 'Client id of the application that was made for the console at the identity provider.',
        examples: ['0oa1b2c3d4'],
      }),
    roles: z
      .strictObject({
        viewer: role('Who may look.', 'groups=contact-centre'),
        operator: role(
          'Who may retry, provision, release and pause as well.',
          'groups=contact-centre-on-call',
        ),
        admin: role('Who may erase as well.', 'groups=contact-centre-admins'),
      })
      .refine((roles) => Object.values(roles).some((each) => each !== undefined), {
        message: 'at least one role, or nobody gets in',
      })
      .meta({
        description: 'Which claim of the ID token gives which role. Who has none of them does not get in.',
        examples: [{ viewer: 'groups=contact-centre', admin: 'groups=contact-centre-admins' }],
      }),
  })
  .optional()
  .meta({
    description: 'Pages for operators at /{tenant}/console. Without it there are none on AWS.',
    examples: [
      {
        issuer: 'https://acme.okta.com',
        clientId: '0oa1b2c3d4',
        roles: { viewer: 'groups=contact-centre' },
      },
    ],
  });
export type ConsoleSettings = NonNullable<z.output<typeof consoleSettings>>;
