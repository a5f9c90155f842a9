import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Directory, openDirectory } from '../functions/directory/directory.ts';
import { openSqliteTable } from '../functions/directory/sqlite/table.ts';
import type { Table } from '../functions/directory/table.ts';
import { compileMapping, type Mapping } from '../functions/mapping/compile.ts';
import { loadConfiguration } from '../functions/mapping/load.ts';
import { readGenerations } from '../functions/operate/configuration/generations.ts';
import { type Pause, pauseText, readPause } from '../functions/provision/drain/pause.ts';
import { openServices, type Services } from '../functions/provision/services.ts';
import { openTenant, type TenantProvisioning } from '../functions/provision/tenant.ts';
import { AWS_CLIENT } from '../functions/runtime/aws-client.ts';
import { systemClock } from '../functions/runtime/clock.ts';
import { compact } from '../functions/runtime/compact.ts';
import { silentLog } from '../functions/runtime/log.ts';
import { silentMetrics } from '../functions/runtime/metrics.ts';
import { httpTransport } from '../functions/runtime/transport.ts';
import { openUniqueIds } from '../functions/runtime/unique-id.ts';
import { type Catalogue, catalogueSchema } from '../functions/smartassist/catalogue.ts';
import type { Configuration, TenantConfiguration } from '../functions/tenant/configuration.ts';
import { tenantNamed } from '../functions/tenant/look-up.ts';
import { secretsPrefix } from '../functions/tenant/secrets/secret-name.ts';
import type { Secrets } from '../functions/tenant/secrets/secrets.ts';
import { keptKey } from '../local/data/kept-key.ts';
import { runningServer } from '../local/data/running-server.ts';
import { readApps } from '../local/demo-apps.ts';
import { readSourceSecrets } from '../local/source-secrets.ts';
import { CommandFailure } from './failure.ts';
import { STANDARD } from './file-output.ts';
import { complain } from './output.ts';

/** Options that every command takes. */
export interface CommandContext {
  readonly configuration: string;
  readonly tenant?: string;
  readonly dataDir: string;
  /** The deployed directory's table; without it the local one is meant. */
  readonly table?: string;
  /** The stage whose secrets are read with a deployed directory. */
  readonly stage: string;
  readonly json: boolean;
}

export interface Tenant {
  readonly name: string;
  readonly configuration: TenantConfiguration;
}

/** @throws ConfigurationError, or CommandFailure when there is no such file */
export function readConfiguration({ configuration }: CommandContext): Configuration {
  return loadConfiguration(readText(configuration), configuration);
}

/** The tenant that is meant: the one named, or the only one. */
export function chooseTenant(context: CommandContext, whole: Configuration): Tenant {
  const names = Object.keys(whole.tenants);
  const name = context.tenant ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) throw new CommandFailure(`which tenant? --tenant ${names.join(' | ')}`);
  const configuration = tenantNamed(whole, name);
  if (configuration === undefined) {
    throw new CommandFailure(
      `there is no tenant ${name} in ${context.configuration}; it has ${names.join(', ')}`,
    );
  }
  return { name, configuration: withLocalRate(context, configuration) };
}

/** `npm start` takes the number of calls a minute from its environment, and so do commands that work on its directory. */
function withLocalRate({ table }: CommandContext, configuration: TenantConfiguration): TenantConfiguration {
  const text = process.env.CALLS_PER_MINUTE;
  if (table !== undefined || text === undefined) return configuration;
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new CommandFailure(`CALLS_PER_MINUTE is not a number of calls, 1 or more (it is "${text}")`);
  }
  return {
    ...configuration,
    smartassist: { ...configuration.smartassist, callsPerMinute: Number(text) },
  };
}

/** The mapping of a configuration that was checked. */
export function mappingOf(configuration: TenantConfiguration): Mapping {
  const compiled = compileMapping(configuration);
  if ('mapping' in compiled) return compiled.mapping;
  throw new Error(`a configuration that was checked does not compile: ${compiled.problems[0]?.message}`);
}

export interface OpenDirectory {
  readonly directory: Directory;
  /** The directory in another table, where stacks share a call budget. */
  readonly directoryAt?: (table: string) => Directory;
  /** What the directory is kept in. */
  readonly table: Table;
  close(): void;
}

/** The directory that commands work on: the local one of `npm start`, or a deployed table. */
export async function openCommandDirectory({ dataDir, table }: CommandContext): Promise<OpenDirectory> {
  if (table !== undefined) {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const { dynamoDbTable } = await import('../functions/directory/dynamodb/table.ts');
    const client = new DynamoDBClient(AWS_CLIENT);
    await assertRegion(client);
    const patience = { random: Math.random, sleep: systemClock.sleep };
    const opened = dynamoDbTable({ client, tableName: table, ...patience });
    return {
      directory: openDirectory(opened, systemClock),
      directoryAt: (name) =>
        openDirectory(dynamoDbTable({ client, tableName: name, ...patience }), systemClock),
      table: opened,
      close: () => client.destroy(),
    };
  }
  const file = join(dataDir, 'directory.sqlite');
  if (!existsSync(file)) {
    throw new CommandFailure(
      `there is no directory at ${file}; npm start makes one, --data-dir names another, --table a deployed one`,
    );
  }
  const opened = openSqliteTable(file, systemClock);
  return { directory: openDirectory(opened, systemClock), table: opened, close: () => opened.close() };
}

/**
 * Without a region a client of AWS fails with its first call, and in words that don't say what to do.
 *
 * @throws CommandFailure where none is known
 */
export async function assertRegion({ config }: RegionalClient, whose = 'AWS', more = ''): Promise<void> {
  await config.region().catch((cause: Error) => {
    throw new CommandFailure(`${whose}: no region is known; say it as AWS_REGION=eu-central-1${more}`, {
      cause,
    });
  });
}

interface RegionalClient {
  readonly config: { region(): Promise<string> };
}

/** A tenant opened for commands. Nothing rings: whatever becomes due is found by the next drain. */
export async function openProvisioning(
  { table, stage, dataDir }: CommandContext,
  { name, configuration }: Tenant,
  { directory, directoryAt }: Pick<OpenDirectory, 'directory' | 'directoryAt'>,
): Promise<{ provisioning: TenantProvisioning; services: Services }> {
  const services = openServices({
    directory,
    ...compact({ directoryAt }),
    secrets: table === undefined ? localSecrets(dataDir) : await deployedSecrets(stage),
    transport: httpTransport,
    clock: systemClock,
    random: Math.random,
    randomId: openUniqueIds(systemClock.now),
    log: silentLog,
    metrics: silentMetrics,
    ring: async () => {},
  });
  const smartassist = { ...configuration.smartassist, ...whereSmartAssistIs(table, dataDir) };
  return { provisioning: openTenant(name, { ...configuration, smartassist }, services), services };
}

/**
 * Where SmartAssist is, if not where the configuration has it: at SMARTASSIST_URL, or with the local server that is running
 * on the directory, whose simulator is one account for all tenants. An app in the environment is one of the real SmartAssist.
 */
function whereSmartAssistIs(
  table: string | undefined,
  dataDir: string,
): Partial<TenantConfiguration['smartassist']> {
  const { SMARTASSIST_URL: url, SMARTASSIST_CLIENT_ID: app } = process.env;
  if (url !== undefined) return { host: url.replace(/(?<!\/)\/+$/, '') };
  if (table !== undefined || app !== undefined) return {};
  const simulator = runningServer(dataDir)?.simulator;
  if (simulator === undefined) return {};
  const { url: host, streamId, accountId } = simulator;
  return { host, streamId, ...compact({ accountId }) };
}

/** What a command works with. */
export interface Opened {
  readonly directory: Directory;
  /** What the directory is kept in. */
  readonly table: Table;
  readonly provisioning: TenantProvisioning;
  readonly services: Services;
  /** Calls of the tenant to SmartAssist are paused: what takes one is done after `resume`. */
  readonly paused?: Pause;
}

/** Works with a tenant of the local or the deployed directory, and closes it, however that ends. */
export function withTenant<Result>(
  context: CommandContext,
  tenant: Tenant,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  return withTenantOf(context, tenant.name, async () => tenant, work);
}

/**
 * As `withTenant`, with the tenant as the active generation has it, which functions go by; as the file has it where none
 * is active.
 */
export function withTenantInForce<Result>(
  context: CommandContext,
  tenant: Tenant,
  work: (opened: Opened, tenant: Tenant) => Promise<Result>,
): Promise<Result> {
  return withTenantOf(context, tenant.name, (directory) => inForce(context, directory, tenant), work);
}

async function withTenantOf<Result>(
  context: CommandContext,
  name: string,
  tenantIn: (directory: Directory) => Promise<Tenant>,
  work: (opened: Opened, tenant: Tenant) => Promise<Result>,
): Promise<Result> {
  const { close, ...opened } = await openCommandDirectory(context);
  const { directory, table } = opened;
  try {
    const paused = await readPause(directory, name);
    if (paused !== undefined) complain(`${name}: ${pauseText(paused)} resume ends it.`);
    const tenant = await tenantIn(directory);
    const provisioning = await openProvisioning(context, tenant, opened);
    return await work({ directory, table, ...provisioning, ...compact({ paused }) }, tenant);
  } finally {
    close();
  }
}

async function inForce(context: CommandContext, directory: Directory, { name, configuration }: Tenant) {
  const { before } = await readGenerations(directory);
  if (before === undefined) return { name, configuration };
  const active = tenantNamed(before, name);
  if (active !== undefined) return { name, configuration: withLocalRate(context, active) };
  throw new CommandFailure(
    `the active generation has no tenant ${name}; push activates ${context.configuration}`,
  );
}

/** A catalogue that was saved as JSON. */
export function readCatalogue(file: string): Catalogue {
  const parsed = catalogueSchema().safeParse(parseJson(readText(file), file));
  if (parsed.success) return parsed.data;
  const [{ path = [], message = '' } = {}] = parsed.error.issues;
  throw new CommandFailure(
    `${file} is no catalogue as check --live --save writes it: ${[...path, message].join(': ')}`,
  );
}

/**
 * The text of a file; of `-` that of standard input.
 *
 * @throws CommandFailure for a file that isn't there or can't be read
 */
export function readText(file: string): string {
  try {
    return readFileSync(file === STANDARD ? 0 : file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandFailure(
      code === 'ENOENT' ? `${file} does not exist` : `${file} can not be read: ${message}`,
    );
  }
}

/** @param name what is read, for the message */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandFailure(`${name} is not JSON: ${(error as Error).message.replace(/\s+/g, ' ')}`);
  }
}

/** As `npm start` has them. */
function localSecrets(dataDir: string): Secrets {
  const { client, admin } = readApps(process.env);
  const sources = readSourceSecrets(process.env);
  const secret = {
    ...client,
    ...(admin === null ? {} : { admin }),
    scimTokens: [localToken()],
    sources,
    keys: [keptKey(dataDir)],
  };
  return { get: async () => secret, refresh: async () => secret };
}

/** The digest of the token that `npm start` takes. */
function localToken(): string {
  const token = process.env.SCIM_TOKEN ?? 'demo-scim-token';
  return `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`;
}

async function deployedSecrets(stage: string): Promise<Secrets> {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { openSecrets } = await import('../functions/tenant/secrets/secrets.ts');
  return openSecrets({
    client: new SecretsManagerClient(AWS_CLIENT),
    clock: systemClock,
    prefix: secretsPrefix(stage),
  });
}
