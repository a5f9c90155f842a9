import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { type AgentRecord, groupsOf, merge } from '../../functions/smartassist/agent.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { CallTerms } from '../../functions/smartassist/client.ts';
import { describeFailure } from '../../functions/smartassist/outcome.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Answers } from '../answers.ts';
import { addressOf, anyAnswer, customIdOf, payloadOf } from './probe-agents.ts';

/** One thing that the documentation doesn't say, and how it is. */
export interface Fact {
  readonly what: string;
  readonly found: string;
}

export interface ProbeTerms {
  readonly provisioning: TenantProvisioning;
  readonly heard: Answers;
  readonly mailbox: string;
  readonly catalogue: Catalogue;
  readonly roleId: string | undefined;
  readonly terms: () => CallTerms;
}

/** What was found, filled while the experiments go on: what one that is broken off has found is reported, too. */
export interface Findings {
  readonly facts: Fact[];
  behaviour: BehaviourInput;
}

/** Tries what the documentation doesn't say, with three agents at the most. Deletes nothing: its caller does. */
export async function tryOut(probe: ProbeTerms, findings: Findings): Promise<void> {
  const agent = await tryCreate(probe, findings);
  if (agent === undefined) return;
  await tryDuplicates(probe, findings);
  await tryLeavingOut(probe, agent, findings);
  await tryUnknownField(probe, agent, findings);
  await tryGroups(probe, agent, findings);
  await tryOptOut(probe, agent, findings);
  await tryWithoutChannel(probe, agent, findings);
  await tryEmailChange(probe, agent, findings);
}

const bodyOf = ({ answers }: Answers): Readonly<Record<string, unknown>> => {
  try {
    const body: unknown = JSON.parse(answers.at(-1)?.response.body ?? '');
    return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
};

function note({ facts }: Findings, what: string, found: string): void {
  facts.push({ what, found });
}

async function tryCreate(probe: ProbeTerms, findings: Findings): Promise<AgentRecord | undefined> {
  const { provisioning, heard, mailbox, catalogue, roleId, terms } = probe;
  const { client } = provisioning;
  const created = await client.createAgent(payloadOf(mailbox, 1, catalogue, roleId), terms());
  if (created.outcome !== 'ok') {
    note(findings, 'a create', describeFailure(created));
    return undefined;
  }
  const answer = bodyOf(heard);
  const createdCarries = (['accountId', 'customId', 'status'] as const).filter((field) => field in answer);
  findings.behaviour = {
    ...findings.behaviour,
    returnsAgentId: created.value.agentId !== undefined,
    createdCarries,
    createdPhoneNumber: typeof answer.phoneNumber === 'string' ? 'text' : 'number',
  };
  note(
    findings,
    'the answer of a create',
    `${created.value.agentId === undefined ? 'has no id of the agent' : "has the agent's id"}${createdCarries.length === 0 ? '' : `, and ${createdCarries.join(', ')}`}`,
  );
  const raw = await client.read(`/agents/customId/${customIdOf(1)}`, anyAnswer, terms());
  if (raw.outcome === 'ok') {
    const customIdAnswer = isIds(raw.value) ? 'ids' : Array.isArray(raw.value) ? 'array' : 'object';
    findings.behaviour = { ...findings.behaviour, customIdAnswer };
    note(findings, 'the look-up by Custom ID', `answers ${ANSWERS[customIdAnswer]}`);
  }
  const found = await client.findByCustomId(customIdOf(1), terms());
  const id = created.value.agentId ?? (found.outcome === 'ok' ? found.value[0]?.id : undefined);
  if (id === undefined) {
    note(findings, 'an agent that was made', 'is not found by its Custom ID');
    return undefined;
  }
  const read = await client.getAgent(id, terms());
  if (read.outcome !== 'ok') {
    note(findings, 'a single record', describeFailure(read));
    return undefined;
  }
  findings.behaviour = {
    ...findings.behaviour,
    recordsCarryAgentGroupId: read.value.agentGroupId !== undefined,
  };
  return read.value;
}

const ANSWERS = { ids: 'ids', array: 'an array of records', object: 'a record' } as const;
const isIds = (answer: unknown) =>
  typeof answer === 'string' || (Array.isArray(answer) && answer.some((each) => typeof each === 'string'));

async function tryDuplicates(probe: ProbeTerms, findings: Findings): Promise<void> {
  const { provisioning, mailbox, catalogue, roleId, terms } = probe;
  const make = (changes: object) =>
    provisioning.client.createAgent({ ...payloadOf(mailbox, 2, catalogue, roleId), ...changes }, terms());
  const sameEmail = await make({ emailId: addressOf(mailbox, 1) });
  if (sameEmail.outcome === 'refused') {
    const { status, message } = sameEmail;
    findings.behaviour = { ...findings.behaviour, duplicateEmail: { isRefused: true, status, message } };
    note(findings, 'a second agent with the same e-mail', `is refused (${status}): ${message}`);
  } else if (sameEmail.outcome === 'ok') {
    findings.behaviour = { ...findings.behaviour, duplicateEmail: { isRefused: false } };
    note(findings, 'a second agent with the same e-mail', 'is made');
  } else note(findings, 'a second agent with the same e-mail', describeFailure(sameEmail));
  const sameKey = await provisioning.client.createAgent(
    { ...payloadOf(mailbox, 3, catalogue, roleId), customId: customIdOf(1) },
    terms(),
  );
  if (sameKey.outcome === 'refused') {
    const { status, message } = sameKey;
    findings.behaviour = { ...findings.behaviour, duplicateCustomId: { isRefused: true, status, message } };
    note(findings, 'a second agent with the same Custom ID', `is refused (${status}): ${message}`);
  } else
    note(
      findings,
      'a second agent with the same Custom ID',
      sameKey.outcome === 'ok' ? 'is made' : describeFailure(sameKey),
    );
}

/** Sends an update made of the record as it is now; what became of it, and the record after it. */
async function change(
  { provisioning, terms }: ProbeTerms,
  { id }: AgentRecord,
  edit: (body: Record<string, unknown>, record: AgentRecord) => Record<string, unknown>,
): Promise<{ readonly refused?: string; readonly before?: AgentRecord; readonly after?: AgentRecord }> {
  const { client, tenant } = provisioning;
  const before = await client.getAgent(id, terms());
  if (before.outcome !== 'ok') return { refused: describeFailure(before) };
  const update = { streamId: tenant.smartassist.streamId, groups: 'managed', custom: [] } as const;
  const updated = await client.updateAgent(id, edit(merge(before.value, {}, update), before.value), terms());
  if (updated.outcome !== 'ok') return { refused: describeFailure(updated), before: before.value };
  const after = await client.getAgent(id, terms());
  return after.outcome === 'ok'
    ? { before: before.value, after: after.value }
    : { refused: describeFailure(after), before: before.value };
}

async function tryLeavingOut(probe: ProbeTerms, agent: AgentRecord, findings: Findings): Promise<void> {
  const { refused, before, after } = await change(probe, agent, ({ nickName: _, ...body }) => body);
  if (after === undefined) return note(findings, 'an update without the nickname', refused ?? '');
  const isKept = after.nickName === before?.nickName;
  findings.behaviour = { ...findings.behaviour, absentInUpdate: isKept ? 'kept' : 'emptied' };
  note(findings, 'an optional field that an update leaves out', isKept ? 'is kept' : 'is emptied');
  const isSame =
    after.onlineStatus === before?.onlineStatus && after.onlineStatusType === before?.onlineStatusType;
  note(findings, 'presence after an update', isSame ? 'is as before' : 'is another');
}

async function tryUnknownField(probe: ProbeTerms, agent: AgentRecord, findings: Findings): Promise<void> {
  const { refused, after } = await change(probe, agent, (body) => ({ ...body, probeField: 'probe' }));
  const unlistedFields = after === undefined ? 'refused' : 'probeField' in after ? 'taken' : 'ignored';
  findings.behaviour = { ...findings.behaviour, unlistedFields };
  note(findings, 'an unknown field in an update', refused ?? `is ${unlistedFields}`);
}

async function tryGroups(probe: ProbeTerms, agent: AgentRecord, findings: Findings): Promise<void> {
  const [first, second] = probe.catalogue.agentGroups
    .toSorted((a, b) => Number(b.isUnassigned) - Number(a.isUnassigned))
    .map(({ id }) => id);
  if (first === undefined || second === undefined) return;
  const entry = (groupId: string) => ({ groupId, role: 'agent' });
  const both = await change(probe, agent, (body) => ({
    ...body,
    agentGroupId: first,
    agentGroups: [entry(first), entry(second)],
  }));
  const kept = both.after === undefined ? 0 : groupsOf(both.after).length;
  note(findings, 'two groups in an update', both.refused ?? (kept === 2 ? 'are taken' : `become ${kept}`));
  const apart = await change(probe, agent, (body) => ({
    ...body,
    agentGroupId: second,
    agentGroups: [entry(first)],
  }));
  const [deciding] = apart.after === undefined ? [] : groupsOf(apart.after);
  if (deciding === undefined) return note(findings, 'agentGroupId beside another group', apart.refused ?? '');
  const decidingGroup = deciding.groupId === first ? 'agentGroups' : 'agentGroupId';
  findings.behaviour = { ...findings.behaviour, decidingGroup };
  note(findings, 'of agentGroupId and agentGroups', `${decidingGroup} decides`);
  await change(probe, agent, (body) => ({ ...body, agentGroupId: first, agentGroups: [entry(first)] }));
}

async function tryOptOut(probe: ProbeTerms, agent: AgentRecord, findings: Findings): Promise<void> {
  const field = 'isOptedOut';
  const entries = (record: AgentRecord | undefined) =>
    (Array.isArray(record?.skills) ? record.skills : []) as Readonly<Record<string, unknown>>[];
  const { refused, before, after } = await change(probe, agent, (body, record) => ({
    ...body,
    skills: entries(record).map((entry) => ({ ...entry, [field]: true })),
  }));
  if (entries(before).length === 0)
    return note(findings, 'opting out of a skill', 'there is no skill to try it with');
  const keys = Object.keys(entries(after ?? before)[0] ?? {});
  const isKept = entries(after).some((entry) => field in entry);
  note(
    findings,
    'entries of skills',
    `${refused ?? `have ${keys.join(', ')}`}; a flag ${field} ${isKept ? 'is kept' : 'is not kept'}`,
  );
}

async function tryWithoutChannel(probe: ProbeTerms, agent: AgentRecord, findings: Findings): Promise<void> {
  const { refused } = await change(probe, agent, (body) => ({
    ...body,
    canSupportChat: false,
    canSupportVoice: false,
  }));
  findings.behaviour = { ...findings.behaviour, needsChannel: refused !== undefined };
  note(findings, 'an update that switches both channels off', refused ?? 'is taken');
}

async function tryEmailChange(probe: ProbeTerms, agent: AgentRecord, findings: Findings): Promise<void> {
  const emailId = addressOf(probe.mailbox, 4);
  const { refused, after } = await change(probe, agent, (body) => ({
    ...body,
    canSupportChat: true,
    emailId,
  }));
  const emailChange =
    after === undefined
      ? 'refused'
      : after.emailId?.toLowerCase() === emailId.toLowerCase()
        ? 'taken'
        : 'ignored';
  findings.behaviour = { ...findings.behaviour, emailChange };
  note(findings, 'another e-mail address in an update', refused ?? `is ${emailChange}`);
}
