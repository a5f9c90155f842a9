import { decideOnDocument } from '../../directory/documents.ts';
import { PAUSE_DOCUMENT, type Pause, pauseText, readPause } from '../../provision/drain/pause.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { type Actor, recordAction } from '../audit.ts';
import { OperateError } from '../errors.ts';

export { type Pause, pauseText, readPause } from '../../provision/drain/pause.ts';

/**
 * Stops the calls of a tenant to SmartAssist, within seconds. The doors go on: what they store stays due.
 *
 * @returns the pause that holds now; `isNew` is false where another operator was faster, whose pause it is
 */
export async function pauseTenant(
  services: Services,
  tenant: string,
  actor: Actor,
): Promise<{ readonly pause: Pause; readonly isNew: boolean }> {
  const { directory, clock } = services;
  const { by, reason } = actor;
  const pause = { since: new Date(clock.now()).toISOString(), by, ...compact({ reason }) };
  const result = await decideOnDocument<{ readonly pause?: Pause }, { pause: Pause; isNew: boolean }>(
    directory,
    tenant,
    PAUSE_DOCUMENT,
    ({ pause: known }) =>
      known === undefined
        ? { body: { pause }, answer: { pause, isNew: true } }
        : { answer: { pause: known, isNew: false } },
  );
  if (result.isNew) await recordAction(services, tenant, actor, 'pause');
  return result;
}

/**
 * Lets the calls of a tenant go on, and rings.
 *
 * @returns the pause that is over; undefined where there was none
 */
export async function resumeTenant(
  services: Services,
  tenant: string,
  actor: Actor,
): Promise<Pause | undefined> {
  const { directory } = services;
  const ended = await decideOnDocument<{ readonly pause?: Pause }, Pause | undefined>(
    directory,
    tenant,
    PAUSE_DOCUMENT,
    ({ pause }) => (pause === undefined ? { answer: undefined } : { body: {}, answer: pause }),
  );
  if (ended === undefined) return undefined;
  await recordAction(services, tenant, actor, 'resume', { pausedSince: ended.since, pausedBy: ended.by });
  await services.ring(tenant);
  return ended;
}

/**
 * The end of a sentence about work that takes calls: when it is done. While calls are paused no time can be promised.
 *
 * @param promise such as `within a minute`
 */
export function whenDone(pause: Pause | undefined, promise: string): string {
  return pause === undefined ? `${promise}.` : `after resume. ${pauseText(pause)}`;
}

/**
 * For what can't be left to the drain, which minds the pause by itself.
 *
 * @param undone what was not done therefore, and what else could be
 * @throws OperateError while calls are paused
 */
export async function assertCallsGoOn(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  undone: string,
): Promise<void> {
  const pause = await readPause(directory, tenant);
  if (pause === undefined) return;
  throw new OperateError('unavailable', `no call goes to SmartAssist: ${undone}. ${pauseText(pause)}`);
}

/** Every tenant of these that is paused. */
export async function listPauses(
  { directory }: Pick<Services, 'directory'>,
  tenants: readonly string[],
): Promise<ReadonlyMap<string, Pause>> {
  const pauses = await Promise.all(
    tenants.map(async (tenant) => [tenant, await readPause(directory, tenant)] as const),
  );
  return new Map(pauses.flatMap(([tenant, pause]) => (pause === undefined ? [] : [[tenant, pause]])));
}
