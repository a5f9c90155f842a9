import type { HistoryEntry } from '../../../functions/directory/history.ts';
import {
  listReplayable,
  personAtSource,
  type Replayable,
  type Replayed,
  replayEvents,
  replayPerson,
} from '../../../functions/operate/replay.ts';
import { listRefused } from '../../../functions/operate/sources.ts';
import { providers } from '../../../functions/providers/registry.ts';
import type { Services } from '../../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../../functions/provision/tenant.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import { didYouMean } from '../../../functions/scim-core/nearest.ts';
import { sourceNamed } from '../../../functions/tenant/look-up.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  type Tenant,
  withTenantInForce,
} from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { confirmCount } from '../../operator/confirmation.ts';
import { counted, type Output, table } from '../../output.ts';
import { rejectionLine } from '../rejections.ts';
import { assertInForce } from '../sources.ts';
import { sinceOf } from './since.ts';

export interface ReplayOptions extends ActorOptions {
  readonly source?: string;
  /** A time or a span: what waits, and what was refused, from then on. */
  readonly since?: string;
  /** With a source: one person, who is read from it. */
  readonly person?: string;
  readonly all?: true;
  /** The address of the queue of events that the sign-up function could not store. */
  readonly deadLetters?: string;
  /** Do it, in the place of showing what would be done. */
  readonly apply?: true;
  readonly yes?: string;
}

/** So many refused requests of each door are shown, the newest first. */
const SHOWN = 5;

/**
 * `replay [keys…]`: events that were taken, failed and are kept, tried again with `--apply`; without it they are shown, with
 * the requests that were refused, of which no body is kept, and what helps there. With `--person` one person is read from
 * the source and what it says is applied.
 */
export async function replay(
  context: CommandContext,
  keys: readonly string[],
  options: ReplayOptions,
  output: Output,
): Promise<number | undefined> {
  if (options.deadLetters !== undefined) {
    const { replayDeadLetters } = await import('./dead-letters.ts');
    const actor = () => actorOf(context, options);
    return replayDeadLetters(context, options.deadLetters, options, actor, output);
  }
  const named = chooseTenant(context, readConfiguration(context));
  const { source } = options;
  const since = options.since === undefined ? undefined : sinceOf(options.since, systemClock.now());
  return withTenantInForce(context, named, async ({ services, provisioning }, tenant) => {
    assertInForce(context, named, tenant, source);
    if (options.person !== undefined) {
      return ofPerson(context, { tenant, services, provisioning }, options.person, options, output);
    }
    const { events, toConfirm } = await listReplayable(services, tenant.name, compact({ source, since }));
    const isChosen = keys.length > 0 || options.all === true || source !== undefined || since !== undefined;
    const chosen = keys.length === 0 ? events : chooseBy(keys, events);
    if (options.apply !== true) {
      const refused = keys.length > 0 ? [] : await refusedBy(services, tenant, source, since);
      output.data({ events: chosen, toConfirm, refused, applied: false });
      show(chosen, toConfirm, refused, output);
      return undefined;
    }
    if (!isChosen) {
      throw new CommandFailure('which? Name keys as replay shows them, --source, --since, or --all');
    }
    if (chosen.length > 0) await confirmCount(chosen.length, 'tried again', options.yes, 'event');
    const actor = await actorOf(context, options);
    const ids = chosen.map(({ id }) => id);
    const outcomes = await replayEvents(services, tenant.name, ids, actor);
    const rows = chosen.map((each) => ({ ...each, outcome: outcomes.get(each.id) ?? 'gone' }));
    output.data({ events: rows, toConfirm, applied: true });
    if (rows.length === 0) output.line('No event that is kept has failed.');
    for (const { key, about, outcome } of rows) output.line(`${key}  ${about}: ${SAID[outcome]}`);
    return rows.some(({ outcome }) => outcome !== 'due') ? EXIT_FINDINGS : undefined;
  });
}

const SAID: { readonly [Each in Replayed]: string } = {
  due: 'tried again within a minute.',
  gone: 'it no longer waits.',
  changed: 'something else was said meanwhile; look again.',
};

/** @throws CommandFailure for a key that nothing has, before anything is done */
function chooseBy(keys: readonly string[], events: readonly Replayable[]): Replayable[] {
  return keys.map((key) => {
    const found = events.find((each) => each.key === key);
    if (found !== undefined) return found;
    const known = events.map((each) => each.key);
    throw new CommandFailure(
      `nothing that failed is kept under ${key} (any more); replay lists what is${didYouMean(key, known)}`,
    );
  });
}

interface Refusals {
  /** The source, or `scim`. */
  readonly door: string;
  /** The newest first. */
  readonly requests: readonly HistoryEntry[];
  readonly more: boolean;
  /** What helps, since no body is kept. */
  readonly helps: string;
}

async function refusedBy(
  services: Services,
  { name, configuration }: Tenant,
  only: string | undefined,
  since = '',
): Promise<Refusals[]> {
  const doors = only === undefined ? [undefined, ...Object.keys(configuration.sources)] : [only];
  const found: Refusals[] = [];
  for (const door of doors) {
    const { entries } = await listRefused(services, name, door, { limit: SHOWN + 1 });
    const recent = entries.filter(({ at }) => at >= since);
    if (recent.length === 0) continue;
    const requests = recent.slice(0, SHOWN);
    const helps = helpOf({ name, configuration }, door);
    found.push({ door: door ?? 'scim', requests, more: recent.length > SHOWN, helps });
  }
  return found;
}

function helpOf({ configuration }: Tenant, door: string | undefined): string {
  if (door === undefined) {
    return 'the identity provider sends the person again with its next cycle, or at once when provisioning is started anew there (Entra ID: Provision on demand; Okta: Force Sync, or retry the task)';
  }
  const settings = sourceNamed(configuration, door);
  if (settings === undefined || !providers.canRead(settings)) {
    return `have ${door} send it again; it can not be read (fetch)`;
  }
  const whole = settings.sync === undefined ? '' : `; sync ${door} --delta --apply reads whatever changed`;
  return `replay --source ${door} --person <id or name> --apply reads one person${whole}`;
}

function show(
  events: readonly Replayable[],
  toConfirm: number,
  refused: readonly Refusals[],
  output: Output,
): void {
  if (events.length === 0) output.line('No event that is kept has failed.');
  else {
    const headings = ['key', 'source', 'event', 'who', 'since', 'tries', 'next try', 'why'];
    const cells = events.map(({ key, source, type, about, since, tries, nextTry, why }) => [
      key,
      source,
      type,
      about,
      since,
      String(tries),
      nextTry ?? 'none',
      why,
    ]);
    for (const line of table(headings, cells)) output.line(line);
    output.line();
    output.line('  replay <keys…> --apply   tries them again; --all --apply all of them');
  }
  if (toConfirm > 0)
    output.line(
      `${counted(toConfirm, 'event')} ${toConfirm === 1 ? 'waits' : 'wait'} for your word: see confirm.`,
    );
  if (refused.length === 0) return;
  output.line();
  output.line('Refused at a door; no body of a request is kept, so none can be replayed:');
  for (const { door, requests, more, helps } of refused) {
    output.line(output.paint('bold', door), more ? ` (the last ${SHOWN})` : '');
    for (const entry of requests) output.line(`  ${rejectionLine(entry)}`);
    output.line(`  → ${helps}`);
  }
}

/** One person, read from a source and applied. */
async function ofPerson(
  context: CommandContext,
  {
    tenant,
    services,
    provisioning,
  }: { tenant: Tenant; services: Services; provisioning: TenantProvisioning },
  name: string,
  options: ReplayOptions,
  output: Output,
): Promise<undefined> {
  const { source } = options;
  if (source === undefined) throw new CommandFailure('--person: read from which source? --source <name>');
  const settings = sourceNamed(tenant.configuration, source);
  if (settings === undefined || !providers.canRead(settings)) {
    throw new CommandFailure(`how to read a person from ${source} is not configured (fetch)`);
  }
  const found = await personAtSource(services, provisioning, source, name);
  const who = found.person === undefined ? found.id : `${found.person.userName} (${found.id})`;
  if (options.apply !== true) {
    output.data({ source, ...found, applied: false });
    output.line(
      `${who} would be read from ${source}, and what it says applied; read ${source} ${name} shows it. --apply does it.`,
    );
    return;
  }
  await replayPerson(services, tenant.name, source, found, await actorOf(context, options));
  output.data({ source, ...found, applied: true });
  output.line(`${who} is read from ${source} within a minute, and what it says applied.`);
}
