import { createHash } from 'node:crypto';
import { compact } from '../../runtime/compact.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { managedFieldsOf } from '../../smartassist/agent.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { AGENT_FIELDS, type FieldKind, type FieldTable } from '../../smartassist/fields.ts';
import { type AgentPayload, payloadSchema } from '../../smartassist/payload.ts';
import { customIdRuleOf } from '../desired/custom-id.ts';
import type { AgentField, DesiredAgent, Mapped, MappingProblem } from '../desired/desired-agent.ts';
import { originText } from '../desired/explain.ts';
import { higher, mergeBy } from '../desired/merge-entries.ts';
import { originOfEntry } from '../desired/origin.ts';
import { quoted } from '../values/quoted.ts';
import type { PayloadContext } from './context.ts';
import { fieldOf, limitMessage } from './limits.ts';
import { type NameKind, nameIndex } from './names.ts';

export type PayloadResult =
  | { readonly payload: AgentPayload; readonly problems: readonly [] }
  | {
      readonly problems: readonly MappingProblem[];
      /** A name is missing from the catalogue, so a newer catalogue may help. */
      readonly unknownName: boolean;
      /** Nothing else is wrong than that names can't be read: nobody can say yet whether the agent can be made. */
      readonly onlyUnreadable?: true;
    };

/**
 * Turns a desired agent into the payload of Create an Agent: names into ids, limits checked. Every problem is reported,
 * not the first only.
 */
export function toPayload(mapped: Mapped, context: PayloadContext): PayloadResult {
  const { fields = AGENT_FIELDS, profile, paths } = context;
  const customId = customIdRuleOf(paths, profile) === 'generated' ? context.customId : undefined;
  const names = new Names(mapped, context);
  const custom = customOf(mapped.agent);
  const draft = { ...custom, ...draftOf(fields, { agent: mapped.agent, customId, names }) };
  const problems = [...(mapped.problems ?? []), ...names.problems];
  const parsed = payloadSchema(context.profile, Object.keys(custom), fields).safeParse(draft);
  if (!parsed.success) {
    // What has been reported by name, or could not be made out, would only be reported again for its absence.
    const reported = new Set<string>(problems.map(({ field }) => field));
    for (const issue of parsed.error.issues) {
      const field = fieldOf(String(issue.path[0] ?? ''), fields);
      if (reported.has(field)) continue;
      const message = limitMessage(field, issue.message, mapped, context);
      // A value that breaks several limits is told in one sentence.
      const isTold = problems.some((each) => each.field === field && each.message === message);
      if (!isTold) problems.push({ field, message });
    }
  }
  if (problems.length > 0 || !parsed.success) {
    const onlyUnreadable = problems.length > 0 && problems.length === names.unreadable;
    return { problems, unknownName: names.isUnknown, ...(onlyUnreadable ? { onlyUnreadable } : {}) };
  }
  return { payload: parsed.data, problems: [] };
}

/** SHA-256 of the payload with its keys in order: two payloads that say the same have the same hash. */
export function payloadHash(payload: AgentPayload): string {
  return createHash('sha256').update(canonicalJson(payload)).digest('hex');
}

/**
 * The hash that says whether an agent has to be changed: of what an update can write. A field that only a create takes
 * changes nothing for an agent that is there.
 *
 * @param known what is noted of the agent. A hash of version 0.1.0 was that of the whole payload, our key included:
 *   where it fits it stays, so that no agent is written for the sake of another hash
 * @param theirs fields that are the mapping's at creation only
 */
export function planHash(
  payload: AgentPayload,
  known: { readonly customId: string; readonly appliedHash?: string },
  theirs: ReadonlySet<string> = new Set(),
): string {
  const ours = Object.entries(payload).filter(([field]) => !theirs.has(field));
  const managed = managedHash(Object.fromEntries(ours) as AgentPayload);
  if (known.appliedHash === undefined || managed === known.appliedHash) return managed;
  const whole = payloadHash({ ...payload, customId: payload.customId ?? known.customId });
  if (whole === known.appliedHash) return whole;
  // As it was before fields became SmartAssist's: nothing has to be sent for that.
  if (theirs.size > 0 && managedHash(payload) === known.appliedHash) return known.appliedHash;
  return managed;
}

function managedHash(payload: AgentPayload): string {
  return createHash('sha256')
    .update(canonicalJson(managedFieldsOf(payload)))
    .digest('hex');
}

/** A person may wish for a thousand things that don't exist: looking for the names nearest to each would take long. */
const MOST_SUGGESTIONS = 5;

/** Looks the names of one person up, and gathers those that can't be found. */
class Names {
  readonly problems: MappingProblem[] = [];
  isUnknown = false;
  /** How many of the problems are names that can't be read. */
  unreadable = 0;
  readonly #mapped: Mapped;
  readonly #index;
  readonly #catalogue: Catalogue;

  constructor(mapped: Mapped, { catalogue, roles }: PayloadContext) {
    this.#mapped = mapped;
    this.#catalogue = catalogue;
    this.#index = nameIndex(catalogue, roles);
  }

  idOf(field: AgentField, kind: NameKind, name: string): string {
    const resolved = this.#index.resolve(kind, name, this.problems.length < MOST_SUGGESTIONS);
    if ('id' in resolved) {
      if (field === 'agentGroup') this.#assertInService(resolved.id, name);
      return resolved.id;
    }
    this.isUnknown ||= resolved.reason === 'unknown';
    if (resolved.reason === 'unreadable') this.unreadable += 1;
    const origin = originOfEntry(this.#mapped, field, name);
    this.problems.push({
      field,
      message: `${originText(origin)}${resolved.message}`,
      ...compact({
        kind: resolved.reason === 'unreadable' ? undefined : (`${resolved.reason}-name` as const),
        rule: origin?.from === 'rule' ? origin.rule : undefined,
      }),
    });
    // Stryker disable next-line StringLiteral: with a problem nothing is sent, whatever the id
    return '';
  }

  /** An agent in the group of those out of service would be out without a word of it here. */
  #assertInService(id: string, name: string): void {
    const origin = originOfEntry(this.#mapped, 'agentGroup', name);
    if (origin?.from !== 'wish') return;
    if (!this.#catalogue.agentGroups.some((group) => group.id === id && group.isUnassigned)) return;
    const message = `${originText(origin)}agent group ${quoted(name)} can't be asked for: it is for agents out of service. Ask for another, or deactivate the person`;
    this.problems.push({ field: 'agentGroup', message });
  }
}

/** What a value is built from. */
interface BuildContext {
  readonly agent: DesiredAgent;
  /** Of agents whose custom id is this product's key. */
  readonly customId: string | undefined;
  readonly names: Names;
}

type Build = (value: unknown, context: BuildContext, key: string) => unknown;
const asIs: Build = (value) => value;

/** How the value of a payload's field is made of what the mapping says. */
const BUILDERS: { readonly [Kind in FieldKind]: Build } = {
  email: (value) => (value as string | undefined)?.trim(),
  name: asIs,
  text: asIs,
  // SmartAssist takes digits; the plus of an international number says nothing more.
  digits: (value) => (value as string | undefined)?.replace(/^\+/, ''),
  region: asIs,
  agentGroup: (value, { names }) => value && names.idOf('agentGroup', 'agent group', value as string),
  role: (value, { names }) => value && names.idOf('role', 'role', value as string),
  channel: (value, { agent }, key) => value ?? hasLanguages(agent, key),
  languages: (value) => languages(value as DesiredAgent['chat.languages']),
  skills: (value, { names }) => skills(value as DesiredAgent['skills'], names),
  queues: (value, { names }) => queues(value as DesiredAgent['queues'], names),
  layouts: (value) =>
    (value as DesiredAgent['desktopLayouts'])?.map((layout) => withoutUndefined({ ...layout })),
  defaultLayout: (value, { agent }) => value ?? (agent.desktopLayouts === undefined ? true : undefined),
  capacity: asIs,
  active: asIs,
  flag: asIs,
  customId: (value, { customId }) => value ?? customId,
};

function draftOf(fields: FieldTable, context: BuildContext): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { ...context.agent };
  const draft: Record<string, unknown> = {};
  for (const [field, { kind, key = '' }] of Object.entries(fields)) {
    const value = BUILDERS[kind](values[key], context, key);
    if (value !== undefined) draft[field] = value;
  }
  return draft;
}

/** `chat.enabled` → whether there are `chat.languages`. */
function hasLanguages(agent: DesiredAgent, key: string): boolean {
  const list = key === 'chat.enabled' ? agent['chat.languages'] : agent['voice.languages'];
  return (list ?? []).length > 0;
}

/** Two names may lead to one skill (`Refunds`, `Billing/Refunds`): it is sent once, with the higher proficiency. */
function skills(list: DesiredAgent['skills'], names: Names) {
  const found = (list ?? []).map(({ skill, proficiency }) => ({
    id: names.idOf('skills', 'skill', skill),
    proficiency,
  }));
  return mergeBy(found, ({ id }) => id, higher).map(({ id, proficiency }) => ({
    skillId: id,
    proficiencyLevel: proficiency,
  }));
}

function queues(list: DesiredAgent['queues'], names: Names) {
  const found = (list ?? []).map(({ queue, preferred }) => ({
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
  return JSON.stringify(inOrder(value));
}

/** A value with the keys of every object in order. Handing each to `JSON.stringify` one by one takes three times as long. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])]));
}
