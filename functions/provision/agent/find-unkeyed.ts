import type { PersonRecord } from '../../directory/record.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { findByAddress } from './adopt.ts';
import { type Found, find, LOST } from './find.ts';
import { failed, type Ports } from './ports.ts';

/**
 * As `find`; and where agents don't carry our key, by e-mail address: among the agents that the last reconciliation saw,
 * then in the list, from its end, where the newest are. Until all of the list has been read nothing is made again: a
 * create with an unknown outcome may have made the agent.
 *
 * @param emailId the address that the agent should have, where that is known
 */
export async function findAnywhere(
  ports: Ports,
  record: PersonRecord,
  emailId: string | undefined,
  terms: CallTerms,
): Promise<Found> {
  const found = await find(ports, record, terms);
  if ('result' in found || found.agent !== undefined || ports.areKeyed) return found;
  const { agent, attempts } = record;
  // Its id was known and isn't there any more: it was deleted.
  if (agent.agentId !== undefined && !attempts.unknown) return found;
  const addresses = new Set(
    [emailId, ...addressesOf(record.person)].flatMap((each) => (each === undefined ? [] : folded(each))),
  );
  for (const address of addresses) {
    const known = await findByAddress(ports, address, terms);
    if (known.outcome === 'found') return { agent: known.agent };
    if (known.outcome === 'failed') return { result: known.result };
  }
  return findInList(ports, addresses, terms);
}

async function findInList(
  { client, claim, organization }: Ports,
  addresses: ReadonlySet<string>,
  terms: CallTerms,
): Promise<Found> {
  const orgId = await organization();
  if (orgId === undefined) {
    const message = 'the id of the organization is not known yet, so its agents can not be listed';
    return { result: { kind: 'postponed', code: 'no-organization', message, unknown: true } };
  }
  let pages = 1;
  for (let read = 0; read < pages; read += 1) {
    // The first says how many there are; then from the last one back.
    const page = await client.listAgents(orgId, read === 0 ? 1 : pages - read + 1, terms);
    if (page.outcome !== 'ok') return { result: failed(page, true) };
    if (read === 0) pages = page.value.totalPages ?? 1;
    for (const agent of page.value.results) {
      if (!addresses.has(folded(agent.emailId ?? ''))) continue;
      const claimed = await claim(agent.id);
      if (claimed === 'lost') return { result: LOST };
      if (claimed === 'ours') return readWhole(client, agent, terms);
    }
  }
  return { agent: undefined };
}

/** The list shows another shape than a single record, and an update needs that one. */
async function readWhole(client: Ports['client'], { id }: AgentRecord, terms: CallTerms): Promise<Found> {
  const whole = await client.getAgent(id, terms);
  if (whole.outcome === 'ok') return { agent: whole.value };
  return whole.outcome === 'not-found' ? { agent: undefined } : { result: failed(whole, true) };
}

function addressesOf({ userName, emails }: Person): string[] {
  const list: unknown[] = Array.isArray(emails) ? emails : [];
  const values = list.flatMap((entry) =>
    isObject(entry) && typeof entry.value === 'string' ? [entry.value] : [],
  );
  return [...values, userName].filter((address) => address.includes('@'));
}
