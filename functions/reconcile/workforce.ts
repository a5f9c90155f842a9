import { recordOfHolder } from '../provision/agent/holders.ts';
import { findById, rememberAgent } from '../provision/agent-index.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import type { CallTerms } from '../smartassist/client.ts';
import type { Failure } from '../smartassist/outcome.ts';
import type { AvailableAgent } from '../smartassist/workforce.ts';
import { compare } from './compare.ts';
import { patientCall } from './patient-call.ts';
import type { Reconciliation } from './report.ts';

/** Agents a call. The maximum is documented nowhere, and the directory is asked about each of them. */
const LIMIT = 500;
/** Addresses a call: of this, too, no maximum is documented. */
const ADDRESSES = 100;
/** A list that lacks more of the agents that are known isn't all of them. */
const MOST_LACKING = { share: 0.05, atLeast: 20 };

/** What reading a page of the list for workforce management comes to. */
export type WorkforcePage =
  /** `isLast`: all has been read. */
  | { readonly outcome: 'read'; readonly reconciliation: Reconciliation; readonly isLast: boolean }
  /** The list isn't to be had, or isn't whole: the agents have to be read in pages of ten. */
  | { readonly outcome: 'unusable' }
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * Reads one page of the list for workforce management: hundreds of ids in a call, which show the agents that are gone and
 * those that no person holds. The addresses of the latter alone are asked for.
 */
export async function readWorkforce(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
  terms: CallTerms,
): Promise<WorkforcePage> {
  const { client, name, account } = provisioning;
  const { clock, directory } = services;
  const { offset = 0, startedAt: census, lastIds = '' } = reconciliation;
  const page = await patientCall(clock, terms, (patient) =>
    client.listWorkforce({ offset, limit: LIMIT }, patient),
  );
  if (page.outcome !== 'ok') {
    return isRefused(page)
      ? { outcome: 'unusable' }
      : { outcome: 'failed', reason: `ids could not be read: ${page.outcome}` };
  }
  const [first] = page.value;
  // A server that knows no offset gives the same page for ever.
  if (first === undefined || first.id === reconciliation.firstId) {
    return (await isWhole(provisioning, services, reconciliation))
      ? { outcome: 'read', reconciliation, isLast: true }
      : { outcome: 'unusable' };
  }
  const unheld: string[] = [];
  let { agents, held = lastIds.split(' ').length } = reconciliation;
  for (const { id } of page.value) {
    // On the first page of agents, or shown twice: a list that leaves agents out may shift while it is read.
    if ((await findById(directory, name, id))?.census === census) continue;
    await rememberAgent(directory, name, { agentId: id, census, email: undefined }, clock.now());
    const holder = await recordOfHolder(directory, account, id);
    if (holder === undefined) unheld.push(id);
    else {
      agents += 1;
      if (holder.tenant === name) held += 1;
    }
  }
  const askedAt = new Date(clock.now()).toISOString();
  const known = await addressesOf(provisioning, services, unheld, terms);
  if (!Array.isArray(known)) {
    return isRefused(known)
      ? { outcome: 'unusable' }
      : { outcome: 'failed', reason: `addresses could not be read: ${known.outcome}` };
  }
  let after: Reconciliation = { ...reconciliation, offset: offset + page.value.length, firstId: first.id };
  for (const { id, emailId } of known) {
    await rememberAgent(directory, name, { agentId: id, census, email: emailId }, clock.now());
    agents += 1;
    after = await compare(provisioning, services, after, { agent: { id, emailId }, askedAt }, terms);
  }
  return { outcome: 'read', reconciliation: { ...after, agents, held }, isLast: false };
}

/** An agent whose address isn't told is there all the same: of nobody, until a page shows it. */
async function addressesOf(
  { client }: TenantProvisioning,
  { clock }: Services,
  ids: readonly string[],
  terms: CallTerms,
): Promise<Pick<AvailableAgent, 'id' | 'emailId'>[] | Failure> {
  const known = new Map<string, string>();
  for (let from = 0; from < ids.length; from += ADDRESSES) {
    const some = ids.slice(from, from + ADDRESSES);
    const answer = await patientCall(clock, terms, (patient) => client.readAvailability(some, patient));
    if (answer.outcome !== 'ok') return answer;
    for (const { id, emailId } of answer.value) known.set(id, emailId);
  }
  return ids.map((id) => ({ id, emailId: known.get(id) ?? '' }));
}

/** Which agents the list shows is documented nowhere: one that lacks many says nothing of those that are gone. */
async function isWhole(
  { name }: TenantProvisioning,
  { directory }: Services,
  { held = 0, learned }: Reconciliation,
): Promise<boolean> {
  const active = await directory.countActiveAgents(name);
  return active - held - learned <= Math.max(MOST_LACKING.atLeast, MOST_LACKING.share * active);
}

/** The scope isn't there, or the list isn't. */
function isRefused({ outcome }: Failure): boolean {
  return outcome === 'refused' || outcome === 'not-found' || outcome === 'unauthorized';
}
