import type { Directory } from '../../../functions/directory/directory.ts';
import { SCIM } from '../../../functions/events/links.ts';
import { countFormer } from '../../../functions/events/person/former-source.ts';
import type { Actor } from '../../../functions/operate/audit.ts';
import { dropByOperator } from '../../../functions/operate/sources.ts';
import type { Services } from '../../../functions/provision/services.ts';
import type { Tenant } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import { ask, UNASKED } from '../../operator/confirmation.ts';
import { counted, type Output } from '../../output.ts';
import type { LookedAhead } from './look-ahead.ts';

/** A source that is no longer configured, and whose hold on people is dropped once the configuration is active. */
export interface Dropping {
  readonly tenant: Tenant;
  readonly source: string;
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
 * command names, or else each for which the operator answers yes. What isn't answered stays.
 *
 * @param named undefined where the command says nothing of it
 */
export async function chooseDropped(
  directory: Directory,
  tenant: Tenant,
  { held }: Pick<LookedAhead, 'held'>,
  named: readonly string[] | undefined,
  output: Output,
): Promise<readonly Dropping[]> {
  for (const source of named ?? []) {
    if (!held.has(source)) output.line(`${source} holds nobody out of service.`);
  }
  const dropped: Dropping[] = [];
  for (const [source, names] of held) {
    const isChosen =
      named === undefined
        ? await isAgreed(directory, tenant, source, names.length, output)
        : named.includes(source);
    if (isChosen) dropped.push({ tenant, source });
  }
  return dropped;
}

/**
 * Whether the operator lets come back whom a source holds, those whom it has deleted among them: these are on no list of
 * people. A program that reads JSON is not asked.
 *
 * @param listed how many it holds who are on a list
 */
async function isAgreed(
  directory: Directory,
  { name, configuration }: Tenant,
  source: string,
  listed: number,
  { json }: Output,
): Promise<boolean> {
  if (json) return false;
  const people = await countFormer({ directory }, name, configuration, source);
  const isMany = people > UNASKED;
  const right = isMany ? String(people) : 'yes';
  const more = people > listed ? `, ${people - listed} of whom it has deleted` : '';
  const question = `Let ${counted(people, 'person')} come back whom ${source} holds out${more}? ${isMany ? 'Their number' : 'yes'} or no: `;
  return (await ask(question)).trim().toLowerCase() === right;
}

/** Drops what the source said of people being out of service, and says what came of it. */
export async function dropHold(
  services: Services,
  { tenant: { name, configuration }, source }: Dropping,
  actor: Actor,
  output: Output,
): Promise<{ readonly dropped: string; readonly held: number; readonly back: number }> {
  const { held, back } = await dropByOperator(services, { name, tenant: configuration }, source, actor);
  output.line(
    held === 0
      ? `${source} holds nobody out of service.`
      : `${source} held ${counted(held, 'person')} out of service; ${counted(back, 'person')} may come back, as provisionWhen says.`,
  );
  return { dropped: source, held, back };
}
