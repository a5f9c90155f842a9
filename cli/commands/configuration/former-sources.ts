import { SCIM } from '../../../functions/events/links.ts';
import type { Actor } from '../../../functions/operate/audit.ts';
import {
  dropByOperator,
  type FormerHold,
  type FormerlyHeld,
} from '../../../functions/operate/former-sources.ts';
import type { Services } from '../../../functions/provision/services.ts';
import type { Tenant } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import { ask, UNASKED } from '../../operator/confirmation.ts';
import { counted, type Output } from '../../output.ts';
import type { LookedAhead } from './look-ahead.ts';

/** People see as many names as these; programs get all. */
const SHOWN = 20;

/** A source that is no longer configured, and whose hold on people is dropped once the configuration is active. */
export interface Dropping {
  readonly tenant: Tenant;
  readonly source: string;
  /** The hold over those whom it has deleted, and not over those whom it put out. */
  readonly deleted?: true;
}

/** @throws CommandFailure for a source that is configured: what it says is its own to take back */
export function assertFormer({ name, configuration }: Tenant, source: string): void {
  if (source !== SCIM && !Object.hasOwn(configuration.sources, source)) return;
  throw new CommandFailure(
    `${source} is a source of ${name}: only what one that is no longer configured says can be dropped`,
  );
}

/**
 * Of the sources that hold people out and are no longer configured, those whose hold is to be dropped: the ones that the
 * command names, or else each for which the operator answers yes. What isn't answered stays, and so do those whom the
 * source has deleted: they come back by a command of their own.
 *
 * @param ahead undefined where nobody could be planned
 * @param named undefined where the command says nothing of it
 */
export async function chooseDropped(
  tenant: Tenant,
  ahead: Pick<LookedAhead, 'held'> | undefined,
  named: readonly string[] | undefined,
  output: Output,
): Promise<readonly Dropping[]> {
  if (ahead === undefined) return sayUndropped(named, 'nobody was planned', output);
  const { held } = ahead;
  for (const source of named ?? []) {
    if (!held.has(source)) output.line(noneText(source));
  }
  const dropped: Dropping[] = [];
  for (const [source, { out }] of held) {
    const isChosen =
      named === undefined ? await isAgreed(source, out.length, output) : named.includes(source);
    if (isChosen) dropped.push({ tenant, source });
  }
  return dropped;
}

/** Says of sources that the command names why their hold is left as it is. */
export function sayUndropped(
  named: readonly string[] = [],
  why: string,
  output: Output,
): readonly Dropping[] {
  for (const source of named) {
    output.line(`${source} is not dropped, since ${why}; sources --drop ${source} does it.`);
  }
  return [];
}

/** Whether the operator lets those come back whom a source put out. A program that reads JSON is not asked. */
async function isAgreed(source: string, people: number, { json }: Output): Promise<boolean> {
  if (json || people === 0) return false;
  const isMany = people > UNASKED;
  const right = isMany ? String(people) : 'yes';
  const question = `Let ${counted(people, 'person')} come back whom ${source} holds out? ${isMany ? 'Their number' : 'yes'} or no: `;
  return (await ask(question)).trim().toLowerCase() === right;
}

export function noneText(source: string): string {
  return `${source} holds nobody out of service.`;
}

/** Whom former sources hold out, by name and with what becomes of each. */
export function showHold(source: string, { out, gone }: FormerHold, output: Output): void {
  if (out.length > 0) {
    output.line(
      output.paint(
        'yellow',
        `${source} is no longer configured and holds ${counted(out.length, 'person')} out:`,
      ),
    );
    showHeld(out, output);
    output.line(`         sources --drop ${source}   lets come back whom nothing else holds`);
  }
  if (gone.length > 0) {
    output.line(
      output.paint(
        'yellow',
        `${source} is no longer configured and has deleted ${counted(gone.length, 'person')}, who ${gone.length === 1 ? 'stays' : 'stay'} out:`,
      ),
    );
    showHeld(gone, output);
    output.line(`         sources --drop ${source} --deleted   asks about exactly these`);
  }
}

function showHeld(people: readonly FormerlyHeld[], output: Output): void {
  for (const { userName, since, back, by } of people.slice(0, SHOWN)) {
    const others = by.join(' and ');
    const has =
      others === ''
        ? 'nothing else says anything of them'
        : `${others} ${by.length === 1 ? 'has' : 'have'} them in service`;
    output.line(
      `         ${userName}, since ${since}: ${back ? `would come back, ${has}` : `stays out by ${others}`}`,
    );
  }
  if (people.length > SHOWN) output.line(`         and ${people.length - SHOWN} more (--json shows all)`);
}

/** Drops what the source said of people being out of service, and says what came of it. */
export async function dropHold(
  services: Services,
  { tenant: { name, configuration }, source, deleted }: Dropping,
  actor: Actor,
  output: Output,
): Promise<{ readonly dropped: string; readonly held: number; readonly back: number }> {
  const is = deleted === true ? 'gone' : 'out';
  const owner = { name, tenant: configuration };
  const { held, back } = await dropByOperator(services, owner, { source, is }, actor);
  if (held === 0)
    output.line(deleted === true ? `${source} has deleted nobody who is out.` : noneText(source));
  else
    output.line(
      deleted === true
        ? `${source} had deleted ${counted(held, 'person')}; ${counted(back, 'person')} may come back, as provisionWhen says.`
        : `${source} held ${counted(held, 'person')} out of service; ${counted(back, 'person')} may come back, as provisionWhen says.`,
    );
  return { dropped: source, held, back };
}
