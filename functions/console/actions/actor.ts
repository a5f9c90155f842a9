import type { Actor } from '../../operate/audit.ts';
import { OperateError } from '../../operate/errors.ts';
import { readPause, whenDone } from '../../operate/tenant/pause.ts';
import { compact } from '../../runtime/compact.ts';
import { oneLine } from '../../runtime/printable.ts';
import type { PageContext } from '../page.ts';
import { operatorOf } from '../session/operator.ts';

const LONGEST_REASON = 200;

/** The operator of the session, with the reason of the form. */
export function actorOf({ session, request }: PageContext): Actor {
  const reason = oneLine(request.form.get('reason') ?? '').slice(0, LONGEST_REASON) || undefined;
  return { ...operatorOf(session), ...compact({ reason }) };
}

/** When what takes calls is done: as promised, or after `resume` where they are paused. */
export async function whenOf(
  { services, provisioning }: PageContext,
  promise = 'within minutes',
): Promise<string> {
  return whenDone(await readPause(services.directory, provisioning.name), promise);
}

/** @throws OperateError where the number of people was not typed, or is another one by now */
export function assertTyped({ request }: PageContext, count: number): void {
  if (request.form.get('typed')?.trim() === String(count)) return;
  throw new OperateError(
    'invalid',
    `${count} was not typed, or they are another number by now; nothing was done. Look again.`,
  );
}
