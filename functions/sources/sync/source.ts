import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import type { FetchContext, Fetcher } from '../fetcher.ts';
import type { SourceProviders } from '../provider.ts';
import { openFetching } from '../provider-call.ts';
import type { Listing } from './listing.ts';

/** A source whose people can be listed, ready to be read. */
export interface ListedSource {
  readonly provisioning: TenantProvisioning;
  readonly services: Services;
  readonly tenant: string;
  readonly name: string;
  readonly settings: SourceSettings;
  readonly listing: Listing;
  /** How one person is read, where the provider knows that. */
  readonly fetcher: Fetcher | undefined;
  readonly context: FetchContext;
  /** Calls made to the provider since the source was opened. */
  readonly calls: () => number;
}

/** Providers count calls that are under way as well. */
const CALLS_AT_ONCE = 4;

/** Does so many at once, and the others after them. */
function atMost<Given, Answer>(
  most: number,
  work: (given: Given) => Promise<Answer>,
): (given: Given) => Promise<Answer> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (given) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work(given);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

/** Opens a source to be read; undefined for a provider whose people can't be listed. */
export async function openListed(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  services: Services,
  name: string,
  settings: SourceSettings,
): Promise<ListedSource | undefined> {
  const listing = await providers.listing(settings);
  if (listing === undefined) return undefined;
  let calls = 0;
  const transport = atMost(CALLS_AT_ONCE, (request: Parameters<Services['transport']>[0]) => {
    calls += 1;
    return services.transport(request);
  });
  return {
    provisioning,
    services,
    tenant: provisioning.name,
    name,
    settings,
    listing,
    fetcher: await providers.reader(settings),
    context: await openFetching(provisioning, { ...services, transport }, name, settings),
    calls: () => calls,
  };
}
