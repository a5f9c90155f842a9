import { type DocumentForm, decideOnDocument, objectOf, readForm } from '../../directory/documents.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import type { AuthenticatedEvent, SourceGroup } from '../event.ts';

/** As long as a provider may repeat or delay an event. */
const KEPT_SECONDS = 30 * 86_400;

type Said = Pick<AuthenticatedEvent, 'source' | 'occurredAt'>;

/** What a source said last about a group itself, apart from who is in it. */
interface GroupMark {
  readonly at?: string;
  readonly display?: string;
}

/**
 * Notes what a source says about a group itself; false where it has said something later already. What has no name says
 * none: the name that is known stays, and one that was said before and comes later still counts.
 */
export async function noteGroup(
  { directory, clock }: Services,
  tenant: string,
  { source, occurredAt = '' }: Said,
  { id, display }: SourceGroup,
  isDeleted: boolean,
): Promise<boolean> {
  const expiresAt = Math.ceil(clock.now() / 1000) + KEPT_SECONDS;
  const body = { at: occurredAt, ...(isDeleted ? {} : compact({ display })) };
  return decideOnDocument<GroupMark, boolean>(directory, ownerOf(tenant, source), formOf(id), ({ at }) => {
    if (isBefore(occurredAt, at)) return { answer: false };
    return isDeleted || display !== undefined ? { answer: true, body, expiresAt } : { answer: true };
  });
}

/** The name that a source has given a group later than an event has it, where it has. */
export async function laterName(
  { directory }: Services,
  tenant: string,
  { source, occurredAt = '' }: Said,
  { id }: SourceGroup,
): Promise<string | undefined> {
  const { at, display } = await readForm(directory, ownerOf(tenant, source), formOf(id));
  return isBefore(occurredAt, at) ? display : undefined;
}

const ownerOf = (tenant: string, source: string) => `${tenant}#group-mark#${source}`;

const formOf = (id: string): DocumentForm<GroupMark> => ({
  name: id.slice(0, 300),
  parse: (stored) => {
    const { at, display } = objectOf(stored);
    return compact({
      at: typeof at === 'string' ? at : undefined,
      display: typeof display === 'string' ? display : undefined,
    });
  },
});

function isBefore(at: string, mark: string | undefined): boolean {
  return mark !== undefined && Date.parse(at) < Date.parse(mark);
}
