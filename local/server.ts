import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { consoleDoor } from '../functions/console/door.ts';
import { openLocalEntry } from '../functions/console/session/entry.ts';
import { localAccess } from '../functions/console/session/local-access.ts';
import { type Directory, openDirectory } from '../functions/directory/directory.ts';
import { openSqliteTable } from '../functions/directory/sqlite/table.ts';
import { openStates } from '../functions/events/source-state.ts';
import { loadConfiguration } from '../functions/mapping/load.ts';
import { withTokens } from '../functions/operate/tenant/secret-value.ts';
import { openServed } from '../functions/provision/served.ts';
import { openServices, type Services } from '../functions/provision/services.ts';
import { openTenants } from '../functions/provision/tenant.ts';
import { indexPeople } from '../functions/reconcile/people-index.ts';
import { systemClock } from '../functions/runtime/clock.ts';
import { compact } from '../functions/runtime/compact.ts';
import { openLimits } from '../functions/runtime/limits.ts';
import { silentMetrics } from '../functions/runtime/metrics.ts';
import { httpTransport } from '../functions/runtime/transport.ts';
import { openUniqueIds } from '../functions/runtime/unique-id.ts';
import { forgetCatalogue } from '../functions/smartassist/catalogue.ts';
import { checkSilence } from '../functions/sources/silence.ts';
import type { Finished, ReadingKind } from '../functions/sources/sync/state.ts';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { openGenerations } from '../functions/tenant/generation/current.ts';
import { activate, readActive } from '../functions/tenant/generation/store.ts';
import { secretName } from '../functions/tenant/secrets/secret-name.ts';
import { openSecrets } from '../functions/tenant/secrets/secrets.ts';
import { consoleLog } from './console-log.ts';
import { lockData } from './data/data-lock.ts';
import { fileIn } from './data/file-in.ts';
import { noteServer } from './data/running-server.ts';
import { type Doorbell, openDoorbell } from './doorbell.ts';
import { type HttpFunction, serveGateway } from './gateway.ts';
import { openSchedule } from './schedule.ts';
import { serveSecrets } from './secrets-manager.ts';
import { adapt } from './server/adapted.ts';
import type { LocalOptions } from './server/options.ts';
import { readNow } from './server/read-now.ts';
import { routes } from './server/routes.ts';
import { simulatorOf, startSimulator } from './server/simulated.ts';
import { SECRETS_PREFIX, secretsOf, unmeantText } from './server/tenant-secrets.ts';
import { isReadFrom } from './simulator/own-catalogue.ts';
import { serveLines } from './terminal/line-server.ts';
import { openRequestLines } from './terminal/request-lines.ts';

/** As long as listing people of version 0.1.0 may keep the start waiting. */
const INDEX_MS = 1_500;

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
    const unmeant = unmeantText(configuration, options);
    if (unmeant !== undefined) options.lines?.(unmeant);
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
