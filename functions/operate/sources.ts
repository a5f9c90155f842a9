import type { HistoryPage } from '../directory/history.ts';
import { openRejections, SCIM_DOOR } from '../events/rejections.ts';
import {
  expectSecret,
  openStates,
  pauseSource,
  resumeSource,
  type SourceState,
  type States,
  wanting,
} from '../events/source-state.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import { readDryRun, type SourceDryRun, wantingDryRun } from '../sources/dry-run/state.ts';
import { isSeen, wasRead } from '../sources/sync/next.ts';
import { readSyncState, type SyncState } from '../sources/sync/state.ts';
import { type Actor, recordAction } from './audit.ts';
import { OperateError } from './errors.ts';

/** How a source fares: no secret is in it. */
export interface SourceView {
  readonly name: string;
  readonly preset: string;
  readonly state: Omit<SourceState, 'handedOver' | 'gaps'>;
  readonly sync: SyncState;
  /** Whether the schedule reads its people. */
  readonly isRead: boolean;
  /** What an operator had found out that a reading would do. */
  readonly dryRun: SourceDryRun;
}

type Owner = Pick<TenantProvisioning, 'name' | 'tenant'>;

export async function viewSources(services: Services, { name, tenant }: Owner): Promise<SourceView[]> {
  const states = openStates(services);
  return Promise.all(
    Object.entries(tenant.sources).map(async ([source, settings]) => {
      const { handedOver: _, gaps: __, ...state } = await states.get(name, source);
      const [sync, dryRun] = await Promise.all([
        readSyncState(services, name, source),
        readDryRun(services, name, source),
      ]);
      const isRead = settings.sync !== undefined;
      return { name: source, preset: settings.preset, state, sync, isRead, dryRun };
    }),
  );
}

/** A page of the requests that were refused in seven days, the newest first; `source` undefined: by SCIM. */
export function listRefused(
  services: Services,
  tenant: string,
  source: string | undefined,
  page: { readonly limit: number; readonly after?: string },
): Promise<HistoryPage> {
  return openRejections(services).list(tenant, source ?? SCIM_DOOR, page);
}

/** @throws OperateError for a source that the configuration doesn't have */
function assertSource({ name, tenant }: Owner, source: string): void {
  if (Object.hasOwn(tenant.sources, source)) return;
  throw new OperateError('invalid', `the tenant ${name} has no source ${source}`);
}

/** Takes nothing of a source any more, until it is resumed: its requests are refused, and it is not read. */
export function pauseByOperator(
  services: Services,
  owner: Owner,
  source: string,
  actor: Actor,
): Promise<void> {
  const words = actor.reason === undefined ? '' : `: ${actor.reason}`;
  return actOn(services, owner, source, actor, 'source pause', (states) =>
    pauseSource(states, services, owner.name, source, `${actor.by} paused it${words}`),
  );
}

/** Takes what a source sends again; everybody is read, where it is read. */
export function resumeByOperator(
  services: Services,
  owner: Owner,
  source: string,
  actor: Actor,
): Promise<void> {
  return actOn(services, owner, source, actor, 'source resume', (states) =>
    resumeSource(states, owner.name, source),
  );
}

/**
 * Has the people of a source read with the next minute, all of them.
 *
 * @throws OperateError where they were never read, and no operator has lately seen what that would do
 */
export async function readByOperator(
  services: Services,
  owner: Owner,
  source: string,
  actor: Actor,
): Promise<void> {
  const state = await readSyncState(services, owner.name, source);
  const { clock } = services;
  if (!mayBeRead(state, clock.now())) {
    throw new OperateError(
      'invalid',
      `see first what reading ${source} for the first time would do: a dry run`,
    );
  }
  const why = `${actor.by} asked for it`;
  await actOn(services, owner, source, actor, 'source sync', (states) =>
    states.change(owner.name, source, (before) => {
      const { syncWanted, ...rest } = wanting(before, clock.now(), why, 'full');
      if (syncWanted === undefined || wasRead(state)) return { ...rest, ...compact({ syncWanted }) };
      return { ...rest, syncWanted: { ...syncWanted, isFirst: true } };
    }),
  );
}

/** Whether an operator may have a source read: it was before, or what the first time would do was seen. */
export function mayBeRead(state: SyncState, now: number): boolean {
  return wasRead(state) || isSeen(state, now);
}

/** Finds out with the next minute what reading a source would do, and stores nothing of it. */
export function dryRunByOperator(
  services: Services,
  owner: Owner,
  source: string,
  actor: Actor,
): Promise<void> {
  return actOn(services, owner, source, actor, 'source dry run', (states) =>
    states.change(owner.name, source, (state) => wantingDryRun(state, actor.by, services.clock.now())),
  );
}

/** Keeps the first secret that the provider hands over until then, in milliseconds since the epoch. */
export function expectByOperator(
  services: Services,
  owner: Owner,
  source: string,
  until: number,
  actor: Actor,
): Promise<void> {
  return actOn(services, owner, source, actor, 'source expect', (states) =>
    expectSecret(states, owner.name, source, until),
  );
}

/** Does something about a source and records whose word it was. */
async function actOn(
  services: Services,
  owner: Owner,
  source: string,
  actor: Actor,
  action: string,
  work: (states: States) => Promise<unknown>,
): Promise<void> {
  assertSource(owner, source);
  await work(openStates(services));
  await recordAction(services, owner.name, actor, action, { source });
}
