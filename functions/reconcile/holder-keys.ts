import type { AgentHolder } from '../directory/agent-holders.ts';
import { MAX_RACES } from '../directory/errors.ts';
import type { PersonRecord } from '../directory/record.ts';
import { claimAgent, readKeyPass, writeKeyPass } from '../provision/agent/holders.ts';
import { agentGivenUp, due } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { patientCall } from './patient-call.ts';

const PAGE = 100;
const NAP_MS = 1_000;

/** Whose agents are kept; the client is asked where two records name one agent. */
export type HoldersOf = Pick<TenantProvisioning, 'name' | 'account' | 'client'>;

/**
 * Keeps the agent of each record as its person's, for records from before there were keys: version 0.1.0 wrote none, and
 * could let two persons have one agent. It goes on where it was left, page by page; once done it costs one read.
 *
 * @param until epoch milliseconds
 * @returns whether all are kept
 */
export async function keepAgentHolders(
  provisioning: HoldersOf,
  services: Services,
  until: number,
): Promise<boolean> {
  const { name, account } = provisioning;
  const { directory, clock } = services;
  const known = await readKeyPass(directory, name);
  // Another account has other agents: all keys are written anew.
  let pass = known?.account === account ? known : { account, isDone: false };
  while (!pass.isDone) {
    if (clock.now() + NAP_MS >= until) return false;
    const { persons, next } = await directory.listRecords(name, {
      limit: PAGE,
      ...compact({ after: pass.after }),
    });
    for (const record of persons) {
      if (!(await keep(provisioning, services, record, until))) return false;
    }
    pass = next === undefined ? { account, isDone: true } : { account, after: next, isDone: false };
    await writeKeyPass(directory, name, pass);
  }
  return true;
}

/** Keeps one record's agent; false where it has to be tried again later. */
async function keep(
  provisioning: HoldersOf,
  services: Services,
  first: PersonRecord,
  until: number,
): Promise<boolean> {
  const { account } = provisioning;
  const { directory } = services;
  let record: PersonRecord | undefined = first;
  for (let race = 0; race < MAX_RACES && record !== undefined; race += 1) {
    const { agentId } = record.agent;
    if (agentId === undefined || record.agent.account === account) return true;
    const claim = await claimAgent(directory, account, record, agentId);
    if (claim.outcome === 'claimed') return true;
    if (claim.outcome === 'held') return decide(provisioning, services, record, claim.holder, until);
    record = await directory.readPerson(record.tenant, record.id);
  }
  return record === undefined;
}

/** Two records name one agent: the one whose Custom ID it carries keeps it, else the one that has it. */
async function decide(
  { client, account }: HoldersOf,
  services: Services,
  record: PersonRecord,
  holder: AgentHolder,
  until: number,
): Promise<boolean> {
  const { directory, clock, log } = services;
  const { agentId = '' } = record.agent;
  const terms: CallTerms = { urgency: 'backfill', deadline: until };
  const agent = await patientCall(clock, terms, (patient) => client.getAgent(agentId, patient));
  if (agent.outcome !== 'ok' && agent.outcome !== 'not-found') return false;
  const isOurs = agent.outcome === 'ok' && agent.value.customId === record.agent.customId;
  const other = await directory.readPerson(holder.tenant, holder.id);
  const loser = isOurs ? other : record;
  if (loser !== undefined) {
    log.warn('two records had one agent', { tenant: loser.tenant, person: loser.id, agentId });
    const after = due(agentGivenUp(loser), clock.now());
    if (!(await directory.updatePerson(loser, after)).ok) return false;
  }
  return !isOurs || (await claimAgent(directory, account, record, agentId)).outcome === 'claimed';
}
