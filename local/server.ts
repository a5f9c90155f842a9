import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { consoleDoor } from '../functions/console/door.ts';
import { openLocalEntry } from '../functions/console/session/entry.ts';
import { localAccess } from '../functions/console/session/local-access.ts';
import { type Directory, openDirectory } from '../functions/directory/directory.ts';
import { openSqliteTable } from '../functions/directory/sqlite/table.ts';
import { openStates } from '../functions/events/source-state.ts';
import { loadConfiguration } from '../functions/mapping/load.ts';
import { withTokens } from '../functions/operate/tenant/secret-value.ts';
import { providers } from '../functions/providers/registry.ts';
import { openInline } from '../functions/provision/accept-inline.ts';
import { openServed } from '../functions/provision/served.ts';
import { openServices, type Services } from '../functions/provision/services.ts';
import { openTenants, type TenantProvisioning } from '../functions/provision/tenant.ts';
import { indexPeople } from '../functions/reconcile/people-index.ts';
import { systemClock } from '../functions/runtime/clock.ts';
import { compact } from '../functions/runtime/compact.ts';
import { type Limits, openLimits } from '../functions/runtime/limits.ts';
import type { Log } from '../functions/runtime/log.ts';
import { silentMetrics } from '../functions/runtime/metrics.ts';
import { httpTransport } from '../functions/runtime/transport.ts';
import { openUniqueIds } from '../functions/runtime/unique-id.ts';
import { scimDoor } from '../functions/scim/http/generations.ts';
import { forgetCatalogue } from '../functions/smartassist/catalogue.ts';
import { checkSilence } from '../functions/sources/silence.ts';
import { readSource } from '../functions/sources/sync/reading.ts';
import { openListed } from '../functions/sources/sync/source.ts';
import type { Finished, ReadingKind } from '../functions/sources/sync/state.ts';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { type Generations, openGenerations } from '../functions/tenant/generation/current.ts';
import { activate, readActive } from '../functions/tenant/generation/store.ts';
import { SECRET_KINDS, secretName, secretsPrefix } from '../functions/tenant/secrets/secret-name.ts';
import { openSecrets } from '../functions/tenant/secrets/secrets.ts';
import type { SourceSettings } from '../functions/tenant/sources.ts';
import { webhookDoors } from '../functions/webhook/generations.ts';
import { consoleLog } from './console-log.ts';
import { lockData } from './data/data-lock.ts';
import { keptKey, newKey } from './data/kept-key.ts';
import { noteServer, type RunningServer } from './data/running-server.ts';
import { type AppCredentials, DEMO_ADMIN, DEMO_CLIENT } from './demo-apps.ts';
import { type Doorbell, openDoorbell } from './doorbell.ts';
import { type HttpFunction, serveGateway } from './gateway.ts';
import { openSchedule } from './schedule.ts';
import { serveSecrets } from './secrets-manager.ts';
import { openAgentStore } from './simulator/agents/store.ts';
import { type CatalogueSeed, DEMO_CATALOGUE } from './simulator/catalogue.ts';
import { chosenCatalogue, isReadFrom } from './simulator/own-catalogue.ts';
import { serveSimulator } from './simulator/server.ts';
import { createSimulator } from './simulator/simulator.ts';
import { serveLines } from './terminal/line-server.ts';
import { openRequestLines } from './terminal/request-lines.ts';

export interface LocalOptions {
  /** 0: a free one. */
  readonly port: number;
  readonly simulatorPort: number;
  /** Where the directory is kept; undefined keeps nothing. */
  readonly dataDir: string | undefined;
  readonly configurationFile: string;
  readonly scimToken: string;
  /** Secrets of the tenants' sources, by source name. */
  readonly sourceSecrets?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Sources that every tenant has beside those of its configuration. */
  readonly sources?: Readonly<Record<string, SourceSettings>>;
  /** Overrides the tenants' own budget. */
  readonly callsPerMinute?: number | undefined;
  /** What is done for strangers; as on AWS where it isn't given. */
  readonly limits?: Limits;
  /** Overrides the tenants' SCIM profile. */
  readonly scimProfile?: string | undefined;
  /** The simulator's names: a file as `check --live --save` writes it, or `configuration`; without it the demo's. */
  readonly catalogue?: string;
  /** Another SmartAssist, in the simulator's place; its client id and secret in `client`. */
  readonly smartassistUrl?: string | undefined;
  readonly client?: AppCredentials;
  /** The app of the Admin Console; null: there is none. */
  readonly admin?: AppCredentials | null;
  /** Where the server is reached from outside, as by a tunnel. */
  readonly publicUrl?: string | undefined;
  readonly log?: Log;
  /** Shows a link by which an operator comes in, where the server was started. */
  readonly announce?: (link: string) => void;
  /** Takes a line a request and an agent. */
  readonly lines?: (line: string) => void;
}

/** As long as listing people of version 0.1.0 may keep the start waiting. */
const INDEX_MS = 1_500;
/** As long as a reading of one machine may take at once. */
const READ_MS = 15 * 60_000;

export interface Local {
  readonly url: string;
  /** The tenants of the configuration, in its order. */
  readonly tenants: readonly string[];
  /** Undefined when another SmartAssist is used. */
  readonly simulatorUrl: string | undefined;
  /** A new link to the console, good for one use; the one before is void. */
  consoleLink(): string;
  /** Reads a source of a tenant now, as the schedule would. Rejects when it doesn't come to its end. */
  read(tenant: string, source: string, kind: ReadingKind): Promise<Finished>;
  /** Ends everything; nothing is left running. */
  close(): Promise<void>;
}

/**
 * The whole product on one machine: the functions' own handlers behind a gateway, with an embedded directory, a stand-in
 * for Secrets Manager and a simulated SmartAssist.
 *
 * @throws ConfigurationError for a bad configuration; what `listen` throws for a port that is taken
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const log = options.log ?? consoleLog();
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (options.dataDir !== undefined) closers.push(lockData(options.dataDir));
    const written = loadConfiguration(
      readFileSync(options.configurationFile, 'utf8'),
      options.configurationFile,
    );
    const simulated =
      options.smartassistUrl === undefined ? await startSimulator(options, written, closers) : undefined;
    const simulatorUrl = simulated?.url;
    const configuration = adapt(written, options, simulatorUrl);
    const smartassist = Object.values(configuration.tenants)[0]?.smartassist.host ?? '';

    // Any user of the machine can reach the port, and only this server knows this key.
    const accessKeyId = randomBytes(24).toString('hex');
    const values = secretsOf(configuration, options);
    const secrets = await serveSecrets(values, { port: 0, accessKeyId });
    closers.push(() => secrets.close());
    const secretsClient = new SecretsManagerClient({
      endpoint: secrets.url,
      region: 'local',
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
    closers.push(() => secretsClient.destroy());

    const table = openSqliteTable(
      options.dataDir === undefined ? ':memory:' : fileIn(options.dataDir, 'directory.sqlite'),
      systemClock,
    );
    closers.push(() => table.close());
    const lineServer =
      options.lines === undefined || options.dataDir === undefined ? undefined : await serveLines();
    if (lineServer !== undefined) closers.push(() => lineServer.close());
    const { lines: told } = options;
    const lines =
      told === undefined
        ? undefined
        : openRequestLines((text, tenant) => {
            told(text);
            lineServer?.tell({ tenant, text });
          });
    const kept = openDirectory(table, systemClock);
    const directory = lines?.listening(kept) ?? kept;
    await pushAtStart(directory, written, options.configurationFile);
    if (simulated !== undefined) {
      for (const name of Object.keys(written.tenants)) {
        await forgetCatalogue(directory, name, (catalogue) => isReadFrom(simulated.catalogue, catalogue));
      }
    }
    const generations = openGenerations({
      directory,
      clock: systemClock,
      adapt: (pushed) => adapt(pushed, options, simulatorUrl),
    });
    const doorbell: Doorbell = openDoorbell(() => served());
    const services: Services = openServices({
      directory,
      table,
      secrets: openSecrets({ client: secretsClient, clock: systemClock, prefix: SECRETS_PREFIX, log }),
      transport: lines?.counting(httpTransport, (url) => url.startsWith(smartassist)) ?? httpTransport,
      clock: systemClock,
      random: Math.random,
      randomId: openUniqueIds(systemClock.now),
      log,
      metrics: silentMetrics,
      ring: doorbell.ring,
    });
    // An empty directory has nobody of version 0.1.0; in a large one the schedule goes on with it.
    for (const name of Object.keys(configuration.tenants)) {
      await indexPeople(services, name, systemClock.now() + INDEX_MS);
    }
    const served = openServed(generations, services, (current, itsServices) => ({
      tenants: openTenants(current, itsServices),
      services: itsServices,
    }));
    closers.push(() => doorbell.close());
    const schedule = openSchedule(generations, services);
    closers.push(() => schedule.close());
    // One machine serves one operator: only what strangers may cause is limited.
    const limits = options.limits ?? { ...openLimits(services.clock), ofScim: () => 0 };
    const entry = openLocalEntry();
    let url = '';
    const linkTo = (tenant: string) => `${url}/${tenant}/console/enter?key=${entry.renew()}`;
    const [first = ''] = Object.keys(configuration.tenants);
    const pages: HttpFunction = consoleDoor(
      generations,
      services,
      localAccess(
        services,
        entry,
        (tenant) => options.announce?.(linkTo(tenant)),
        async (tenant, digest) => {
          const name = secretName(SECRETS_PREFIX, tenant, 'door');
          const door = withTokens(JSON.parse(values.get(name) ?? '{}'), { add: [digest], retire: [] });
          secrets.set(name, JSON.stringify(door));
        },
      ),
    );
    const addresses = routes(generations, services, limits, pages, first);
    const gateway = await serveGateway(lines?.around(addresses) ?? addresses, {
      host: '127.0.0.1',
      port: options.port,
      publicUrl: options.publicUrl,
    });
    closers.push(() => gateway.close());
    url = `http://127.0.0.1:${gateway.port}`;
    if (options.dataDir !== undefined)
      closers.push(
        noteServer(options.dataDir, {
          url,
          ...compact({
            simulator: simulatorOf(configuration, simulatorUrl),
            lines: lineServer && { url: lineServer.url, key: lineServer.key },
          }),
        }),
      );
    for (const name of Object.keys(configuration.tenants)) await doorbell.ring(name);
    await checkSilence(configuration, services, openStates(services));
    return {
      url,
      tenants: Object.keys(configuration.tenants),
      simulatorUrl,
      consoleLink: () => linkTo(first),
      read: async (name, source, kind) => {
        const current = await served();
        return readNow(current?.tenants(name), current?.services ?? services, source, kind);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const SECRETS_PREFIX = secretsPrefix('local');

/** The tenants' secrets by their names: all have the same. */
function secretsOf({ tenants }: Configuration, options: LocalOptions): Map<string, string> {
  const { client = DEMO_CLIENT, admin = DEMO_ADMIN } = options;
  const smartassist = { ...client, ...(admin === null ? {} : { admin }) };
  const door = {
    scimTokens: [digest(options.scimToken)],
    sources: options.sourceSecrets ?? {},
    keys: [options.dataDir === undefined ? newKey() : keptKey(options.dataDir)],
  };
  const values = { door, smartassist };
  return new Map(
    Object.keys(tenants).flatMap((name) =>
      SECRET_KINDS.map(
        (kind) => [secretName(SECRETS_PREFIX, name, kind), JSON.stringify(values[kind])] as const,
      ),
    ),
  );
}

async function readNow(
  provisioning: TenantProvisioning | undefined,
  services: Services,
  name: string,
  kind: ReadingKind,
): Promise<Finished> {
  const settings = provisioning?.tenant.sources[name];
  if (provisioning === undefined || settings === undefined) throw new Error(`there is no source ${name}`);
  const source = await openListed(providers, provisioning, services, name, settings);
  if (source === undefined) throw new Error(`${name} can not be listed`);
  const end = await readSource(source, { kind, until: services.clock.now() + READ_MS });
  if (end.outcome === 'done' && end.finished.outcome === 'complete') return end.finished;
  throw new Error(`${name} was not read to its end: ${JSON.stringify(end)}`);
}

/** What `npm start` serves is a generation as on AWS; starting is this machine's deployment. */
async function pushAtStart(directory: Directory, configuration: Configuration, file: string): Promise<void> {
  await activate(directory, configuration, {
    after: await readActive(directory),
    now: systemClock.now(),
    by: 'npm start',
    reason: `as ${file} is`,
    isDeployment: true,
  });
}

/** SCIM's own addresses, and those with a part of the base URL left out, which are told what it has to be. */
const SCIM_PATH = /^\/[^/]+\/(scim\/v2(\/|$)|(scim|v2)\/.|(Users|Groups|ServiceProviderConfig)$)/i;

/**
 * As the HTTP API on AWS routes: `/{tenant}/scim/v2/…`, `/{tenant}/hooks/…`, `/{tenant}/events`, `/{tenant}/console/…` and
 * `/health`. `/` leads to the console here alone.
 */
function routes(
  generations: Generations,
  services: Services,
  limits: Limits,
  pages: HttpFunction,
  first: string,
): (path: string) => HttpFunction | undefined {
  const scim = scimDoor(generations, services, openInline, limits);
  const hooks = webhookDoors(generations, services, providers, limits);
  return (path) => {
    if (path === '/health' || /^\/[^/]+\/(hooks\/[^/]|events$)/.test(path)) return hooks;
    if (path === '/') return async () => ({ statusCode: 302, headers: { location: `/${first}/console` } });
    if (/^\/[^/]+\/console(\/|$)/.test(path)) return pages;
    return SCIM_PATH.test(path) ? scim : undefined;
  };
}

async function startSimulator(
  options: LocalOptions,
  { tenants }: Configuration,
  closers: (() => Promise<void> | void)[],
): Promise<{ readonly url: string; readonly catalogue: CatalogueSeed }> {
  const [tenant] = Object.values(tenants);
  const catalogue =
    options.catalogue === undefined ? DEMO_CATALOGUE : chosenCatalogue(options.catalogue, { tenants });
  const { streamId, accountId, profile } = tenant?.smartassist ?? {};
  const store =
    options.dataDir === undefined ? undefined : openAgentStore(fileIn(options.dataDir, 'simulator.sqlite'));
  if (store !== undefined) closers.push(() => store.close());
  const simulator = createSimulator({
    clock: systemClock,
    random: Math.random,
    credentials: () => [options.client ?? DEMO_CLIENT],
    admin: () => (options.admin === null ? [] : [options.admin ?? DEMO_ADMIN]),
    catalogue,
    ...compact({ streamId, accountId, profile, store }),
    // A budget beyond SmartAssist's limit would meet it in the simulator.
    behaviour: { callsPerMinute: Math.max(60, options.callsPerMinute ?? 0) },
  });
  const server = await serveSimulator(simulator, { port: options.simulatorPort });
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${server.port}`, catalogue };
}

/** What commands on the same folder need to know of the simulator. */
function simulatorOf({ tenants }: Configuration, url: string | undefined): RunningServer['simulator'] {
  const [first] = Object.values(tenants);
  if (url === undefined || first === undefined) return undefined;
  const { streamId, accountId } = first.smartassist;
  return { url, streamId, ...compact({ accountId }) };
}

/** The configuration as it is, but for what the environment overrides and where SmartAssist is. */
function adapt(
  written: Configuration,
  options: LocalOptions,
  simulatorUrl: string | undefined,
): Configuration {
  const host = (simulatorUrl ?? options.smartassistUrl ?? '').replace(/(?<!\/)\/+$/, '');
  const [first] = Object.values(written.tenants);
  // The simulator is one account with one bot, so all tenants are its tenants.
  const account =
    simulatorUrl === undefined || first === undefined
      ? {}
      : { streamId: first.smartassist.streamId, accountId: first.smartassist.accountId };
  const budget = options.callsPerMinute === undefined ? {} : { callsPerMinute: options.callsPerMinute };
  return {
    tenants: Object.fromEntries(
      Object.entries(written.tenants).map(([name, tenant]) => [
        name,
        {
          ...tenant,
          sources: { ...tenant.sources, ...options.sources },
          smartassist: { ...tenant.smartassist, ...account, ...budget, host },
          ...(options.scimProfile === undefined
            ? {}
            : { scim: { ...tenant.scim, profile: options.scimProfile as typeof tenant.scim.profile } }),
        },
      ]),
    ),
  };
}

function fileIn(dataDir: string, name: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return join(dataDir, name);
}

function digest(token: string): string {
  return `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`;
}
