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

/** The proficiency of a requested skill or language that says none. */
const UNSAID: Proficiency = 'average';

const CHANNELS = ['chat', 'voice'] as const;
type Channel = (typeof CHANNELS)[number];

/**
 * Writes the wishes that a person has in the agent extension into the draft, those that the tenant allows: a group and a
 * role replace what the rules gave, entries of lists are added to it.
 *
 * @returns the wishes that the tenant doesn't allow
 */
export function grantRequestedEntitlements(
  draft: Draft,
  allowed: ReadonlySet<RequestedEntitlement>,
): RequestedEntitlement[] {
  const wishes = wishesOf(draft.person);
  if (wishes === undefined) return [];
  const wished = REQUESTED_ENTITLEMENTS.filter((wish) => isWished(wishes[wish]));
  for (const wish of wished) if (allowed.has(wish)) GRANTS[wish](draft, wishes[wish]);
  return wished.filter((wish) => !allowed.has(wish));
}

function wishesOf(person: Person): Readonly<Record<string, unknown>> | undefined {
  const extension = person[AGENT_EXTENSION.id];
  return isObject(extension) ? extension : undefined;
}

function isWished(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : textOf(value) !== undefined;
}

const GRANTS: Readonly<Record<RequestedEntitlement, (draft: Draft, value: unknown) => void>> = {
  agentGroup: (draft, value) => put(draft, 'agentGroup', textOf(value), [originOf('agentGroup', 'set')]),
  role: (draft, value) => put(draft, 'role', textOf(value), [originOf('role', 'set')]),
  skills: (draft, value) => {
    const skills = entriesOf(value).flatMap((entry) => {
      const skill = textOf(entry.skill);
      if (skill === undefined) return [];
      return [{ skill, proficiency: proficiencyIn(draft, 'skills', skill, entry.proficiency) }];
    });
    grant(draft, 'skills', 'skills', skills);
  },
  queues: (draft, value) => {
    const queues = entriesOf(value).flatMap((entry) => {
      const queue = textOf(entry.value);
      if (queue === undefined) return [];
      return [entry.preferred === true ? { queue, preferred: true } : { queue }];
    });
    grant(draft, 'queues', 'queues', queues);
  },
  languages: (draft, value) => {
    const channels = channelsOf(draft);
    const granted: Record<Channel, unknown[]> = { chat: [], voice: [] };
    for (const entry of entriesOf(value)) {
      const language = textOf(entry.language);
      if (language === undefined) continue;
      const proficiency = proficiencyIn(draft, 'languages', language, entry.proficiency);
      for (const channel of channelsIn(draft, language, entry.channel, channels))
        granted[channel].push({ language, proficiency });
    }
    for (const channel of CHANNELS) grant(draft, 'languages', `${channel}.languages`, granted[channel]);
  },
};

function grant(
  draft: Draft,
  wish: RequestedEntitlement,
  field: ListField,
  entries: readonly unknown[],
): void {
  if (entries.length > 0) extend(draft, field, entries, { ...originOf(wish, 'add'), entries });
}

function originOf(wish: RequestedEntitlement, how: 'set' | 'add'): Origin & { from: 'wish' } {
  return { from: 'wish', wish, how };
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
