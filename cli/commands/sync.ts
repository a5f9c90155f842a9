import { type Actor, recordAction } from '../../functions/operate/audit.ts';
import { heldIds } from '../../functions/operate/brake.ts';
import { providers } from '../../functions/providers/registry.ts';
import { engagedAt, readBrake } from '../../functions/provision/brake/brake.ts';
import type { Services } from '../../functions/provision/services.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { dryRun } from '../../functions/sources/dry-run/dry-run.ts';
import { isSeen, nextReading, wasRead } from '../../functions/sources/sync/next.ts';
import { type ReadingEnd, type ReadingOptions, readSource } from '../../functions/sources/sync/reading.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import { type ReadingKind, readSyncState } from '../../functions/sources/sync/state.ts';
import { sourceNamed } from '../../functions/tenant/look-up.ts';
import type { SourceSettings } from '../../functions/tenant/sources.ts';
import {
  type CommandContext,
  chooseTenant,
  type Opened,
  readConfiguration,
  type Tenant,
  withTenantInForce,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { findCatalogue, type NameSource } from '../names.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { counted, type Output, table } from '../output.ts';
import { startProgress } from '../progress.ts';
import { rowOf, showFailing, showHeld, showReading, showStored } from '../sync/report.ts';
import { assertInForce } from './sources.ts';

export interface SyncOptions extends NameSource, ActorOptions {
  readonly full?: boolean;
  readonly delta?: boolean;
  /** Stores; without it nothing is. */
  readonly apply: boolean;
  /** The least number of people in a list that is taken for complete. */
  readonly accept?: string;
}

/**
 * `sync [source]`: reads the people of a source, or lists how the readings of all sources stand. A dry run unless
 * `--apply` is given; the first `--apply` wants one to have been seen.
 *
 * @returns the exit code: 1 for a reading that is incomplete, or rows that an operator should look at
 */
export async function sync(
  context: CommandContext,
  name: string | undefined,
  options: SyncOptions,
  output: Output,
): Promise<number | undefined> {
  const named = chooseTenant(context, readConfiguration(context));
  if (options.full === true && options.delta === true) throw new CommandFailure('either --full or --delta');
  const accept = acceptedIn(options);
  const isReading = options.apply || options.full === true || options.delta === true;
  if (name === undefined && isReading) {
    throw new CommandFailure('which source? sync <source>; without one it only shows how all readings stand');
  }
  const actor = options.apply ? await actorOf(context, options) : undefined;
  return withTenantInForce(context, named, async (opened, tenant) => {
    assertInForce(context, named, tenant, name);
    if (name === undefined) return listAll(opened, tenant, output);
    await assertReadable(tenant, name);
    const kind = await kindOf(opened.services, tenant.name, name, options);
    return actor !== undefined
      ? apply(opened, tenant, name, kind, accept, actor, output)
      : showDryRun(opened, tenant, name, kind, accept, options, output);
  });
}

function acceptedIn({ accept, full }: SyncOptions): number | undefined {
  if (accept === undefined) return undefined;
  if (!/^[1-9]\d{0,7}$/.test(accept))
    throw new CommandFailure(`--accept ${accept}: a number of people, such as 1500`);
  if (full !== true) throw new CommandFailure('--accept goes with --full');
  return Number(accept);
}

/** What is said, or what comes next: everybody for the first time, then what changed, else everybody. */
async function kindOf(
  services: Services,
  tenant: string,
  name: string,
  { full, delta }: SyncOptions,
): Promise<ReadingKind> {
  const state = await readSyncState(services, tenant, name);
  if (!wasRead(state)) {
    if (delta === true) throw new CommandFailure(`${name} was never read as a whole: sync ${name} does that`);
    return 'initial';
  }
  if (full === true) return 'full';
  return delta === true ? 'delta' : nextReading(state);
}

function settingsOf({ configuration }: Tenant, name: string): SourceSettings {
  const settings = sourceNamed(configuration, name);
  if (settings === undefined) throw new CommandFailure(`there is no source ${name}`);
  return settings;
}

/** @throws CommandFailure where nothing says how the source is read: of no person, which looks as if all were gone */
async function assertReadable(tenant: Tenant, name: string): Promise<void> {
  const settings = settingsOf(tenant, name);
  if (settings.fetch !== undefined || (await providers.listing(settings)) === undefined) return;
  throw new CommandFailure(`how to read the people of ${name} is not configured (fetch)`);
}

function notListed(name: string, { preset }: SourceSettings): CommandFailure {
  return new CommandFailure(`the people of ${name} (${preset}) can not be listed`);
}

async function showDryRun(
  opened: Opened,
  tenant: Tenant,
  name: string,
  kind: ReadingKind,
  accept: number | undefined,
  names: NameSource,
  output: Output,
): Promise<number> {
  const { directory, provisioning } = opened;
  const catalogue = await findCatalogue(names, provisioning, directory);
  const settings = settingsOf(tenant, name);
  const end = await watched(name, (onPage) =>
    dryRun(providers, opened, name, settings, {
      kind,
      catalogue,
      accept,
      until: Number.MAX_SAFE_INTEGER,
      onPage,
    }),
  );
  if (end.outcome === 'unlisted') throw notListed(name, settings);
  if (end.outcome !== 'done') throw notDone(end);
  const { finished, outlook, failing = [], lost } = end;
  if (lost !== undefined) output.note(`${lost}: everybody is read.`);
  const held = await countWaiting(opened, tenant);
  output.data({ source: name, kind: end.kind, applied: false, ...finished, outlook, failing, held });
  showReading(finished, output);
  output.line();
  if (outlook === undefined) {
    output.line('What the agents would become is not known yet: --live asks SmartAssist for its names.');
  } else {
    const rows = Object.entries(outlook.effects).filter(([, people]) => people > 0);
    for (const line of table(
      ['effect', 'persons'],
      rows.map(([effect, people]) => [effect, String(people)]),
    ))
      output.line(line);
    showFailing(failing, outlook.effects.fail, output);
    output.line(
      `${counted(outlook.calls, 'call')} at the most, about ${counted(outlook.minutes, 'minute')}.`,
    );
    if (held === undefined && outlook.brake.engages) {
      output.line(
        output.paint(
          'red',
          `The brake would hold: ${outlook.brake.leaving} would leave service, ${outlook.brake.lets} may.`,
        ),
      );
    }
  }
  showHeld(held, outlook?.brake.leaving ?? 0, output);
  const mayApply =
    end.kind !== 'initial' || isSeen(await readSyncState(opened.services, tenant.name, name), Date.now());
  const next = mayApply ? '--apply stores.' : 'Before --apply it wants one that is complete.';
  output.line(`Nothing was stored: this was a dry run. ${next}`);
  return finished.outcome === 'incomplete' || finished.findings.length > 0 ? EXIT_FINDINGS : 0;
}

async function apply(
  opened: Opened,
  tenant: Tenant,
  name: string,
  kind: ReadingKind,
  accept: number | undefined,
  actor: Actor,
  output: Output,
): Promise<number> {
  const state = await readSyncState(opened.services, tenant.name, name);
  if (kind === 'initial' && !isSeen(state, Date.now())) {
    throw new CommandFailure(`see first what it would do: sync ${name}`);
  }
  const settings = settingsOf(tenant, name);
  const source = await openListed(providers, opened.provisioning, opened.services, name, settings);
  if (source === undefined) throw notListed(name, settings);
  // Recorded before the first is stored: a reading that is broken off has stored some, too.
  const details = { source: name, kind, ...compact({ accept }) };
  await recordAction(opened.services, tenant.name, actor, 'sync', details);
  const end = await watched(name, (onPage) =>
    readSource(source, { kind, accept, until: Number.MAX_SAFE_INTEGER, onPage }),
  );
  if (end.outcome === 'cursor-lost' && kind === 'delta') {
    output.note(`${end.reason}: everybody is read.`);
    return apply(opened, tenant, name, 'full', accept, actor, output);
  }
  if (end.outcome !== 'done') throw notDone(end);
  const { finished } = end;
  const held = await countWaiting(opened, tenant);
  output.data({ source: name, kind, applied: true, ...finished, held });
  showReading(finished, output);
  showStored(finished, output);
  showHeld(held, 0, output);
  return finished.outcome === 'incomplete' || finished.findings.length > 0 ? EXIT_FINDINGS : 0;
}

/** How many the brake holds already; undefined while it does not hold. */
async function countWaiting({ services }: Opened, { name }: Tenant): Promise<number | undefined> {
  if (engagedAt(await readBrake(services, name)) === undefined) return undefined;
  return (await heldIds(services, name, { all: true })).size;
}

/** Reads with a progress bar. */
async function watched<End>(
  name: string,
  read: (onPage: NonNullable<ReadingOptions['onPage']>) => Promise<End>,
): Promise<End> {
  let rows = 0;
  let total: number | undefined;
  const progress = startProgress(`Reading ${name}`, {
    share: () => (total === undefined || total === 0 ? undefined : Math.min(1, rows / total)),
  });
  try {
    return await read(async (underWay) => {
      // A cursor that was lost has everybody read from the beginning.
      progress.advance(Math.max(0, underWay.rows - rows));
      ({ rows, total } = underWay);
    });
  } finally {
    progress.end();
  }
}

function notDone(end: Exclude<ReadingEnd, { outcome: 'done' }>): CommandFailure {
  const reason = end.outcome === 'busy' ? 'another process reads the source now' : end.reason;
  return new CommandFailure(`the source could not be read to its end: ${reason}`);
}

async function listAll(opened: Opened, tenant: Tenant, output: Output): Promise<number> {
  const { services } = opened;
  const { name, configuration } = tenant;
  const views = await Promise.all(
    Object.entries(configuration.sources).map(async ([source, settings]) => ({
      source,
      preset: settings.preset,
      canList: (await providers.listing(settings)) !== undefined,
      isOn: settings.sync !== undefined,
      state: await readSyncState(services, name, source),
    })),
  );
  const held = await countWaiting(opened, tenant);
  output.data({
    held,
    sources: views.map(({ state: { lease: _, ...state }, ...view }) => ({ ...view, ...state })),
  });
  const listed = views.filter(({ canList }) => canList);
  if (listed.length === 0) output.line('None of the sources can be listed.');
  else {
    const rows = listed.map(({ source, preset, isOn, state }) => rowOf(source, preset, isOn, state));
    for (const line of table(['source', 'preset', 'sync', 'initial', 'delta', 'full', ''], rows))
      output.line(line);
  }
  showHeld(held, 0, output);
  return views.some(({ state }) => state.failures !== undefined) ? EXIT_FINDINGS : 0;
}
