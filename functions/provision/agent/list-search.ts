import { folded } from '../../scim-core/fold.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { Result } from '../result.ts';
import { type Found, LOST } from './find.ts';
import { failed, type Ports, type SearchProgress } from './ports.ts';
import { findInWorkforce } from './workforce-search.ts';

/** So many pages are read as they come; before more, the list for workforce management is asked. */
const FEW_PAGES = 10;
/** To keep the progress costs a write; not to have kept it costs so many calls at most. */
const KEPT_EVERY = 10;

/**
 * Looks through the whole list of agents for one that has such an address and no other holder: page 1, which says how many
 * pages there are, or as many as it takes to find the last one where it doesn't; of a long list, the list for workforce
 * management; then back from the last page, since the newest agents are at the end, and what has come behind it meanwhile.
 * Only on the way back nothing is missed: an agent that is deleted during the search moves those behind it towards page 1.
 * An attempt that runs out of calls or of time keeps how far it came, and the next one goes on from there.
 */
export async function findInList(
  ports: Ports,
  addresses: ReadonlySet<string>,
  terms: CallTerms,
): Promise<Found> {
  const orgId = await ports.organization();
  if (orgId === undefined) {
    const message = 'the id of the organization is not known yet, so its agents can not be listed';
    return { result: { kind: 'postponed', code: 'no-organization', message, unknown: true } };
  }
  const kept = await ports.search.progress();
  let progress = kept;
  // The list may have grown since: its last page is read again.
  let ahead = kept?.end;
  let lastIds = '';
  const stop = async (result: Result): Promise<Found> => {
    await ports.search.keep(progress);
    return { result };
  };
  for (let read = 1; ; read += 1) {
    const at = nextPage(progress, ahead);
    if (at === undefined) break;
    const page = await ports.client.listAgents(orgId, at, terms);
    if (page.outcome !== 'ok') return stop(failed(page, true));
    const { results, totalPages, mayHaveMore } = page.value;
    for (const agent of results) {
      if (!addresses.has(folded(agent.emailId ?? ''))) continue;
      const claimed = await ports.claim(agent.id);
      if (claimed === 'lost') return stop(LOST);
      if (claimed === 'ours') return readWhole(ports, agent, terms, stop);
    }
    // A server that knows no pages gives the same one for ever.
    const ids = results.map(({ id }) => id).join(' ');
    const next = ids !== lastIds && mayHaveMore(at) ? at + 1 : undefined;
    lastIds = ids;
    if (progress?.back === undefined) {
      progress = forward(at, next, totalPages);
      ahead = undefined;
      const id = isLong(progress, at) ? await findInWorkforce(ports, addresses, terms) : undefined;
      const claimed = id === undefined ? 'held' : await ports.claim(id);
      if (claimed === 'lost') return stop(LOST);
      if (id !== undefined && claimed === 'ours') return readWhole(ports, { id }, terms, stop);
    } else if (progress.back > 0) {
      if (at === progress.end) ahead ??= next;
      progress = { back: at - 1, end: progress.end };
    } else {
      progress = { back: 0, end: at };
      ahead = next;
    }
    if (read % KEPT_EVERY === 0) await ports.search.keep(progress);
  }
  await ports.search.keep(undefined);
  return { agent: undefined };
}

/** @param ahead the page behind the last one, as far as there may be one */
function nextPage(progress: SearchProgress | undefined, ahead: number | undefined): number | undefined {
  if (progress === undefined) return 1;
  if (progress.back === undefined) return progress.end + 1;
  return progress.back > 0 ? progress.back : ahead;
}

/** How far the search is when page `at` has been read on the way to the last one. */
function forward(at: number, next: number | undefined, totalPages: number | undefined): SearchProgress {
  if (totalPages !== undefined && totalPages > at) return { back: totalPages, end: totalPages };
  return next === undefined ? { back: at - 1, end: at } : { end: at };
}

/** Whether it turns out with page `at` that the list is a long one. */
function isLong({ back, end }: SearchProgress, at: number): boolean {
  return back === undefined ? at === FEW_PAGES : end > FEW_PAGES && at <= FEW_PAGES;
}

/** The list shows another shape than a single record, and an update needs that one. */
async function readWhole(
  { client, search }: Ports,
  { id }: Pick<AgentRecord, 'id'>,
  terms: CallTerms,
  stop: (result: Result) => Promise<Found>,
): Promise<Found> {
  const whole = await client.getAgent(id, terms);
  if (whole.outcome !== 'ok' && whole.outcome !== 'not-found') return stop(failed(whole, true));
  await search.keep(undefined);
  return { agent: whole.outcome === 'ok' ? whole.value : undefined };
}
