import { folded } from '../../scim-core/fold.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { Ports } from './ports.ts';

/** Agents a call; the maximum is documented nowhere. */
const LIMIT = 1_000;
/** A list of more pages isn't gone through for one person: the pages of agents are read from their end instead. */
const MOST_PAGES = 30;
/** More namesakes than one call asks the addresses of: the pages of agents tell as much. */
const MOST_NAMESAKES = 100;

/**
 * The id of the agent with one of these addresses, by the list for workforce management, which has names and no
 * addresses, and the availability of the person's namesakes. Undefined where that doesn't tell: the list takes a scope of
 * its own, and names change.
 */
export async function findInWorkforce(
  { client, workforce }: Ports,
  addresses: ReadonlySet<string>,
  terms: CallTerms,
): Promise<string | undefined> {
  if (!(await workforce.mayRead())) return undefined;
  const wanted = workforce.names();
  const namesakes: string[] = [];
  let offset = 0;
  let first: string | undefined;
  for (let read = 0; read < MOST_PAGES; read += 1) {
    const page = await client.listWorkforce({ offset, limit: LIMIT }, terms);
    if (page.outcome !== 'ok') {
      if (page.outcome === 'refused' || page.outcome === 'not-found' || page.outcome === 'unauthorized')
        await workforce.noteUnusable();
      return undefined;
    }
    if (page.value.length === 0 || page.value[0]?.id === first) break;
    first = page.value[0]?.id;
    offset += page.value.length;
    for (const { id, firstName, lastName } of page.value)
      if (folded(`${firstName} ${lastName}`) === wanted) namesakes.push(id);
  }
  if (namesakes.length === 0 || namesakes.length > MOST_NAMESAKES) return undefined;
  const known = await client.readAvailability(namesakes, terms);
  if (known.outcome !== 'ok') return undefined;
  return known.value.find(({ emailId }) => addresses.has(folded(emailId)))?.id;
}
