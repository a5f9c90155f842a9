import type { Person } from '../../scim-core/person.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { AGENT_EXTENSION } from '../../scim-core/schema.ts';
import {
  type Proficiency,
  REQUESTED_ENTITLEMENTS,
  type RequestedEntitlement,
} from '../../tenant/vocabulary.ts';
import type { Origin } from '../desired/desired-agent.ts';
import { type Draft, entriesIn, extend, put, report } from '../desired/draft.ts';
import type { ListField } from '../desired/merge-entries.ts';
import { quoted } from '../values/quoted.ts';
import { MAX_TEXT } from '../values/read-path.ts';
import { notProficiency, proficiencyOf } from '../values/value.ts';
import { ENTITLEMENT_ATTRIBUTES, entitlementsIn } from './entitlement.ts';

/** The proficiency of a requested skill or language that says none. */
const UNSAID: Proficiency = 'average';

const CHANNELS = ['chat', 'voice'] as const;
type Channel = (typeof CHANNELS)[number];

/** Where a person has what the identity provider asks for. */
const REQUEST_ATTRIBUTES: readonly string[] = [...ENTITLEMENT_ATTRIBUTES, AGENT_EXTENSION.id];

/** What of an attribute counts: it depends on the source that the attribute came from. */
export type AllowedRequests = (attribute: string) => ReadonlySet<RequestedEntitlement>;

/** What was asked for in vain. */
export interface Ignored {
  /** What the tenant doesn't allow. */
  readonly wishes: readonly RequestedEntitlement[];
  /** Values of which nothing says whether they are a skill, a queue or something else. */
  readonly entitlements: readonly string[];
}

/**
 * Writes what the identity provider asks for into the draft, as far as the tenant allows it: first `entitlements` and
 * `roles` (RFC 7643 section 4.1.2), then the agent extension. A group and a role replace what the rules gave, entries of
 * lists are added to it.
 */
export function grantRequestedEntitlements(draft: Draft, allowed: AllowedRequests): Ignored {
  const ignored = new Set<RequestedEntitlement>();
  const unknown: string[] = [];
  for (const attribute of REQUEST_ATTRIBUTES) {
    const requested = requestedIn(draft.person, attribute);
    if (requested === undefined) continue;
    const granted = allowed(attribute);
    if (granted.size > 0) unknown.push(...requested.unknown);
    for (const wish of REQUESTED_ENTITLEMENTS) {
      if (!isWished(requested.wishes[wish])) continue;
      if (granted.has(wish)) GRANTS[wish](draft, requested.wishes[wish], attribute);
      else ignored.add(wish);
    }
  }
  return { wishes: REQUESTED_ENTITLEMENTS.filter((wish) => ignored.has(wish)), entitlements: unknown };
}

/** What a person may ask for, as the agent extension has it. */
type Wishes = Readonly<Record<string, unknown>>;

function requestedIn(
  person: Person,
  attribute: string,
): { readonly wishes: Wishes; readonly unknown: readonly string[] } | undefined {
  const listed = ENTITLEMENT_ATTRIBUTES.find((each) => each === attribute);
  if (listed === undefined) {
    const extension = person[AGENT_EXTENSION.id];
    return isObject(extension) ? { wishes: extension, unknown: [] } : undefined;
  }
  if (person[listed] === undefined) return undefined;
  const { known, unknown } = entitlementsIn(person, listed);
  const of = (wish: RequestedEntitlement) => known.filter((each) => each.wish === wish);
  return {
    unknown,
    wishes: {
      agentGroup: of('agentGroup')[0]?.name,
      role: of('role')[0]?.name,
      skills: of('skills').map(({ name, proficiency }) => ({ skill: name, proficiency })),
      queues: of('queues').map(({ name }) => ({ value: name })),
      languages: of('languages').map(({ name, proficiency }) => ({ language: name, proficiency })),
    },
  };
}

function isWished(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : textOf(value) !== undefined;
}

type Grant = (draft: Draft, value: unknown, attribute: string) => void;

const GRANTS: Readonly<Record<RequestedEntitlement, Grant>> = {
  agentGroup: (draft, value, attribute) =>
    put(draft, 'agentGroup', textOf(value), [originOf('agentGroup', 'set', attribute)]),
  role: (draft, value, attribute) => put(draft, 'role', textOf(value), [originOf('role', 'set', attribute)]),
  skills: (draft, value, attribute) => {
    const skills = entriesOf(value).flatMap((entry) => {
      const skill = textOf(entry.skill);
      if (skill === undefined) return [];
      return [{ skill, proficiency: proficiencyIn(draft, 'skills', skill, entry.proficiency) }];
    });
    grant(draft, 'skills', 'skills', skills, attribute);
  },
  queues: (draft, value, attribute) => {
    const queues = entriesOf(value).flatMap((entry) => {
      const queue = textOf(entry.value);
      if (queue === undefined) return [];
      return [entry.preferred === true ? { queue, preferred: true } : { queue }];
    });
    grant(draft, 'queues', 'queues', queues, attribute);
  },
  languages: (draft, value, attribute) => {
    const channels = channelsOf(draft);
    const granted: Record<Channel, unknown[]> = { chat: [], voice: [] };
    for (const entry of entriesOf(value)) {
      const language = textOf(entry.language);
      if (language === undefined) continue;
      const proficiency = proficiencyIn(draft, 'languages', language, entry.proficiency);
      for (const channel of channelsIn(draft, language, entry.channel, channels))
        granted[channel].push({ language, proficiency });
    }
    for (const channel of CHANNELS)
      grant(draft, 'languages', `${channel}.languages`, granted[channel], attribute);
  },
};

function grant(
  draft: Draft,
  wish: RequestedEntitlement,
  field: ListField,
  entries: readonly unknown[],
  attribute: string,
): void {
  if (entries.length > 0) extend(draft, field, entries, { ...originOf(wish, 'add', attribute), entries });
}

function originOf(
  wish: RequestedEntitlement,
  how: 'set' | 'add',
  attribute: string,
): Origin & { from: 'wish' } {
  const of = ENTITLEMENT_ATTRIBUTES.find((each) => each === attribute);
  return of === undefined ? { from: 'wish', wish, how } : { from: 'wish', wish, how, attribute: of };
}

/** Where a language goes that names no channel: to the channels that the rules switch on, to both when they say nothing. */
function channelsOf(draft: Draft): readonly Channel[] {
  const switched = (channel: Channel) => draft.agent[`${channel}.enabled`];
  const isOn = (channel: Channel) => switched(channel) ?? entriesIn(draft, `${channel}.languages`).length > 0;
  const on = CHANNELS.filter(isOn);
  return on.length > 0 ? on : CHANNELS.filter((channel) => switched(channel) !== false);
}

function channelsIn(
  draft: Draft,
  language: string,
  value: unknown,
  unsaid: readonly Channel[],
): readonly Channel[] {
  const text = textOf(value);
  if (text === undefined) return unsaid;
  const channel = CHANNELS.find((each) => each === text.toLowerCase());
  if (channel !== undefined) return [channel];
  const message = `wish languages: ${quoted(language)} is for the channel ${quoted(text)}; write chat or voice`;
  report(draft, 'chat.languages', message);
  return [];
}

/** One that isn't any is reported, and the entry goes on with another, so that its name is looked up as well. */
function proficiencyIn(
  draft: Draft,
  wish: 'skills' | 'languages',
  name: string,
  value: unknown,
): Proficiency {
  const text = textOf(value);
  if (text === undefined) return UNSAID;
  const proficiency = proficiencyOf(text);
  if (proficiency !== undefined) return proficiency;
  const field = wish === 'skills' ? 'skills' : 'chat.languages';
  report(draft, field, `wish ${wish}: ${quoted(name)}: ${notProficiency(text)}`);
  return UNSAID;
}

function entriesOf(value: unknown): Readonly<Record<string, unknown>>[] {
  // Stryker disable next-line ArrayDeclaration: a text has no entry either
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.slice(0, MAX_TEXT + 1).trim();
  return text === '' ? undefined : text;
}
