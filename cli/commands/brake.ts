import type { PersonRecord } from '../../functions/directory/record.ts';
import { SCIM } from '../../functions/events/links.ts';
import { actionText } from '../../functions/operate/audit.ts';
import {
  type Decided,
  decisionOnHeld,
  discardHeld,
  type HeldPerson,
  heldIds,
  lastDecision,
  listHeld,
  releaseHeld,
  type Selection,
} from '../../functions/operate/brake.ts';
import { selectPeople } from '../../functions/operate/people/select.ts';
import { type Pause, whenDone } from '../../functions/operate/tenant/pause.ts';
import { engagedAt, readBrake } from '../../functions/provision/brake/brake.ts';
import type { Services } from '../../functions/provision/services.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { didYouMean } from '../../functions/scim-core/nearest.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { confirmCount } from '../operator/confirmation.ts';
import { assertWhole } from '../operator/whole.ts';
import { complain, counted, type Output } from '../output.ts';
import { unknownText } from './people/unknown-text.ts';

const SHOWN = 50;

export const DECISIONS = ['show', 'release', 'discard'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface BrakeOptions extends ActorOptions {
  readonly all?: true;
  readonly source?: string;
  readonly rule?: string;
  /** How many they are, so that nothing is asked. */
  readonly yes?: string;
}

/**
 * `brake [show|release|discard] [NAME…]`: whom the brake holds back, and an operator's decision about them. Ends with 1 where
 * it holds nobody of a name.
 */
export async function brake(
  context: CommandContext,
  decision: Decision,
  names: readonly string[],
  options: BrakeOptions,
  output: Output,
): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  if (decision === 'show') {
    assertWhole('brake', ...names, options.source, options.rule);
    await withTenant(context, tenant, ({ services }) => show(services, tenant.name, output));
    return undefined;
  }
  const meant = selectionOf(names, options);
  const actor = await actorOf(context, options);
  return withTenant(context, tenant, async ({ services, provisioning, paused }) => {
    const { records, unknown } = await selectPeople(services, provisioning, { names });
    const selection = names.length === 0 ? meant : { persons: records.map(({ id }) => id) };
    const among = await heldIds(services, tenant.name, selection);
    const count = among.size;
    if (count === 0) assertKnown(tenant.configuration, options);
    if (names.length === 0) await tellLately(services, tenant.name, count, options);
    await confirmCount(count, decision === 'release' ? 'let go on' : 'left as they are', options.yes);
    const decide = decision === 'release' ? releaseHeld : discardHeld;
    const decided = await decide(services, tenant.name, selection, actor, among);
    const unheld = records.filter(({ id }) => decided.unknown.includes(id));
    const absent = [...unheld.map(({ person }) => person.userName), ...unknown.map(({ name }) => name)];
    output.data({ [decision]: decided.count, left: decided.left, unknown: absent, ...compact({ paused }) });
    for (const record of unheld) output.line(await unheldText(services, record));
    for (const each of unknown) output.line(unknownText(each));
    for (const line of linesOf(decision, decided, paused)) output.line(line);
    return absent.length > 0 ? EXIT_FINDINGS : undefined;
  });
}

/** Where fewer or more are held than the operator takes for granted: what another one decided last. */
async function tellLately(
  services: Services,
  tenant: string,
  count: number,
  { yes }: BrakeOptions,
): Promise<void> {
  if (count > 0 && (yes === undefined || Number(yes) === count)) return;
  const before = await lastDecision(services, tenant);
  if (before !== undefined) complain(`Lately: ${actionText(before)}`);
}

/** Of a person whom another operator has just decided about: which decision it was. */
async function unheldText(services: Services, { tenant, id, person }: PersonRecord): Promise<string> {
  const before = await decisionOnHeld(services, tenant, id);
  const by = before === undefined ? '' : ` (any more: ${actionText(before)})`;
  return `The brake does not hold ${person.userName}${by}.`;
}

function linesOf(
  decision: 'release' | 'discard',
  { count, left }: Decided,
  paused: Pause | undefined,
): string[] {
  const agents = counted(count, 'agent');
  return [
    count === 0
      ? 'Nobody was held.'
      : decision === 'release'
        ? `${agents} will leave service or be changed ${whenDone(paused, 'within minutes')}`
        : `${agents} will stay as they are until something new is said about the person.`,
    left === 0 ? 'The brake is as new.' : `${counted(left, 'agent')} still ${left === 1 ? 'waits' : 'wait'}.`,
  ];
}

/** @throws CommandFailure when no person is selected, or in two ways at once */
function selectionOf(names: readonly string[], { all, source, rule }: BrakeOptions): Selection {
  const ways: Selection[] = [
    ...(names.length === 0 ? [] : [{ persons: names }]),
    ...(all === undefined ? [] : [{ all }]),
    ...(source === undefined ? [] : [{ source }]),
    ...(rule === undefined ? [] : [{ rule }]),
  ];
  const [selection] = ways;
  if (selection !== undefined && ways.length === 1) return selection;
  throw new CommandFailure('whom? userNames, --source <name>, --rule <name>, or --all: one of them');
}

/**
 * Whom a source or rule of an earlier configuration wrote is held all the same; one of which the brake holds nobody and that
 * isn't configured was misspelt.
 */
function assertKnown({ sources, rules }: TenantConfiguration, { source, rule }: BrakeOptions): void {
  const known = [
    ['source', source, [SCIM, ...Object.keys(sources)]],
    ['rule', rule, rules.map(({ name }) => name)],
  ] as const;
  for (const [what, wanted, names] of known) {
    if (wanted === undefined || names.includes(wanted)) continue;
    throw new CommandFailure(
      `the brake holds nobody by the ${what} ${wanted}, and there is none of that name.${didYouMean(wanted, names)}`,
    );
  }
}

async function show(services: Services, tenant: string, output: Output): Promise<void> {
  const state = await readBrake(services, tenant);
  const since = engagedAt(state);
  const held: HeldPerson[] = [];
  let more = false;
  for await (const person of listHeld(services, tenant)) {
    if (held.length === SHOWN) {
      more = true;
      break;
    }
    held.push(person);
  }
  output.data({
    engaged: since !== undefined,
    ...(since === undefined ? {} : { engagedAt: time(since) }),
    held,
    more,
  });
  if (since === undefined) output.line('The brake does not hold.');
  else output.line(output.paint('red', `The brake holds since ${time(since)}.`));
  for (const [reason, persons] of Map.groupBy(held, groupOf)) {
    output.line(`  ${reason}`);
    for (const { userName, source } of persons) output.line(`    ${userName}, from ${source}`);
  }
  if (more) output.line(`  … and more than these ${SHOWN}`);
  if (held.length > 0) {
    output.line();
    output.line('Their agents stay as they are until an operator decides, about some or all:');
    output.line('  brake release <userName…> | --source <name> | --rule <name> | --all   lets them go on');
    output.line(
      '  brake discard <userName…> | --source <name> | --rule <name> | --all   leaves them as they are',
    );
  }
}

/** Those who wait for one reason stand together: of changes also by field and rule. */
function groupOf({ reason, fields = [], rules = [] }: HeldPerson): string {
  const by = rules.length === 0 ? '' : ` by ${rules.map((rule) => `"${rule}"`).join(', ')}`;
  return fields.length === 0 ? reason : `${reason} Fields: ${fields.join(', ')}${by}.`;
}

const time = (at: number) => new Date(at).toISOString();
