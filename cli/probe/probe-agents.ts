import * as z from 'zod';
import { isProbeAgent, PROBE_PREFIX } from '../../functions/provision/agent/probe-record.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { AgentRecord } from '../../functions/smartassist/agent.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { CallTerms, SmartAssistClient } from '../../functions/smartassist/client.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';

/** The three agents that a probe may make. They carry the same Custom IDs in each probe, so a dead one's are found by them. */
export const NUMBERS = [1, 2, 3] as const;
export const customIdOf = (number: number) => `aprovisionprb${number}`;
/** The newest agents are at the end of the list. */
const LAST_PAGES = 3;

/** `ada@example.com` → `ada+agent-provisioner-probe+1@example.com`: mails reach the mailbox (RFC 5233). */
export function addressOf(mailbox: string, number: number): string {
  const at = mailbox.lastIndexOf('@');
  const name = mailbox.slice(0, at);
  const tag = `${PROBE_PREFIX}${number}`;
  return `${PROBE_PREFIX.startsWith(name) ? tag : `${name}+${tag}`}${mailbox.slice(at)}`;
}

/** An agent that gets no conversations: in the Unassigned group, with nothing that isn't needed. */
export function payloadOf(
  mailbox: string,
  number: number,
  catalogue: Catalogue,
  role: string | undefined,
): AgentPayload {
  const group = catalogue.agentGroups.find(({ isUnassigned }) => isUnassigned) ?? catalogue.agentGroups[0];
  const [skill] = catalogue.skills;
  return {
    emailId: addressOf(mailbox, number),
    firstName: `${PROBE_PREFIX}${number}`,
    lastName: 'Delete me',
    nickName: 'Probe',
    phoneNumber: '15555550100',
    customId: customIdOf(number),
    agentGroupId: group?.id ?? '',
    ...compact({ roleId: role }),
    canSupportChat: true,
    canSupportVoice: false,
    chatLanguageSupport: [{ language: 'en', proficiency: 'good' }],
    voiceLanguageSupport: [],
    skills: skill === undefined ? [] : [{ skillId: skill.id, proficiencyLevel: 'novice' }],
    queues: [],
  };
}

/** Every agent of a probe that is there: by the Custom IDs, and on the last pages of the list. */
export async function probeAgents(
  { client, organization }: TenantProvisioning,
  terms: () => CallTerms,
): Promise<AgentRecord[]> {
  const found = new Map<string, AgentRecord>();
  const keep = (records: readonly AgentRecord[]) => {
    for (const record of records) if (isProbeAgent(record)) found.set(record.id, record);
  };
  for (const number of NUMBERS) {
    const known = await client.findByCustomId(customIdOf(number), terms());
    if (known.outcome === 'ok') keep(known.value);
  }
  const orgId = await organization.id();
  if (orgId === undefined) return [...found.values()];
  const first = await client.listAgents(orgId, 1, terms());
  if (first.outcome !== 'ok') return [...found.values()];
  keep(first.value.results);
  const last = first.value.totalPages ?? 1;
  for (let page = Math.max(2, last - LAST_PAGES + 1); page <= last; page += 1) {
    const read = await client.listAgents(orgId, page, terms());
    if (read.outcome === 'ok') keep(read.value.results);
  }
  return [...found.values()];
}

/** Deletes them; those that could not be deleted. */
export async function deleteAgents(
  client: SmartAssistClient,
  agents: readonly AgentRecord[],
  terms: () => CallTerms,
): Promise<string[]> {
  const left: string[] = [];
  for (const { id } of agents) {
    const deleted = await client.deleteAgent(id, terms());
    if (deleted.outcome !== 'ok' && deleted.outcome !== 'not-found') left.push(id);
  }
  return left;
}

/** What the look-up answers, as it is. */
export const anyAnswer = z.unknown();
