import { createHash } from 'node:crypto';
import { everyPage } from '../../functions/directory/pages.ts';
import type { PendingEvent } from '../../functions/directory/pending-events.ts';
import type { Applied } from '../../functions/events/applied.ts';
import { confirmPending, dismissPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { confirmationOf } from '../../functions/operate/confirmations.ts';
import { effectText } from '../../functions/operate/effect-text.ts';
import type { Services } from '../../functions/provision/services.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  type Tenant,
  withTenant,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { counted, type Output, table } from '../output.ts';

const PAGE = 100;

export const HELD_DECISIONS = ['show', 'accept', 'discard'] as const;
export type HeldDecision = (typeof HELD_DECISIONS)[number];

export interface ConfirmOptions {
  /** All that wait, in the place of some. */
  readonly all: boolean;
}

/** What waits for an operator, as commands call it. */
interface Held {
  /** Short, and without what a shell would take for itself. */
  readonly key: string;
  readonly pending: PendingEvent;
}

/** `confirm [show|accept|discard] [keys…]`: what sources said and only an operator may let happen. */
export async function confirm(
  context: CommandContext,
  decision: HeldDecision,
  keys: readonly string[],
  { all }: ConfirmOptions,
  output: Output,
): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services }) => {
    const held = await readHeld(services, tenant.name);
    if (decision === 'show') return await show(services, tenant, held, output);
    const chosen = choose(held, keys, all);
    return decision === 'accept'
      ? await accept(services, tenant, chosen, output)
      : await discard(services, tenant.name, chosen, output);
  });
}

async function readHeld(services: Services, tenant: string): Promise<Held[]> {
  const held: Held[] = [];
  for await (const { events } of everyPage((from) =>
    listAwaitingConfirmation(services, tenant, { limit: PAGE, ...from }),
  )) {
    held.push(...events.map((pending) => ({ key: keyOf(pending), pending })));
  }
  return held;
}

function keyOf({ id }: PendingEvent): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8);
}

/** @throws CommandFailure for a key that nothing has, before anything is done */
function choose(held: readonly Held[], keys: readonly string[], all: boolean): readonly Held[] {
  if (all) return held;
  if (keys.length === 0) throw new CommandFailure('which? Name keys as confirm shows them, or --all');
  return keys.map((key) => {
    const found = held.find((each) => each.key === key);
    if (found === undefined) throw new CommandFailure(`nothing waits under ${key} (any more)`);
    return found;
  });
}

async function show(
  services: Services,
  { name: tenant, configuration }: Tenant,
  held: readonly Held[],
  output: Output,
): Promise<undefined> {
  const rows = [];
  for (const { key, pending } of held) {
    const { source, type, about, since, why, effects } = await confirmationOf(
      services,
      tenant,
      configuration,
      pending,
    );
    rows.push({ key, source, type, who: about, since, why, effects });
  }
  output.data({ held: rows });
  if (rows.length === 0) {
    output.line('Nothing waits.');
    return;
  }
  const cells = rows.map(({ key, source, type, who, since, why }) => [key, source, type, who, since, why]);
  const headings = ['key', 'source', 'event', 'who', 'since', 'why it waits'];
  const [heading = '', rule = '', ...lines] = table(headings, cells);
  output.line(heading);
  output.line(rule);
  for (const [index, line] of lines.entries()) {
    output.line(line);
    for (const effect of rows[index]?.effects ?? []) {
      output.line(`  accept: ${effectText(effect, configuration.lifecycle)}`);
    }
  }
  output.line();
  output.line('  confirm accept <keys…>    does what the event says; whom nobody could read is read again');
  output.line('  confirm discard <keys…>   lets go of it: nothing changes');
}

async function accept(
  services: Services,
  { name, configuration }: Tenant,
  chosen: readonly Held[],
  output: Output,
): Promise<number | undefined> {
  const accepted = [];
  for (const { key, pending } of chosen) {
    const applied = await confirmPending(services, name, pending.id, configuration);
    accepted.push({ key, outcome: applied?.outcome ?? 'gone', said: said(applied) });
  }
  output.data({ accepted: accepted.map(({ key, outcome }) => ({ key, outcome })) });
  for (const each of accepted) output.line(`${each.key}  ${each.said}`);
  if (accepted.length === 0) output.line('Nothing waits.');
  return accepted.some(({ outcome }) => outcome === 'invalid') ? EXIT_FINDINGS : undefined;
}

function said(applied: Applied | undefined): string {
  switch (applied?.outcome) {
    case 'stored':
      return `${applied.record.person.userName}: done within minutes.`;
    case 'group-stored':
      return 'The group is changed; its members follow within minutes.';
    case 'fetching':
      return 'The person is read from the source again within minutes.';
    case 'stale':
      return 'The source has said something newer since: nothing changes.';
    case 'unchanged':
      return 'It is so already: nothing changes.';
    case 'nobody':
      return 'Nobody here is meant (any more): nothing changes.';
    case 'invalid':
      return `It can not be done, and goes on waiting: ${applied.reason}`;
    case undefined:
      return 'It no longer waits.';
    default:
      return `It is ${applied?.outcome}.`;
  }
}

async function discard(
  services: Services,
  tenant: string,
  chosen: readonly Held[],
  output: Output,
): Promise<undefined> {
  let count = 0;
  for (const { pending } of chosen) if (await dismissPending(services, tenant, pending.id)) count += 1;
  output.data({ discarded: count });
  output.line(count === 0 ? 'Nothing waits.' : `${counted(count, 'event')} let go of: nothing changes.`);
}
