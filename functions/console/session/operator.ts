import { type Actor, recordAction } from '../../operate/audit.ts';
import type { Services } from '../../provision/services.ts';
import type { Session } from './session.ts';

/** The operator of a session as the audit names one. */
export function operatorOf({ name, subject }: Pick<Session, 'name' | 'subject'>): Actor {
  return { by: name === subject ? name : `${name} (${subject})`, via: 'console' };
}

/** Records that an operator came in, and with which role; done before the session is given out. */
export async function recordSignIn(services: Services, session: Session): Promise<void> {
  await recordAction(services, session.tenant, operatorOf(session), 'sign-in', { role: session.role });
}
