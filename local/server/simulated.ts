import { systemClock } from '../../functions/runtime/clock.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { fileIn } from '../data/file-in.ts';
import type { RunningServer } from '../data/running-server.ts';
import { DEMO_ADMIN, DEMO_CLIENT } from '../demo-apps.ts';
import { openAgentStore } from '../simulator/agents/store.ts';
import { type CatalogueSeed, DEMO_CATALOGUE } from '../simulator/catalogue.ts';
import { chosenCatalogue } from '../simulator/own-catalogue.ts';
import { serveSimulator } from '../simulator/server.ts';
import { createSimulator } from '../simulator/simulator.ts';
import type { LocalOptions } from './options.ts';

/** Serves the simulator in the place of SmartAssist; what ends it is added to the closers. */
export async function startSimulator(
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
export function simulatorOf({ tenants }: Configuration, url: string | undefined): RunningServer['simulator'] {
  const [first] = Object.values(tenants);
  if (url === undefined || first === undefined) return undefined;
  const { streamId, accountId } = first.smartassist;
  return { url, streamId, ...compact({ accountId }) };
}
