import { readBrake } from '../../provision/brake/brake.ts';
import { type Outlook, outlookOf } from '../../provision/forecast.ts';
import { compact } from '../../runtime/compact.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import type { SourceProviders } from '../provider.ts';
import { type ReadingEnd, type ReadingOptions, readSource } from '../sync/reading.ts';
import { openListed } from '../sync/source.ts';
import { changeSyncState, type Finished, type ReadingKind } from '../sync/state.ts';
import { type DryRunOf, openDryRun } from './overlay.ts';

/** A person of whom no agent can be made. */
export interface Failing {
  readonly userName: string;
  readonly problem: string;
}

/** What a reading would do. */
export interface Seen {
  readonly kind: ReadingKind;
  readonly finished: Finished;
  /** What would become of agents; absent where the names of SmartAssist are not known. */
  readonly outlook?: Outlook;
  /** Who can not be as they are to be, and why: the first ones. */
  readonly failing?: readonly Failing[];
  /** Why everybody was read in the place of what changed. */
  readonly lost?: string;
}

/** So many who fail are named; the rest is counted. */
const FAILING = 50;
/** Characters of why a person fails. */
const MOST_PROBLEM = 400;

export type DryRunEnd =
  | ({ readonly outcome: 'done' } & Seen)
  | Exclude<ReadingEnd, { readonly outcome: 'done' }>
  /** The people of the source can't be listed. */
  | { readonly outcome: 'unlisted' };

export interface DryRunOptions extends Pick<ReadingOptions, 'until' | 'accept' | 'onPage'> {
  readonly kind: ReadingKind;
  readonly catalogue: Catalogue | undefined;
}

/**
 * Reads a source as `readSource` does, and stores nothing of it but that an operator was shown what it would do. A token
 * that the provider gives in the place of another one is kept all the same: the one before it may be void.
 */
export async function dryRun(
  providers: SourceProviders,
  of: DryRunOf,
  name: string,
  settings: SourceSettings,
  options: DryRunOptions,
): Promise<DryRunEnd> {
  const { provisioning, services } = of;
  const { kind, catalogue, onPage, ...terms } = options;
  const run = openDryRun(of, catalogue);
  const source = await openListed(providers, provisioning, services, name, settings);
  if (source === undefined) return { outcome: 'unlisted' };
  const end = await readSource(
    { ...source, services: run.services },
    {
      ...terms,
      kind,
      onPage: async (underWay) => {
        await onPage?.(underWay);
        await run.look(false);
      },
    },
  );
  if (end.outcome === 'cursor-lost' && kind === 'delta') {
    const whole = await dryRun(providers, of, name, settings, { ...options, kind: 'full' });
    return whole.outcome === 'done' ? { ...whole, lost: end.reason } : whole;
  }
  if (end.outcome !== 'done') return end;
  await run.look(true);
  const { finished } = end;
  if (finished.outcome === 'complete') {
    const dryRunAt = new Date(services.clock.now()).toISOString();
    await changeSyncState(services, provisioning.name, name, (state) => ({ ...state, dryRunAt }));
  }
  const outlook = await outlookAfter(of, run.effects);
  const failing = run.foreseen.slice(0, FAILING).map(({ userName, problems = [] }): Failing => {
    return { userName, problem: problems.join(' ').slice(0, MOST_PROBLEM) };
  });
  const seen = compact({ outlook, failing: failing.length === 0 ? undefined : failing });
  return { outcome: 'done', kind, finished, ...seen };
}

async function outlookAfter(
  { provisioning, services }: DryRunOf,
  effects: ReturnType<typeof openDryRun>['effects'],
): Promise<Outlook | undefined> {
  if (effects === undefined) return undefined;
  const { name, tenant } = provisioning;
  const active = await services.directory.countActiveAgents(name);
  return outlookOf(effects, tenant, active, await readBrake(services, name), services.clock.now());
}
