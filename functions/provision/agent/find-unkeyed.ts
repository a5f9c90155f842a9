import type { PersonRecord } from '../../directory/record.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { findByAddress } from './adopt.ts';
import { type Found, find } from './find.ts';
import type { Ports } from './ports.ts';

/**
 * As `find`; and where agents don't carry our key, by e-mail address: among the agents that the last reconciliation saw,
 * then in the list. Until all of the list has been read nothing is made again: a create with an unknown outcome may have
 * made the agent.
 *
 * @param emailId the address that the agent should have, where that is known
 */
export async function findAnywhere(
  ports: Ports,
  record: PersonRecord,
  emailId: string | undefined,
  terms: CallTerms,
): Promise<Found> {
  const { agent, attempts } = record;
  // Each call of a search that is under way has to bring it further: the key was looked up when it began.
  const isUnderWay =
    !ports.isKeyed() && agent.agentId === undefined && (await ports.search.progress()) !== undefined;
  if (!isUnderWay) {
    const found = await find(ports, record, terms);
    if ('result' in found || found.agent !== undefined || ports.isKeyed()) return found;
    // Its id was known and isn't there any more: it was deleted.
    if (agent.agentId !== undefined && !attempts.unknown) return found;
  }
  // An address that was never sent is no way to this person's agent: it may be that of another person's. So is one that was
  // noted before a create which never came to it, where another person's agent has it.
  const sent = [agent.emailId];
  const guessed = [emailId, ports.address(), ...addressesOf(record.person)];
  const addresses = new Set<string>();
  for (const each of agent.emailId === undefined ? guessed : sent) {
    if (each === undefined || each === '' || addresses.has(folded(each))) continue;
    if (!(await ports.isOfAnother(each))) addresses.add(folded(each));
  }
  if (addresses.size === 0) {
    await ports.search.keep(undefined);
    return { agent: undefined };
  }
  for (const address of addresses) {
    const known = await findByAddress(ports, address, terms);
    if (known.outcome === 'failed') return { result: known.result };
    if (known.outcome !== 'found') continue;
    await ports.search.keep(undefined);
    return { agent: known.agent };
  }
  // A start reads no code that tenants whose agents carry our key never need.
  const { findInList } = await import('./list-search.ts');
  return findInList(ports, addresses, terms);
}

function addressesOf({ userName, emails }: Person): string[] {
  const list: unknown[] = Array.isArray(emails) ? emails : [];
  const values = list.flatMap((entry) =>
    isObject(entry) && typeof entry.value === 'string' ? [entry.value] : [],
  );
  return [...values, userName].filter((address) => address.includes('@'));
}
