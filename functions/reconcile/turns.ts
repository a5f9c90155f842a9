import { type DocumentForm, objectOf, readForm } from '../directory/documents.ts';
import type { Services } from '../provision/services.ts';

/** Not the name of a tenant: those have no `#`. */
const OWNER = '#schedule';

const placeForm = (loop: string): DocumentForm<{ readonly next: string } | undefined> => ({
  name: loop,
  parse: (stored) => (stored === undefined ? undefined : { next: String(objectOf(stored).next ?? '') }),
});

/**
 * Does work for one tenant after the other until the time is over, and begins the next time with the tenant that was next:
 * however many tenants there are, each has its turn.
 *
 * @param loop the name of the loop, under which its place is kept
 * @param until epoch milliseconds after which no tenant is begun
 * @returns how many tenants had their turn
 */
export async function inTurn(
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  loop: string,
  tenants: readonly string[],
  until: number,
  work: (tenant: string) => Promise<void>,
): Promise<number> {
  const place = await readForm(directory, OWNER, placeForm(loop));
  const first = Math.max(0, tenants.indexOf(place?.next ?? ''));
  const order = [...tenants.slice(first), ...tenants.slice(0, first)];
  for (const [done, tenant] of order.entries()) {
    // The first always has its turn, so that a run without time gets on as well.
    if (done > 0 && clock.now() >= until) {
      await directory.writeDocument(OWNER, loop, { next: tenant });
      return done;
    }
    await work(tenant);
  }
  if (place !== undefined) await directory.eraseDocument(OWNER, loop);
  return order.length;
}
