import { everyPage } from '../../functions/directory/pages.ts';
import { actionText } from '../../functions/operate/audit.ts';
import {
  type Accepted,
  acceptConfirmations,
  type Confirmation,
  decisionAbout,
  discardConfirmations,
  listConfirmations,
} from '../../functions/operate/confirmations.ts';
import { effectText } from '../../functions/operate/effect-text.ts';
import { type Pause, whenDone } from '../../functions/operate/tenant/pause.ts';
import type { Services } from '../../functions/provision/services.ts';
import { didYouMean } from '../../functions/scim-core/nearest.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  type Tenant,
  withTenantInForce,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { confirmCount } from '../operator/confirmation.ts';
import { assertWhole } from '../operator/whole.ts';
import { counted, type Output, table } from '../output.ts';

const PAGE = 100;

export const HELD_DECISIONS = ['show', 'accept', 'discard'] as const;
export type HeldDecision = (typeof HELD_DECISIONS)[number];

export interface ConfirmOptions extends ActorOptions {
  /** All that wait, in the place of some. */
  readonly all: boolean;
  /** How many they are, so that nothing is asked. */
  readonly yes?: string;
}

/** `confirm [show|accept|discard] [keys…]`: what sources said and only an operator may let happen. */
export async function confirm(
  context: CommandContext,
  decision: HeldDecision,
  keys: readonly string[],
  options: ConfirmOptions,
  output: Output,
): Promise<number | undefined> {
  const written = chooseTenant(context, readConfiguration(context));
  if (decision === 'show') assertWhole('confirm', ...keys);
  return withTenantInForce(context, written, async ({ services, paused }, tenant) => {
    const held = await readHeld(services, tenant);
    if (decision === 'show') return show(tenant, held, output);
    const chosen = await choose(services, tenant, held, keys, options.all);
    if (chosen.length === 0) {
      output.data(decision === 'accept' ? { accepted: [] } : { discarded: 0 });
      output.line('Nothing waits.');
      return;
    }
    await confirmCount(chosen.length, decision === 'accept' ? 'accepted' : 'let go of', options.yes, 'event');
    const actor = await actorOf(context, options);
    const ids = chosen.map(({ id }) => id);
    if (decision === 'accept') {
      const accepted = await acceptConfirmations(services, tenant.name, tenant.configuration, ids, actor);
      return showAccepted(chosen, accepted, paused, output);
    }
    const count = await discardConfirmations(services, tenant.name, ids, actor);
    output.data({ discarded: count });
    output.line(count === 0 ? 'Nothing waits.' : `${counted(count, 'event')} let go of: nothing changes.`);
    return;
  });
}

async function readHeld(services: Services, { name, configuration }: Tenant): Promise<Confirmation[]> {
  const held: Confirmation[] = [];
  for await (const { confirmations } of everyPage((from) =>
    listConfirmations(services, name, configuration, { limit: PAGE, ...from }),
  )) {
    held.push(...confirmations);
  }
  return held;
}

/** @throws CommandFailure for a key that nothing has, before anything is done */
async function choose(
  services: Services,
  { name }: Tenant,
  held: readonly Confirmation[],
  keys: readonly string[],
  all: boolean,
): Promise<readonly Confirmation[]> {
  if (all) return held;
  if (keys.length === 0) throw new CommandFailure('which? Name keys as confirm shows them, or --all');
  const chosen: Confirmation[] = [];
  for (const key of keys) {
    const found = held.find((each) => each.key === key);
    if (found === undefined) throw new CommandFailure(await absenceOf(services, name, held, key));
    chosen.push(found);
  }
  return chosen;
}

/** Why nothing waits under a key: another operator's decision, or a key that is mistyped. */
async function absenceOf(
  services: Services,
  tenant: string,
  held: readonly Confirmation[],
  key: string,
): Promise<string> {
  const decision = await decisionAbout(services, tenant, key);
  if (decision !== undefined) return `nothing waits under ${key} any more: ${actionText(decision)}`;
  const keys = held.map((each) => each.key);
  return `nothing waits under ${key} (any more)${didYouMean(key, keys)}`;
}

function show({ configuration }: Tenant, held: readonly Confirmation[], output: Output): undefined {
  const rows = held.map(({ key, source, type, about, since, why, effects }) => ({
    key,
    source,
    type,
    who: about,
    since,
    why,
    effects,
  }));
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
  output.line(
    '  confirm accept <keys…>    does what the event says; a person who could not be read is read again',
  );
  output.line('  confirm discard <keys…>   lets go of it: nothing changes');
}

function showAccepted(
  chosen: readonly Confirmation[],
  accepted: readonly Accepted[],
  paused: Pause | undefined,
  output: Output,
): number | undefined {
  const rows = accepted.map((each) => ({ ...each, held: chosen.find(({ id }) => id === each.id) }));
  output.data({ accepted: rows.map(({ held, outcome }) => ({ key: held?.key, outcome })) });
  for (const each of rows) output.line(`${each.held?.key}  ${said(each, each.held?.about, paused)}`);
  return accepted.some(({ outcome }) => outcome === 'invalid') ? EXIT_FINDINGS : undefined;
}

function said({ outcome, reason }: Accepted, about: string | undefined, paused: Pause | undefined): string {
  switch (outcome) {
    case 'stored':
      return `${about}: done ${whenDone(paused, 'within minutes')}`;
    case 'group-stored':
      return `The group is changed; its members follow ${whenDone(paused, 'within minutes')}`;
    case 'fetching':
      return 'The person is read from the source again within minutes.';
    case 'stale':
      return 'The source has said something newer since: nothing changes.';
    case 'unchanged':
      return 'It is so already: nothing changes.';
    case 'nobody':
      return 'Nobody here is meant (any more): nothing changes.';
    case 'invalid':
      return `It can not be done, and goes on waiting: ${reason}`;
    case 'gone':
      return 'It no longer waits.';
    default:
      return `It is ${outcome}.`;
  }
}
