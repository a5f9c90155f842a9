import type { HistoryPage } from '../directory/history.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { correlationId } from '../runtime/correlation.ts';

/** How long refused requests are kept. */
const KEPT_DAYS = 7;
/** Kept a door and minute by one function; the others are only counted, so that nobody can fill the directory. */
const KEPT_PER_MINUTE = 20;

/** What is kept of a request that was refused: no secret, no phone number, nothing of its body but a name. */
export type Refused = Readonly<Record<string, unknown>>;

/** Requests that a door refused: a source's under its name, SCIM's under `SCIM_DOOR`. */
export interface Rejections {
  /**
   * Keeps what an operator needs to find out why. Never fails.
   *
   * @param isProven false for a request of a stranger: those have a share of their own, so that they leave that of
   * the provider alone
   */
  keep(tenant: string, door: string, refused: Refused, isProven: boolean): Promise<void>;
  /** The newest first. */
  list(tenant: string, door: string, page: { limit: number; after?: string }): Promise<HistoryPage>;
}

/** No source is called so: a name has no slash. */
export const SCIM_DOOR = '/scim';

export function openRejections({
  directory,
  clock,
  log,
}: Pick<Services, 'directory' | 'clock' | 'log'>): Rejections {
  const kept = new Map<string, { minute: number; count: number }>();
  const mayKeep = (share: string): boolean => {
    const minute = Math.floor(clock.now() / 60_000);
    const last = kept.get(share);
    const count = last?.minute === minute ? last.count + 1 : 1;
    kept.set(share, { minute, count });
    return count <= KEPT_PER_MINUTE;
  };
  return {
    keep: async (tenant, door, refused, isProven) => {
      if (!mayKeep(`${tenant}/${door}/${isProven}`)) return;
      const entry = {
        at: new Date(clock.now()).toISOString(),
        ...compact({ id: correlationId() }),
        ...refused,
      };
      await directory
        .appendHistory(tenant, keyOf(door), entry, KEPT_DAYS)
        .catch((error: Error) => log.warn('a refusal could not be kept', { tenant, reason: error.message }));
    },
    list: (tenant, door, page) => directory.listHistory(tenant, keyOf(door), page),
  };
}

/** No id of a person begins so. */
function keyOf(door: string): string {
  return `refused/${door}`;
}
