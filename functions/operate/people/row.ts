import type { ListedState, ReasonCode } from '../../directory/people/listed.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { listedStateOf, reasonCodeOf, sinceOf } from '../../provision/listed.ts';
import { compact } from '../../runtime/compact.ts';
import { provisioningOf } from '../../scim/users/provisioning.ts';
import { reasonOf } from './reasons.ts';

/** One person in a list: where the agent stands, why, and since when. */
export interface PersonRow {
  readonly id: string;
  readonly userName: string;
  readonly email?: string;
  readonly externalId?: string;
  /** The source that wrote the person last. */
  readonly source: string;
  readonly state: ListedState;
  readonly reason: ReasonCode;
  /** One sentence. */
  readonly why: string;
  /** ISO 8601. */
  readonly since: string;
  readonly nextTry?: string;
  readonly agentId?: string;
  /** The source deleted the person. */
  readonly deletedAt?: string;
  /** Nothing is left to do for a deleted person, who is erased from then on. */
  readonly eraseAt?: string;
}

export function rowOf(record: PersonRecord): PersonRow {
  const { id, person, source, deletedAt, eraseAt, agent, dueAt } = record;
  const reason = reasonCodeOf(record);
  const { reason: said } = provisioningOf(record);
  return {
    id,
    userName: person.userName,
    source,
    state: listedStateOf(record),
    reason,
    why: `${typeof said === 'string' ? said : reasonOf(reason).text}${deletedText(record, reason)}`,
    since: sinceOf(record),
    ...compact({
      email: firstEmail(record),
      externalId: person.externalId,
      nextTry: dueAt,
      agentId: agent.agentId,
      deletedAt,
      eraseAt,
    }),
  };
}

/** What a list says of a deleted person beside the state of the agent. */
function deletedText({ deletedAt, eraseAt }: PersonRecord, reason: ReasonCode): string {
  if (deletedAt === undefined) return '';
  const deleted = reason === 'deleted' ? '' : ` The source deleted the person at ${deletedAt}.`;
  return eraseAt === undefined
    ? deleted
    : `${deleted} What is kept of the person is erased from ${eraseAt} on.`;
}

function firstEmail({ person }: PersonRecord): string | undefined {
  const emails = Array.isArray(person.emails) ? person.emails : [];
  const value = (emails.find(({ primary }) => primary === true) ?? emails[0])?.value;
  return typeof value === 'string' ? value : undefined;
}
