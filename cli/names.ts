import type { Directory } from '../functions/directory/directory.ts';
import type { TenantProvisioning } from '../functions/provision/tenant.ts';
import { systemClock } from '../functions/runtime/clock.ts';
import type { Catalogue } from '../functions/smartassist/catalogue.ts';
import { describeFailure } from '../functions/smartassist/outcome.ts';
import { readCatalogue } from './command-context.ts';
import { CommandFailure } from './failure.ts';

/** Where a command takes SmartAssist's names from. */
export interface NameSource {
  /** Ask SmartAssist now, unless it was asked within the last minute; it costs calls of the budget. */
  readonly live?: boolean;
  /** A file that was saved before. */
  readonly catalogue?: string;
}

/** Reading all names takes a call for each page of them, and a minute has few. */
const LIVE_MS = 15 * 60_000;

/** The names as the command is told to get them, or as the directory has them; undefined when there are none. */
export async function findCatalogue(
  source: NameSource,
  provisioning: TenantProvisioning | undefined,
  directory: Directory | undefined,
): Promise<Catalogue | undefined> {
  if (source.catalogue !== undefined) return readCatalogue(source.catalogue);
  if (source.live === true) {
    if (provisioning === undefined) throw new CommandFailure('--live needs a directory');
    return readLive(provisioning);
  }
  return directory === undefined ? undefined : provisioning?.catalogue.known();
}

/** Asks SmartAssist, and waits where a minute's calls are used up: what was read until then is kept. */
async function readLive({ catalogue, tenant }: TenantProvisioning): Promise<Catalogue> {
  const terms = { urgency: 'interactive', deadline: Date.now() + LIVE_MS } as const;
  for (;;) {
    const known = await catalogue.known();
    const answer = await (known === undefined ? catalogue.get(terms) : catalogue.getNewer(known, terms));
    if (answer.outcome === 'ok') return answer.value;
    const waitMs = 'waitMs' in answer ? answer.waitMs : undefined;
    if (waitMs === undefined || Date.now() + waitMs > terms.deadline) {
      throw new CommandFailure(`${describeFailure(answer)} (asked ${tenant.smartassist.host})`);
    }
    await systemClock.sleep(Math.max(waitMs, 1));
  }
}

/** As `findCatalogue`, for commands that can't do without. */
export async function needCatalogue(...sources: Parameters<typeof findCatalogue>): Promise<Catalogue> {
  const found = await findCatalogue(...sources);
  if (found !== undefined) return found;
  throw new CommandFailure(
    'the names of SmartAssist are not known here yet; ask for them with --live, or give them with --catalogue FILE',
  );
}
