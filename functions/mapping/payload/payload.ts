import { createHash } from 'node:crypto';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { type AgentPayload, payloadSchema } from '../../smartassist/payload.ts';
import type { AgentField, DesiredAgent, Mapped, MappingProblem } from '../desired/desired-agent.ts';
import { originText } from '../desired/explain.ts';
import { higher, mergeBy } from '../desired/merge-entries.ts';
import { originOfEntry } from '../desired/origin.ts';
import type { PayloadContext } from './context.ts';
import { fieldOf, limitMessage } from './limits.ts';
import { type NameKind, nameIndex } from './names.ts';

export type PayloadResult =
  | { readonly payload: AgentPayload; readonly problems: readonly [] }
  /** `unknownName`: a name is missing from the catalogue, so a newer catalogue may help. */
  | { readonly problems: readonly MappingProblem[]; readonly unknownName: boolean };

/**
 * Turns a desired agent into the payload of Create an Agent: names into ids, limits checked. Every problem is reported,
 * not the first only.
 */
export function toPayload(mapped: Mapped, context: PayloadContext): PayloadResult {
  const names = new Names(mapped, context.catalogue);
  const custom = customOf(mapped.agent);
  const draft = { ...custom, ...draftOf(mapped.agent, context.customId, names) };
  const problems = [...(mapped.problems ?? []), ...names.problems];
  const parsed = payloadSchema(context.profile, Object.keys(custom)).safeParse(draft);
  if (!parsed.success) {
    // What has been reported by name, or could not be made out, would only be reported again for its absence.
    const reported = new Set<string>(problems.map(({ field }) => field));
    for (const issue of parsed.error.issues) {
      const field = fieldOf(String(issue.path[0] ?? ''));
      if (reported.has(field)) continue;
      problems.push({ field, message: limitMessage(field, issue.message, mapped, context) });
    }
  }
  if (problems.length > 0 || !parsed.success) return { problems, unknownName: names.isUnknown };
  return { payload: parsed.data, problems: [] };
}

/** SHA-256 of the payload with its keys in order: two payloads that say the same have the same hash. */
export function payloadHash(payload: AgentPayload): string {
  return createHash('sha256').update(canonicalJson(payload)).digest('hex');
}

/** A person may wish for a thousand things that don't exist: looking for the names nearest to each would take long. */
const MOST_SUGGESTIONS = 5;

/** Looks the names of one person up, and gathers those that can't be found. */
class Names {
  readonly problems: MappingProblem[] = [];
  isUnknown = false;
  readonly #mapped: Mapped;
  readonly #index;

  constructor(mapped: Mapped, catalogue: Catalogue) {
    this.#mapped = mapped;
    this.#index = nameIndex(catalogue);
  }

  idOf(field: AgentField, kind: NameKind, name: string): string {
    const resolved = this.#index.resolve(kind, name, this.problems.length < MOST_SUGGESTIONS);
    if ('id' in resolved) return resolved.id;
    this.isUnknown ||= resolved.reason === 'unknown';
    const origin = originOfEntry(this.#mapped, field, name);
    this.problems.push({ field, message: `${originText(origin)}${resolved.message}` });
    // Stryker disable next-line StringLiteral: with a problem nothing is sent, whatever the id
    return '';
  }
}

function draftOf(agent: DesiredAgent, customId: string, names: Names): Record<string, unknown> {
  const chatLanguages = languages(agent['chat.languages']);
  const voiceLanguages = languages(agent['voice.languages']);
  return withoutUndefined({
    emailId: agent.emailId?.trim(),
    firstName: agent.firstName,
    lastName: agent.lastName,
    nickName: agent.nickName,
    // SmartAssist takes digits; the plus of an international number says nothing more.
    phoneNumber: agent.phoneNumber?.replace(/^\+/, ''),
    profImage: agent.profImage,
    customId,
    agentGroupId: agent.agentGroup && names.idOf('agentGroup', 'agent group', agent.agentGroup),
    roleId: agent.role && names.idOf('role', 'role', agent.role),
    canSupportChat: agent['chat.enabled'] ?? chatLanguages.length > 0,
    canSupportVoice: agent['voice.enabled'] ?? voiceLanguages.length > 0,
    chatLanguageSupport: chatLanguages,
    voiceLanguageSupport: voiceLanguages,
    skills: skills(agent, names),
    queues: queues(agent, names),
    desktopLayouts: agent.desktopLayouts?.map((layout) => withoutUndefined({ ...layout })),
    createDefaultLayoutAndAssign:
      agent.createDefaultLayoutAndAssign ?? (agent.desktopLayouts === undefined ? true : undefined),
    maxChatSupport: agent['chat.capacity'],
    maxDigitalChatSupport: agent['chat.digitalCapacity'],
    maxEmailChatSupport: agent['chat.emailCapacity'],
    maxMessagingChatSupport: agent['chat.messagingCapacity'],
    callRegion: agent.callRegion,
    status: agent.status,
    attachmentsEnabled: agent.attachmentsEnabled,
    emojisEnabled: agent.emojisEnabled,
    agentAffinity: agent.agentAffinity,
  });
}

/** Two names may lead to one skill (`Refunds`, `Billing/Refunds`): it is sent once, with the higher proficiency. */
function skills(agent: DesiredAgent, names: Names) {
  const found = (agent.skills ?? []).map(({ skill, proficiency }) => ({
    id: names.idOf('skills', 'skill', skill),
    proficiency,
  }));
  return mergeBy(found, ({ id }) => id, higher).map(({ id, proficiency }) => ({
    skillId: id,
    proficiencyLevel: proficiency,
  }));
}

function queues(agent: DesiredAgent, names: Names) {
  const found = (agent.queues ?? []).map(({ queue, preferred }) => ({
    id: names.idOf('queues', 'queue', queue),
    preferred,
  }));
  return mergeBy(
    found,
    ({ id }) => id,
    (first, second) => (second.preferred === true ? second : first),
  ).map(({ id, preferred }) => withoutUndefined({ id, isPreferredAgent: preferred }));
}

function languages(list: DesiredAgent['chat.languages']) {
  return (list ?? []).map(({ language, proficiency, isActive }) => ({
    language,
    proficiency,
    isActive: isActive ?? true,
  }));
}

/** The tenant's own fields, under the names that SmartAssist gets them by. */
function customOf(agent: DesiredAgent): Record<string, unknown> {
  const prefix = 'custom.';
  return Object.fromEntries(
    Object.entries(agent)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, value]) => [field.slice(prefix.length), value]),
  );
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(byKey)) : inner,
  );
}

// Stryker disable next-line EqualityOperator: no two keys of an object are equal
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
