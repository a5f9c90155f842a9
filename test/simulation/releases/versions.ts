import type { Directory } from '../../../functions/directory/directory.ts';
import { openInline } from '../../../functions/provision/accept-inline.ts';
import { provisionHandler } from '../../../functions/provision/drain/handler.ts';
import type { WorkPendingEvents } from '../../../functions/provision/drain/pending-event-rounds.ts';
import type { Services } from '../../../functions/provision/services.ts';
import { reconcileHandler, type TendSources } from '../../../functions/reconcile/handler.ts';
import { scimHandler } from '../../../functions/scim/http/handler.ts';
import { syncHandler } from '../../../functions/sources/sync/handler.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import { FORM } from '../../../functions/tenant/generation/store.ts';
import { openDoors } from '../../../functions/webhook/doors.ts';
import type { Providers } from '../sources/providers.ts';

/** The form of configurations that the next version writes and this one doesn't know. */
export const NEXT_FORM = FORM + 1;

/** Handlers with their configuration in the code: they know no generation, and note none on what they map. */
export function bundledHandlers(
  configuration: Configuration,
  services: Services,
  providers: Providers,
  care: { readonly work?: WorkPendingEvents; readonly tend?: TendSources },
) {
  return {
    scim: scimHandler(configuration, services, openInline),
    webhook: openDoors(configuration, services, providers),
    drain: provisionHandler(configuration, services, care),
    schedule: reconcileHandler(configuration, services, care),
    sync: syncHandler(providers, configuration, services),
  };
}

/** The directory as the next version writes it: what it activates has its own form. */
export function ofNextVersion(directory: Directory): Directory {
  return {
    ...directory,
    writeDocument: (owner, name, body, ...rest) =>
      directory.writeDocument(
        owner,
        name,
        isActivation(owner, name) ? { ...body, form: NEXT_FORM } : body,
        ...rest,
      ),
  };
}

/** Entries of generations that were active before are stored as they are. */
const isActivation = (owner: string, name: string) => owner === 'configuration:' && name === 'active';
