import { createHash } from 'node:crypto';
import type { Catalogue } from '../smartassist/catalogue.ts';
import { type AgentPayload, PAYLOAD_SCHEMAS } from '../smartassist/payload.ts';
import type { AgentPaths, ApiProfile, PathField } from '../tenant/configuration.ts';
import type { AgentField, DesiredAgent, Mapped, MappingProblem, Origin } from './desired.ts';
import { type NameKind, nameIndex } from './names.ts';

export type PayloadResult =
  | { readonly payload: AgentPayload; readonly problems: readonly [] }
  /** `unknownName`: a name is missing from the catalogue, so a newer catalogue may help. */
  | { readonly problems: readonly MappingProblem[]; readonly unknownName: boolean };

/**
 * Turns a desired agent into the payload of Create an Agent: names into ids, limits checked. Every problem is reported,
 * not the first only.
 */
export function toPayload(
  mapped: Mapped,
  context: {
    readonly catalogue: Catalogue;
    readonly profile: ApiProfile;
    readonly customId: string;
    /** Where fields come from, for messages about those that have no value. */
    readonly paths: AgentPaths;
  },
): PayloadResult {
  const { agent, origins } = mapped;
  const problems: MappingProblem[] = [];
  let unknownName = false;
  const names = nameIndex(context.catalogue);
  const idOf = (field: AgentField, kind: NameKind, name: string): string => {
    const resolved = names.resolve(kind, name);
    if ('id' in resolved) return resolved.id;
    unknownName ||= resolved.reason === 'unknown';
    problems.push({ field, message: `${originText(origins[field])}${resolved.message}` });
    return '';
  };

  const chatLanguages = languages(agent['chat.languages']);
  const voiceLanguages = languages(agent['voice.languages']);
  const draft = withoutUndefined({
    emailId: agent.emailId?.trim(),
    firstName: agent.firstName,
    lastName: agent.lastName,
    nickName: agent.nickName,
    phoneNumber: agent.phoneNumber,
    profImage: agent.profImage,
    customId: context.customId,
    agentGroupId: agent.agentGroup && idOf('agentGroup', 'agent group', agent.agentGroup),
    roleId: agent.role && idOf('role', 'role', agent.role),
    canSupportChat: agent['chat.enabled'] ?? chatLanguages.length > 0,
    canSupportVoice: agent['voice.enabled'] ?? voiceLanguages.length > 0,
    chatLanguageSupport: chatLanguages,
    voiceLanguageSupport: voiceLanguages,
    skills: uniqueById(
      (agent.skills ?? []).map(({ skill, proficiency }) => ({
        id: idOf('skills', 'skill', skill),
        proficiency,
      })),
    ).map(({ id, proficiency }) => ({ skillId: id, proficiencyLevel: proficiency })),
    queues: (agent.queues ?? []).map(({ queue, preferred }) =>
      withoutUndefined({ id: idOf('queues', 'queue', queue), isPreferredAgent: preferred }),
    ),
    desktopLayouts: agent.desktopLayouts,
    createDefaultLayoutAndAssign:
      agent.createDefaultLayoutAndAssign ?? (agent.desktopLayouts === undefined ? true : undefined),
    maxChatSupport: agent['chat.capacity'],
    maxDigitalChatSupport: agent['chat.digitalCapacity'],
    maxEmailChatSupport: agent['chat.emailCapacity'],
    maxMessagingChatSupport: agent['chat.messagingCapacity'],
    callRegion: agent.callRegion,
    attachmentsEnabled: agent.attachmentsEnabled,
    emojisEnabled: agent.emojisEnabled,
    agentAffinity: agent.agentAffinity,
  });

  const parsed = PAYLOAD_SCHEMAS[context.profile].safeParse(draft);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = FIELD_OF[String(issue.path[0])] ?? 'agent';
      // An id that could not be found has been reported by name already.
      if (issue.path.length > 0 && problems.some((problem) => problem.field === field)) continue;
      problems.push({ field, message: limitMessage(field, issue.message, mapped, context) });
    }
  }
  if (problems.length > 0 || !parsed.success) return { problems, unknownName };
  return { payload: parsed.data, problems: [] };
}

/** SHA-256 of the payload with its keys in order: two payloads that say the same have the same hash. */
export function payloadHash(payload: AgentPayload): string {
  return createHash('sha256').update(canonicalJson(payload)).digest('hex');
}

/** Which field of the mapping a field of the payload comes from. */
const FIELD_OF: Readonly<Record<string, AgentField>> = {
  emailId: 'emailId',
  firstName: 'firstName',
  lastName: 'lastName',
  nickName: 'nickName',
  phoneNumber: 'phoneNumber',
  profImage: 'profImage',
  callRegion: 'callRegion',
  agentGroupId: 'agentGroup',
  roleId: 'role',
  skills: 'skills',
  queues: 'queues',
  chatLanguageSupport: 'chat.languages',
  voiceLanguageSupport: 'voice.languages',
  desktopLayouts: 'desktopLayouts',
  maxChatSupport: 'chat.capacity',
  maxDigitalChatSupport: 'chat.digitalCapacity',
  maxEmailChatSupport: 'chat.emailCapacity',
  maxMessagingChatSupport: 'chat.messagingCapacity',
};

function limitMessage(
  field: AgentField | 'agent',
  reason: string,
  { agent, origins }: Mapped,
  { paths, profile }: { paths: AgentPaths; profile: ApiProfile },
): string {
  const value = field === 'agent' ? undefined : agent[field];
  const origin = field === 'agent' ? undefined : origins[field];
  if (value === undefined) {
    const path = (paths as Partial<Record<PathField, { from: string }>>)[field as PathField]?.from;
    if (path !== undefined) {
      return `${path} has no value, and the ${profile} profile of SmartAssist requires ${field}`;
    }
    return field === 'agent' || REQUIRED_BY_RULES.includes(field)
      ? `no rule gives ${field === 'agent' ? 'chat or voice languages' : field}, and SmartAssist requires it`
      : `${field}: ${reason}`;
  }
  const attribute = origin?.[0]?.from === 'path' ? origin[0].path : undefined;
  const subject = attribute === undefined ? `${originText(origin)}${field}` : `${attribute} (${field})`;
  return `${subject}: ${quote(field, value)} ${LIMITS[field] ?? reason}`;
}

const REQUIRED_BY_RULES: readonly string[] = ['agentGroup', 'role'];

/** The limits in words, where the schema's own would not tell an administrator what to do. */
const LIMITS: Readonly<Record<string, string>> = {
  emailId: 'is not an e-mail address',
  phoneNumber: 'has no digits, and SmartAssist takes digits only',
  firstName: 'is not 1 to 50 characters long',
  lastName: 'is not 1 to 50 characters long',
  nickName: 'is not 1 to 50 characters long',
  callRegion: 'is not two capital letters',
};

/** A value as a message may show it: short, and never a phone number. */
function quote(field: AgentField | 'agent', value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (field === 'phoneNumber')
    return text.replace(/\d/g, '').length === text.length ? `"${text.slice(0, 40)}"` : 'the value';
  const characters = [...text];
  return characters.length > 60 ? `"${characters.slice(0, 57).join('')}…"` : `"${text}"`;
}

function originText(origins: readonly Origin[] | undefined): string {
  const last = origins?.at(-1);
  if (last === undefined) return '';
  return last.from === 'rule' ? `rule "${last.rule}": ` : `${last.path}: `;
}

function languages(list: DesiredAgent['chat.languages']) {
  return (list ?? []).map(({ language, proficiency, isActive }) => ({
    language,
    proficiency,
    isActive: isActive ?? true,
  }));
}

/** Two names may lead to one skill (`Refunds`, `Billing/Refunds`): it is sent once, in its first place. */
function uniqueById<T extends { id: string }>(list: readonly T[]): T[] {
  return [...new Map(list.map((entry) => [entry.id, entry])).values()];
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
