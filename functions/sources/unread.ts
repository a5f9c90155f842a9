import { openStates, type SourceState, type States } from '../events/source-state.ts';
import type { Services } from '../provision/services.ts';
import type { Fetched } from './fetcher.ts';
import { unknownStatusText } from './status.ts';

const opened = new WeakMap<Services['directory'], States>();

/** What was said of a source since this process began. */
const said = new WeakMap<Services['directory'], Set<string>>();

/**
 * Logs what readings of a source don't tell, once a process: an operator of a function that has just started sees it
 * without a reading.
 */
export function sayUnread(
  { directory, log }: Pick<Services, 'directory' | 'log'>,
  tenant: string,
  source: string,
  { unread }: SourceState,
): void {
  if (unread === undefined) return;
  const before = said.get(directory) ?? new Set<string>();
  said.set(directory, before);
  const line = `${tenant}/${source}: ${unread.what}`;
  if (before.has(line)) return;
  before.add(line);
  log.error('a part of a person can not be read', { tenant, source, reason: unread.what, since: unread.at });
}

/**
 * Notes in the state of a source what a reading doesn't tell, for `doctor` and `sources`: a status that can't be read is
 * never one, so that leavers who are found by readings alone would go unseen.
 */
export async function noteUnread(
  services: Services,
  tenant: string,
  source: string,
  { person, unread, unknownStatus }: Extract<Fetched, { outcome: 'found' }>,
): Promise<void> {
  const { directory, clock, log } = services;
  const states = opened.get(directory) ?? openStates(services);
  opened.set(directory, states);
  const untold = unknownStatus === undefined ? "status can't be read" : unknownStatusText(unknownStatus);
  const status = person.active === undefined ? [untold] : [];
  const what = [...status, ...(unread === undefined ? [] : [unread])].join('; ');
  if (what !== '') log.error('a part of a person can not be read', { tenant, source, reason: what });
  if (((await states.get(tenant, source)).unread?.what ?? '') === what) return;
  const at = new Date(clock.now()).toISOString();
  await states.change(tenant, source, ({ unread: _, ...state }) =>
    what === '' ? state : { ...state, unread: { at, what } },
  );
}
