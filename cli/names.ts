import type { Directory } from '../functions/directory/directory.ts';
import type { TenantProvisioning } from '../functions/provision/provisioner.ts';
import type { Catalogue } from '../functions/smartassist/catalogue.ts';
import { describeFailure } from '../functions/smartassist/outcome.ts';
import { CommandFailure } from './failure.ts';
import { readCatalogue } from './setting.ts';

/** Where a command takes SmartAssist's names from. */
export interface NameSource {
  /** Ask SmartAssist now; it costs calls of the budget. */
  readonly live?: boolean;
  /** A file that was saved before. */
  readonly catalogue?: string;
}

const LIVE_MS = 5 * 60_000;

/** The names as the command is told to get them, or as the directory has them; undefined when nobody has any. */
export async function findCatalogue(
  source: NameSource,
  provisioning: TenantProvisioning | undefined,
  directory: Directory | undefined,
): Promise<Catalogue | undefined> {
  if (source.catalogue !== undefined) return readCatalogue(source.catalogue);
  if (source.live === true) {
    if (provisioning === undefined) throw new CommandFailure('--live needs a directory');
    const answer = await provisioning.catalogue.get({
      urgency: 'interactive',
      deadline: Date.now() + LIVE_MS,
    });
    if (answer.outcome !== 'ok') throw new CommandFailure(describeFailure(answer));
    return answer.value;
  }
  return directory === undefined ? undefined : provisioning?.catalogue.known();
}

/** As `findCatalogue`, for commands that can't do without. */
export async function needCatalogue(...sources: Parameters<typeof findCatalogue>): Promise<Catalogue> {
  const found = await findCatalogue(...sources);
  if (found !== undefined) return found;
  throw new CommandFailure(
    'the names of SmartAssist are not known here yet; use --live, or --catalogue FILE',
  );
}
