import type { PersonRecord } from '../../directory/record.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { AgentPage } from '../../smartassist/agent-list.ts';
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
  const read = async (number: number): Promise<Found | AgentPage> => {
    const answer = await client.listAgents(orgId, number, terms);
    if (answer.outcome !== 'ok') return { result: failed(answer, true) };
    for (const agent of answer.value.results) {
      if (!addresses.has(folded(agent.emailId ?? ''))) continue;
      const claimed = await claim(agent.id);
      if (claimed === 'lost') return { result: LOST };
      if (claimed === 'ours') return readWhole(client, agent, terms);
    }
    return answer.value;
  };
  let page = await read(1);
  if (!('results' in page)) return page;
  const told = page.totalPages ?? 1;
  if (told > 1) page = await read(told);
  // How many pages there are is said wrongly or not at all in some samples: there may be some behind the last.
  for (let number = told; 'results' in page && page.mayHaveMore(number); number += 1) {
    const next: Found | AgentPage = await read(number + 1);
    // A server that knows no pages gives the same one for ever.
    if ('results' in next && idsOf(next) === idsOf(page)) break;
    page = next;
  }
  for (let number = told - 1; 'results' in page && number > 1; number -= 1) page = await read(number);
  return 'results' in page ? { agent: undefined } : page;
}

const idsOf = ({ results }: AgentPage) => results.map(({ id }) => id).join(' ');

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
