import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { compact } from '../functions/runtime/compact.ts';
import { didYouMean } from '../functions/scim-core/nearest.ts';
import { readApps } from './demo-apps.ts';
import { isLoopback } from './origin.ts';
import type { LocalOptions } from './server/options.ts';
import { sourceSecretsSchema } from './source-secrets.ts';

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value <= 65535);

/** What is right of a variable where zod's own words would not help a developer at a terminal. */
const RIGHT: Readonly<Record<string, string>> = {
  PORT: 'a port number, 0 to 65535; 0 takes a free one',
  SIMULATOR_PORT: 'a port number, 0 to 65535; 0 takes a free one',
  SOURCE_SECRETS: 'JSON such as {"okta": ["…"], "okta.fetch": ["…"]}',
  SCIM_TOKEN: 'letters, digits and - . _ ~ + /, as a bearer token has them',
  CALLS_PER_MINUTE: 'a number of calls, 1 or more',
  SMARTASSIST_URL: 'an address such as http://127.0.0.1:8788',
  PUBLIC_URL: 'an address such as https://abcd.tunnel.example',
};

const PROFILES = ['auto', 'entra', 'okta', 'generic'] as const;

const environmentSchema = z.object({
  PORT: port.prefault('8787'),
  SIMULATOR_PORT: port.prefault('8788'),
  DATA_DIR: z.string().min(1).default('.data'),
  CONFIGURATION: z.string().min(1).default('provisioner.yaml'),
  /** RFC 6750 section 2.1: no other token reaches us in a header. */
  SCIM_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]+=*$/)
    .optional(),
  SOURCE_SECRETS: sourceSecretsSchema,
  SCIM_PROFILE: z.enum(PROFILES).optional(),
  CALLS_PER_MINUTE: z.coerce.number().int().min(1).optional(),
  SMARTASSIST_URL: z.url({ protocol: /^https?$/ }).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SMARTASSIST_CLIENT_ID: z.string().min(1).optional(),
  SMARTASSIST_CLIENT_SECRET: z.string().min(1).optional(),
  SMARTASSIST_ADMIN_CLIENT_ID: z.string().optional(),
  SMARTASSIST_ADMIN_CLIENT_SECRET: z.string().optional(),
});

/**
 * What the environment and the arguments say about running on one machine.
 *
 * @throws Error with one line a variable that doesn't fit
 */
export function readLocalOptions(environment: NodeJS.ProcessEnv, argv: readonly string[]): LocalOptions {
  const { isMemory, catalogue } = readArguments(argv);
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues
        .map(({ path: [name = ''], message }) => complaintOf(String(name), environment, message))
        .join('\n'),
    );
  }
  const values = parsed.data;
  if (catalogue !== undefined && values.SMARTASSIST_URL !== undefined) {
    throw new Error(
      '--catalogue gives the simulator its names, and SMARTASSIST_URL names another SmartAssist: one of them',
    );
  }
  return {
    port: values.PORT,
    simulatorPort: values.SIMULATOR_PORT,
    dataDir: isMemory ? undefined : values.DATA_DIR,
    configurationFile: values.CONFIGURATION,
    scimToken: values.SCIM_TOKEN ?? tokenFor(values.SMARTASSIST_URL),
    publicUrl: values.PUBLIC_URL,
    sourceSecrets: values.SOURCE_SECRETS,
    scimProfile: values.SCIM_PROFILE,
    callsPerMinute: values.CALLS_PER_MINUTE,
    smartassistUrl: values.SMARTASSIST_URL,
    ...compact({ catalogue }),
    ...readApps(values),
  };
}

/** @throws Error with one line about an argument that there is not, or that lacks its value */
function readArguments(argv: readonly string[]): { isMemory: boolean; catalogue: string | undefined } {
  let isMemory = false;
  let catalogue: string | undefined;
  const rest = argv.flatMap((argument) =>
    argument.startsWith('--catalogue=') ? ['--catalogue', argument.slice('--catalogue='.length)] : [argument],
  );
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '--memory') isMemory = true;
    else if (argument === '--catalogue') {
      catalogue = rest.shift();
      if (catalogue === undefined || catalogue === '' || catalogue.startsWith('--')) {
        throw new Error(
          '--catalogue names a file that check --live --save has written, or the word configuration',
        );
      }
    } else {
      throw new Error(
        `unknown argument ${argument}.${didYouMean(argument, ['--memory', '--catalogue'])} --help shows those that there are`,
      );
    }
  }
  return { isMemory, catalogue };
}

/** Whose values are shown to nobody, wrong ones included. */
const SECRET = /TOKEN|SECRET/;

/** One sentence that names the variable, its value and what is right. */
function complaintOf(name: string, environment: NodeJS.ProcessEnv, message: string): string {
  const value = SECRET.test(name) || environment[name] === undefined ? '' : ` (it is "${environment[name]}")`;
  if (name === 'SCIM_PROFILE') {
    return `SCIM_PROFILE: ${PROFILES.map((each) => `"${each}"`).join(', ')} are right${value}`;
  }
  if (name === 'DATA_DIR') return `DATA_DIR: the name of a folder is right${value}`;
  if (name === 'CONFIGURATION') return `CONFIGURATION: the name of a file is right${value}`;
  const right = RIGHT[name];
  return right === undefined ? `${name}: ${message}` : `${name} is not ${right}${value}`;
}

/** A token that is in the documentation is good for the simulator alone. */
function tokenFor(smartassistUrl: string | undefined): string {
  return smartassistUrl === undefined || isLoopback(new URL(smartassistUrl).hostname)
    ? 'demo-scim-token'
    : randomBytes(32).toString('base64url');
}
