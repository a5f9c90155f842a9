import * as z from 'zod';
import type { LocalOptions } from './server.ts';

const port = z.coerce.number().int().min(0).max(65535);

const environmentSchema = z.object({
  PORT: port.default(8787),
  SIMULATOR_PORT: port.default(8788),
  DATA_DIR: z.string().min(1).default('.data'),
  CONFIGURATION: z.string().min(1).default('provisioner.yaml'),
  SCIM_TOKEN: z.string().min(1).default('demo-scim-token'),
  SCIM_PROFILE: z.enum(['auto', 'entra', 'okta', 'generic']).optional(),
  CALLS_PER_MINUTE: z.coerce.number().int().min(1).optional(),
  SMARTASSIST_URL: z.url().optional(),
  SMARTASSIST_CLIENT_ID: z.string().min(1).default('cs-demo'),
  SMARTASSIST_CLIENT_SECRET: z.string().min(1).default('demo-client-secret'),
});

/**
 * What the environment and the arguments say about running on one machine.
 *
 * @throws Error with one line a variable that doesn't fit
 */
export function readLocalOptions(environment: NodeJS.ProcessEnv, argv: readonly string[]): LocalOptions {
  const unknown = argv.filter((argument) => argument !== '--memory');
  if (unknown.length > 0) throw new Error(`unknown argument ${unknown.join(' ')}; --memory is the only one`);
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  }
  const values = parsed.data;
  return {
    port: values.PORT,
    simulatorPort: values.SIMULATOR_PORT,
    dataDir: argv.includes('--memory') ? undefined : values.DATA_DIR,
    configurationFile: values.CONFIGURATION,
    scimToken: values.SCIM_TOKEN,
    scimProfile: values.SCIM_PROFILE,
    callsPerMinute: values.CALLS_PER_MINUTE,
    smartassistUrl: values.SMARTASSIST_URL,
    client: { clientId: values.SMARTASSIST_CLIENT_ID, clientSecret: values.SMARTASSIST_CLIENT_SECRET },
  };
}
