import { MAX_RACES } from '../../directory/errors.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import type { AuthenticatedEvent, SourceGroup } from '../event.ts';

/** As long as a provider may repeat or delay an event. */
const KEPT_SECONDS = 30 * 86_400;

type Said = Pick<AuthenticatedEvent, 'source' | 'occurredAt'>;

/** What a source said last about a group itself, apart from who is in it. */
interface GroupMark {
  readonly at: string;
  readonly display?: string;
}

/** Notes what a source says about a group itself; false where it has said something later already. */
export async function noteGroup(
  { directory, clock }: Services,
  tenant: string,
  { source, occurredAt = '' }: Said,
  { id, display }: SourceGroup,
  isDeleted: boolean,
): Promise<boolean> {
  const [owner, name] = placeOf(tenant, source, id);
  const expiresAt = Math.ceil(clock.now() / 1000) + KEPT_SECONDS;
  let last = await directory.readDocument(owner, name);
  for (let race = 0; race < MAX_RACES; race += 1) {
    if (isBefore(occurredAt, last?.body.at)) return false;
    const body = { at: occurredAt, ...(isDeleted ? {} : compact({ display })) };
    const condition = last === undefined ? 'absent' : { version: last.version };
    const written = await directory.writeDocument(owner, name, body, condition, expiresAt);
    if (written.ok) return true;
    last = written.found;
  }
  throw new Error('what is said of a group changes all the time');
}

/** The name that a source has given a group later than an event has it, where it has. */
export async function laterName(
  { directory }: Services,
  tenant: string,
  { source, occurredAt = '' }: Said,
  { id }: SourceGroup,
): Promise<string | undefined> {
  const [owner, name] = placeOf(tenant, source, id);
  const { at, display } = ((await directory.readDocument(owner, name))?.body ?? {}) as Partial<GroupMark>;
  return isBefore(occurredAt, at) ? display : undefined;
}

function placeOf(tenant: string, source: string, id: string): [owner: string, name: string] {
  return [`${tenant}#group-mark#${source}`, id.slice(0, 300)];
}

function isBefore(at: string, mark: unknown): boolean {
  return typeof mark === 'string' && Date.parse(at) < Date.parse(mark);
}
