import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { isReconciliationWanted } from '../provision/agent/search.ts';
import { servedHandler } from '../provision/served.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { accountOf, openTenants } from '../provision/tenant.ts';
import { correlated } from '../runtime/correlation.ts';
import { errorText } from '../runtime/error-text.ts';
import { isFaultOfCode } from '../runtime/fault.ts';
import { once } from '../runtime/once.ts';
import type { Configuration, TenantConfiguration } from '../tenant/configuration.ts';
import type { Generations } from '../tenant/generation/current.ts';
import { NO_GENERATION } from '../tenant/generation/none.ts';
import { measureBacklog } from './backlog.ts';
import { eraseExpired } from './erase.ts';
import { type HoldersOf, keepAgentHolders } from './holder-keys.ts';
import { indexPeople } from './people-index.ts';
import { isUnderWay } from './report.ts';
import { inTurn } from './turns.ts';

/** What the schedule sends: `minute` rings, looks after sources, erases and goes on with a reconciliation; `census` begins one. */
const eventSchema = once(() => z.object({ kind: z.enum(['minute', 'census']) }));

const MARGIN_MS = 5_000;

/** In most minutes none is under way: a start doesn't read the code of it. */
const loadReconciliation = () => import('./reconciliation.ts');

/** The minute's part for sources ends before the next minute's begins: one at a time looks after them. */
const TEND_MS = 50_000;

/**
 * Does what the sources of all tenants need every minute. The entry point hands it in: this room knows no source.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export type TendSources = (
  configuration: Configuration,
  services: Services,
  tenants: (name: string) => TenantProvisioning | undefined,
  until: number,
) => Promise<void>;

export interface ScheduleParts {
  readonly tend?: TendSources;
  /** Tells operators of a tenant what needs a person. Failures are its own to tell. */
  readonly notify?: (provisioning: TenantProvisioning, services: Services) => Promise<void>;
  /** Logs what operators did by commands, whose own log is not read. */
  readonly logActions?: (services: Services, tenant: string) => Promise<void>;
  /** Asks the front door by its public name, where that is wanted. Failures are its own to tell. */
  readonly check?: (services: Services) => Promise<void>;
}

/** The schedule's function with the configuration that is active; without one there is nobody to look after. */
export function scheduleOfGenerations(
  generations: Generations,
  services: Services,
  parts: ScheduleParts = {},
) {
  const build = (...with_: Parameters<typeof openTenants>) => reconcileHandler(...with_, parts);
  return servedHandler(generations, services, build, () => services.log.warn(NO_GENERATION));
}

/** The schedule's function: makes up for doorbells that were lost, and keeps the directory and SmartAssist together. */
export function reconcileHandler(
  configuration: Configuration,
  services: Services,
  { tend, check, notify, logActions }: ScheduleParts = {},
) {
  const tenants = openTenants(configuration, services);
  return (event: unknown, context: Context): Promise<void> =>
    correlated(context.awsRequestId, async () => {
      const { kind } = eventSchema().parse(event);
      const until = services.clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
      const names = Object.keys(configuration.tenants);
      const checked = kind === 'minute' ? check?.(services) : undefined;
      const faults: unknown[] = [];
      const failed = (error: unknown, tenant: string) => {
        services.log.error('scheduled work failed', { tenant, reason: errorText(error) });
        services.metrics.count('ScheduleFailed', { tenant });
        if (isFaultOfCode(error)) faults.push(error);
      };
      const lost: string[] = [];
      await inTurn(services, 'ring', names, until, async (name) => {
        if (!(await services.ring(name))) lost.push(name);
      });
      if (kind === 'minute') {
        const end = Math.min(until, services.clock.now() + TEND_MS);
        await tend?.(configuration, services, tenants, end).catch((error: unknown) => {
          faults.push(error);
          services.log.error('sources could not be looked after', { reason: errorText(error) });
        });
      }
      await inTurn(services, kind, names, until, async (name) => {
        try {
          const tenant = configuration.tenants[name];
          if (tenant === undefined) return;
          // What takes no rules is done for a tenant, too, whose rules can't be read: other tenants of its account wait for
          // who has which agent.
          await eraseExpired(services, name);
          await indexPeople(services, name, until);
          await keepAgentHolders(holding(name, tenant, tenants), services, until);
          const provisioning = tenants(name);
          if (provisioning === undefined) return;
          const last = await measureBacklog(provisioning, services);
          await logActions?.(services, name);
          if (kind === 'minute') await notify?.(provisioning, services);
          const begin = kind === 'census' || (await isReconciliationWanted(services, name));
          // The names of a new tenant are read at once, and tell the organization.
          if (begin || isUnderWay(last) || (await provisioning.organization.id()) === undefined) {
            await (await loadReconciliation()).reconcile(provisioning, services, until, begin);
          }
        } catch (error) {
          failed(error, name);
        }
      });
      await checked;
      // One tenant's trouble is that tenant's: logged and counted. The function fails where its own code does, or where no
      // doorbell rings any more.
      if (faults.length > 0 || (lost.length > 0 && lost.length === names.length)) {
        throw new Error(`scheduled work failed ${faults.length + lost.length} times; see the lines above`);
      }
    });
}

/** A tenant as far as the holders of its agents take it: what can't be opened fails only where it is asked for. */
function holding(
  name: string,
  tenant: TenantConfiguration,
  tenants: (name: string) => TenantProvisioning | undefined,
): HoldersOf {
  return {
    name,
    account: accountOf(tenant),
    get client() {
      const opened = tenants(name);
      if (opened === undefined) throw new Error(`tenant ${name} is not configured`);
      return opened.client;
    },
  };
}
