import { isDeepStrictEqual } from 'node:util';
import type { HistoryEntry } from '../../functions/directory/history.ts';
import { everyPage } from '../../functions/directory/pages.ts';
import { openStates, type SourceState } from '../../functions/events/source-state.ts';
import { type Actor, actionText, lastAction } from '../../functions/operate/audit.ts';
import { foreseeDrop, formerSources } from '../../functions/operate/former-sources.ts';
import { resumeByOperator } from '../../functions/operate/sources.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { shortId } from '../../functions/runtime/correlation.ts';
import { didYouMean } from '../../functions/scim-core/nearest.ts';
import { sourceNamed } from '../../functions/tenant/look-up.ts';
import { openRejectionLog } from '../../functions/webhook/rejection-log.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  type Tenant,
  withTenantInForce,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { confirmCount, UNASKED } from '../operator/confirmation.ts';
import { complain, counted, type Output, table } from '../output.ts';
import { assertFormer, dropHold, noneText, showHold } from './configuration/former-sources.ts';

const PAGE = 200;
/** Of one source no more refusals are counted; a sender that is refused as often has found out by then. */
const COUNTED = 2_000;
const SHOWN = 5;
/** Where security events are counted whose issuer no source has. */
const UNKNOWN_ISSUER = 'events';

export interface SourcesOptions extends ActorOptions {
  /** The source to take from again. */
  readonly resume?: string;
  /** A source that is no longer configured, whose hold on people is dropped. */
  readonly drop?: string;
  /** With `drop`: those whom it has deleted, and not those whom it put out. */
  readonly deleted?: true;
  /** With `drop`: show whom it holds, and drop nothing. */
  readonly dryRun?: true;
  /** How many it holds, so that nothing is asked. */
  readonly yes?: string;
  /** Show a secret that the provider handed over, too. */
  readonly reveal: boolean;
}

interface SourceView {
  readonly name: string;
  readonly preset: string;
  readonly state: SourceState;
  readonly refused: Readonly<Record<string, number>>;
  /** The newest first. */
  readonly refusals: readonly HistoryEntry[];
}

/** `sources [name]`: how each source fares, and of one the requests that were refused last; or takes one up again. */
export async function sources(
  context: CommandContext,
  name: string | undefined,
  options: SourcesOptions,
  output: Output,
): Promise<number | undefined> {
  const named = chooseTenant(context, readConfiguration(context));
  const { resume, reveal, drop } = options;
  return withTenantInForce(context, named, async ({ services, provisioning }, tenant) => {
    if (drop !== undefined) {
      await dropFormer(context, tenant, drop, { options, services, output });
      return undefined;
    }
    for (const wanted of [name, resume]) assertInForce(context, named, tenant, wanted);
    if (resume !== undefined) {
      return takeUp(services, provisioning, resume, await actorOf(context, options), output);
    }
    const views = await readViews(services, tenant, name);
    if (name === undefined) showAll(views, output);
    else for (const view of views) showOne(view, reveal, output);
    return views.some(({ state }) => state.paused !== undefined || state.silentSince !== undefined)
      ? EXIT_FINDINGS
      : undefined;
  });
}

/** `sources --drop`: shows whom a former source holds, and drops its word about one of the two kinds. */
async function dropFormer(
  context: CommandContext,
  tenant: Tenant,
  source: string,
  { options, services, output }: { options: SourcesOptions; services: Services; output: Output },
): Promise<void> {
  assertFormer(tenant, source);
  const { deleted, yes } = options;
  const owner = { name: tenant.name, tenant: tenant.configuration };
  const hold = await foreseeDrop(services, owner, source);
  const chosen = deleted === true ? hold.gone : hold.out;
  if (hold.out.length + hold.gone.length === 0) {
    const meant = didYouMean(source, await formerSources(services, owner));
    if (meant !== '') throw new CommandFailure(`${source} holds nobody out of service.${meant}`);
    if (options.dryRun === true) output.line(noneText(source));
  }
  showHold(source, hold, output);
  if (options.dryRun === true) {
    output.data({ dryRun: source, ...hold });
    return;
  }
  const actor = await actorOf(context, options);
  const unasked = deleted === true ? 0 : UNASKED;
  const what = deleted === true ? `allowed back whom ${source} has deleted` : 'allowed back';
  await confirmCount(chosen.length, what, yes, 'person', unasked);
  const dropped = await dropHold(services, { tenant, source, ...compact({ deleted }) }, actor, output);
  output.data({ ...dropped, deleted: deleted === true ? 0 : hold.gone.length });
}

export function assertConfigured({ name, configuration }: Tenant, wanted: string | undefined): void {
  const names = Object.keys(configuration.sources);
  if (wanted === undefined || names.includes(wanted) || wanted === UNKNOWN_ISSUER) return;
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  throw new CommandFailure(
    `the tenant ${name} has no source ${wanted}; ${known}.${didYouMean(wanted, names)}`,
  );
}

/**
 * A source that the active generation has; told apart from one that stands in the file alone, or otherwise, as functions
 * don't go by the file.
 *
 * @throws CommandFailure for a source that the active generation doesn't have
 */
export function assertInForce(
  { configuration: file }: CommandContext,
  named: Tenant,
  active: Tenant,
  wanted: string | undefined,
): void {
  if (wanted === undefined) return;
  const [written, known] = [named, active].map(({ configuration }) => sourceNamed(configuration, wanted));
  if (known === undefined && written !== undefined) {
    throw new CommandFailure(
      `${wanted} is a source in ${file}, but not in the active generation, which functions go by: push activates ${file}`,
    );
  }
  assertConfigured(active, wanted);
  if (known === undefined || isDeepStrictEqual(written, known)) return;
  complain(
    `${wanted} is otherwise in ${file} than in the active generation, which functions and this command go by: push activates ${file}.`,
  );
}

async function takeUp(
  services: Services,
  owner: TenantProvisioning,
  name: string,
  actor: Actor,
  output: Output,
): Promise<undefined> {
  const { paused } = await openStates(services).get(owner.name, name);
  output.data({ resumed: paused === undefined ? [] : [name] });
  if (paused === undefined) {
    output.line(`${name} was not paused.`);
    const before = await lastAction(
      services,
      owner.name,
      ({ action, source }) => action === 'source resume' && source === name,
    );
    if (before !== undefined) output.line(`  ${actionText(before)}`);
    return;
  }
  await resumeByOperator(services, owner, name, actor);
  output.line(
    `${name} is taken from again. What its provider kept back in the meantime, it sends again by itself, or not at all.`,
  );
}

async function readViews(
  services: Services,
  tenant: Tenant,
  only: string | undefined,
): Promise<SourceView[]> {
  const states = openStates(services);
  const log = openRejectionLog(services);
  const views: SourceView[] = [];
  const named = Object.entries(tenant.configuration.sources).map(([name, { preset }]) => ({ name, preset }));
  const hasStreams = named.some(({ preset }) => preset === 'security-events');
  const unknown = { name: UNKNOWN_ISSUER, preset: '(unknown issuers)' };
  for (const { name, preset } of hasStreams ? [...named, unknown] : named) {
    if (only !== undefined && name !== only) continue;
    const refused: Record<string, number> = {};
    const refusals: HistoryEntry[] = [];
    let count = 0;
    for await (const { entries } of everyPage((from) =>
      log.list(tenant.name, name, { limit: PAGE, ...from }),
    )) {
      for (const entry of entries) {
        count += 1;
        const code = String(entry.code);
        refused[code] = (refused[code] ?? 0) + 1;
        if (refusals.length < SHOWN) refusals.push(entry);
      }
      if (count >= COUNTED) break;
    }
    views.push({ name, preset, state: await states.get(tenant.name, name), refused, refusals });
  }
  return views;
}

function showAll(views: readonly SourceView[], output: Output): void {
  output.data({
    sources: views.map(({ name, preset, state, refused }) => ({ name, preset, ...shown(state), refused })),
  });
  if (views.length === 0) {
    output.line('The tenant has no sources beside SCIM.');
    return;
  }
  const rows = views.map(({ name, preset, state, refused }) => [
    name,
    preset,
    conditionOf(state),
    state.heardAt ?? '—',
    refusedText(refused),
  ]);
  const headings = ['source', 'preset', 'state', 'last heard', 'refused in 7 days'];
  for (const line of table(headings, rows)) output.line(line);
  for (const { name, state } of views) {
    if (state.paused !== undefined) {
      output.line();
      output.line(output.paint('red', `${name} is paused since ${state.paused.at}: ${state.paused.reason}`));
      output.line(`  sources --resume ${name}   takes from it again`);
    }
  }
  if (views.some(({ refused }) => Object.keys(refused).length > 0)) {
    output.line();
    output.line('  sources <name>   shows what was refused last, and why');
  }
}

function showOne({ name, preset, state, refused, refusals }: SourceView, reveal: boolean, output: Output) {
  const { handedOver, notice, subscription, paused, unread } = state;
  output.data({
    name,
    preset,
    ...shown(state),
    ...(handedOver === undefined || !reveal ? {} : { token: handedOver.token }),
    refused,
    refusals,
  });
  const heard = state.heardAt === undefined ? '' : `, last heard ${state.heardAt}`;
  output.line(`${name} (${preset}): ${conditionOf(state)}${heard}`);
  if (paused !== undefined) output.line(`  paused since ${paused.at}: ${paused.reason}`);
  if (notice !== undefined) output.line(`  said at ${notice.at}: ${notice.type} ${notice.detail}`);
  if (unread !== undefined) output.line(`  since ${unread.at}: ${unread.what}`);
  if (subscription !== undefined) output.line(`  subscription until ${subscription.expiresAt}`);
  if (handedOver !== undefined) {
    const token = reveal ? handedOver.token : 'shown with --reveal';
    output.line(`  secret handed over at ${handedOver.at}, for the tenant's secret: ${token}`);
  }
  output.line(`  refused in 7 days: ${refusedText(refused)}`);
  for (const { at, id, code, message, method, headers = {}, bytes, sha256 } of refusals) {
    output.line();
    // As the answer's words end with it.
    const known = id === undefined ? '' : ` (${shortId(String(id))})`;
    output.line(`  ${at}  ${String(code)}: ${String(message)}${known}`);
    if (method === undefined) continue;
    output.line(`    ${String(method)}, ${counted(Number(bytes), 'byte')}, SHA-256 ${String(sha256)}`);
    for (const [header, value] of Object.entries(headers as object)) output.line(`    ${header}: ${value}`);
  }
}

/** A state as it is shown: a secret that was handed over only by its time. */
function shown({ handedOver, gaps: _, ...state }: SourceState) {
  return { ...state, ...(handedOver === undefined ? {} : { handedOver: { at: handedOver.at } }) };
}

function conditionOf({ paused, silentSince, heardAt }: SourceState): string {
  if (paused !== undefined) return 'paused';
  if (silentSince !== undefined) return `silent since ${silentSince}`;
  return heardAt === undefined ? 'never heard' : 'heard';
}

function refusedText(refused: Readonly<Record<string, number>>): string {
  const parts = Object.entries(refused).map(([code, count]) => `${count} ${code}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
