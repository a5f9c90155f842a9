import type { PersonRecord } from '../directory/record.ts';
import { compact } from '../runtime/compact.ts';
import type { Applied } from './applied.ts';
import { type ApplyContext, applyEvent } from './apply.ts';
import type { AuthenticatedEvent, MemberList, Trust } from './event.ts';
import { findGroup, noteWholeGroup } from './memberships.ts';

/** A member list that was let in. */
export interface AuthenticatedMemberList extends MemberList {
  readonly source: string;
  readonly trust: Trust;
}

const PAGE = 200;

/**
 * Takes persons out of a group whom its source doesn't list any more. Those of whom the source knows nothing stay:
 * another source has put them there. What is older than the list says nothing of the group from then on.
 */
export async function applyMemberList(
  context: ApplyContext,
  list: AuthenticatedMemberList,
): Promise<Applied['outcome']> {
  const { services, tenant } = context;
  const { directory, clock } = services;
  const { source, group } = list;
  const now = new Date(clock.now()).toISOString();
  const occurredAt = list.occurredAt === undefined || list.occurredAt > now ? now : list.occurredAt;
  if (!(await noteWholeGroup(services, tenant, { source, occurredAt }, group))) return 'stale';
  const id = await findGroup(services, tenant, group);
  if (id === undefined) return 'nobody';
  const listed = new Set(list.members);
  const left: { readonly record: PersonRecord; readonly sourceId: string }[] = [];
  let after: string | undefined;
  do {
    const page = await directory.listMembers(tenant, id, { limit: PAGE, ...compact({ after }) });
    const records = await directory.readPersons(
      tenant,
      page.members.map(({ value }) => value),
    );
    for (const record of records) {
      const ids = idsAt(source, record);
      const [sourceId] = ids;
      if (sourceId !== undefined && !ids.some((each) => listed.has(each))) left.push({ record, sourceId });
    }
    after = page.next;
  } while (after !== undefined);
  let outcome: Applied['outcome'] = 'unchanged';
  for (const { sourceId } of left) {
    const applied = await applyEvent(context, leaving({ ...list, occurredAt }, sourceId));
    if (applied.outcome !== 'unchanged' && applied.outcome !== 'stale') outcome = applied.outcome;
  }
  return outcome;
}

/** By what a source names a person: its own ids, else the `externalId` that finds the person for it. */
function idsAt(source: string, { links = {}, person: { externalId } }: PersonRecord): string[] {
  const link = links[source];
  const ids = [...(link?.id === undefined ? [] : [link.id]), ...Object.keys(link?.others ?? {})];
  return ids.length > 0 || externalId === undefined ? ids : [externalId];
}

function leaving({ source, trust, type, group, occurredAt }: AuthenticatedMemberList, id: string) {
  return {
    kind: 'unassign',
    type,
    subject: { id },
    group,
    completeness: 'partial',
    source,
    trust,
    ...compact({ occurredAt }),
  } satisfies AuthenticatedEvent;
}
