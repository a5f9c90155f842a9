import { decideOnDocument } from '../../directory/documents.ts';
import type { States } from '../../events/source-state.ts';
import { compact } from '../../runtime/compact.ts';
import { errorText } from '../../runtime/error-text.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import type { SourceProviders } from '../provider.ts';
import { nextReading } from '../sync/next.ts';
import { readSyncState, type UnderWay } from '../sync/state.ts';
import { type DryRunEnd, dryRun, type Seen } from './dry-run.ts';
import type { DryRunOf } from './overlay.ts';
import { dryRunForm, type SourceDryRun } from './state.ts';

/** Longer than any page takes, with the people on it. */
const LEASE_MS = 3 * 60_000;
/** How far it is, is noted this often at most. */
const NOTED_MS = 5_000;
/** What an operator was shown counts for a week; the last of a source stays as long. */
const KEPT_SECONDS = 7 * 86_400;

/** Another function does the dry run. */
class Taken extends Error {
  override readonly name = 'Taken';
}

/**
 * Does the dry run that an operator asked for, and keeps what it saw.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export async function doWantedDryRun(
  providers: SourceProviders,
  of: DryRunOf,
  states: States,
  source: string,
  settings: SourceSettings,
  until: number,
): Promise<void> {
  const { provisioning, services } = of;
  const { name: tenant } = provisioning;
  const { clock, directory } = services;
  const { dryRunWanted: wanted } = await states.get(tenant, source);
  if (wanted === undefined) return;
  const holder = services.randomId();
  const write = (edit: (before: SourceDryRun) => SourceDryRun | undefined) =>
    decideOnDocument<SourceDryRun, boolean>(directory, tenant, dryRunForm(source), (before) => {
      const body = edit(before);
      if (body === undefined) return { answer: false };
      return { body, expiresAt: Math.ceil(clock.now() / 1_000) + KEPT_SECONDS, answer: true };
    });
  const running = ({ rows, total }: Pick<UnderWay, 'rows' | 'total'>) => ({
    holder,
    until: clock.now() + LEASE_MS,
    rows,
    ...compact({ total }),
  });
  const taken = await write((before) => {
    const isHeld = before.running !== undefined && before.running.until > clock.now();
    return isHeld ? undefined : { ...before, running: running({ rows: 0 }) };
  });
  if (!taken) return;
  let notedAt = clock.now();
  const note = async (underWay: UnderWay): Promise<void> => {
    if (clock.now() - notedAt < NOTED_MS) return;
    notedAt = clock.now();
    const isMine = await write((before) =>
      before.running?.holder === holder ? { ...before, running: running(underWay) } : undefined,
    );
    if (!isMine) throw new Taken();
  };
  const end = async (last: Omit<NonNullable<SourceDryRun['last']>, 'at' | 'by'>): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    await write(({ running: now, ...before }) =>
      now?.holder === holder ? { ...before, last: { at, by: wanted.by, ...last } } : undefined,
    );
    await states.change(tenant, source, ({ dryRunWanted, ...state }) =>
      dryRunWanted === undefined || dryRunWanted.at <= wanted.at ? state : { ...state, dryRunWanted },
    );
  };
  try {
    const catalogue = await provisioning.catalogue.known();
    const kind = nextReading(await readSyncState(services, tenant, source));
    const seen = await dryRun(providers, of, source, settings, { kind, catalogue, until, onPage: note });
    await end(seen.outcome === 'done' ? { seen: withoutOutcome(seen) } : { problem: problemOf(seen) });
  } catch (error) {
    if (error instanceof Taken) return;
    services.log.warn('a dry run failed', { tenant, source, reason: errorText(error) });
    await end({ problem: errorText(error) });
  }
}

function withoutOutcome({ outcome: _, ...seen }: Extract<DryRunEnd, { outcome: 'done' }>): Seen {
  return seen;
}

function problemOf(end: Exclude<DryRunEnd, { outcome: 'done' }>): string {
  switch (end.outcome) {
    case 'unlisted':
      return 'the people of the source can not be listed';
    case 'busy':
      return 'the source is being read now; ask again when that is over';
    default:
      return end.reason;
  }
}
