import { ScimInputError } from '../person/error.ts';
import { parseFilter } from '../person/filter.ts';
import { compileFilter } from '../person/match.ts';
import { parsePath } from '../person/path.ts';
import type { Person } from '../person/person.ts';
import { USER_KIND } from '../person/schema.ts';
import { compilePath } from '../person/select.ts';
import {
  type AgentLists,
  type AgentValues,
  type Conversion,
  PATH_FIELDS,
  type PathField,
  type Rule,
  type TenantConfiguration,
} from '../tenant/configuration.ts';
import type { Problem } from '../tenant/problem.ts';
import type { AgentField, DesiredAgent, Mapped, Origin } from './desired.ts';
import { mergeLanguages, mergeQueues, mergeSkills } from './merge.ts';

/** A tenant's mapping, ready to run. Pure: the same person gives the same answer. */
export interface Mapping {
  /** `provisionWhen`: is this person to be an agent at all? */
  wants(person: Person): boolean;
  /** What the agent should be. Complete or not: `toPayload` finds out. */
  map(person: Person): Mapped;
}

/** The part of a tenant's configuration that the mapping is made of. */
export type MappingConfiguration = Pick<TenantConfiguration, 'provisionWhen' | 'agent' | 'rules'>;

type Predicate = (resource: Readonly<Record<string, unknown>>) => boolean;
type Source = (person: Person) => { value: string; path: string } | undefined;

interface Step {
  readonly name: string;
  readonly applies: Predicate;
  readonly set: Partial<DesiredAgent>;
  readonly add: Partial<DesiredAgent>;
}

/**
 * Compiles paths, filters and rules once, so that a request only runs them.
 *
 * @returns the mapping, or every problem with its path below the tenant
 */
export function compileMapping(
  configuration: MappingConfiguration,
): { readonly mapping: Mapping; readonly problems: readonly [] } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const guarded = <T>(path: Problem['path'], compile: () => T, otherwise: T): T => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof ScimInputError)) throw error;
      problems.push({ path, message: withPosition(error) });
      return otherwise;
    }
  };
  const predicate = (path: Problem['path'], text: string): Predicate =>
    guarded(
      path,
      () => compileFilter(parseFilter(text, USER_KIND)),
      () => false,
    );

  const wanted = predicate(['provisionWhen'], configuration.provisionWhen);
  const sources = PATH_FIELDS.flatMap((field): [PathField, Source][] => {
    const source = configuration.agent[field];
    if (source === undefined) return [];
    return [
      [
        field,
        guarded(
          ['agent', field],
          () => compileSource(source),
          () => undefined,
        ),
      ],
    ];
  });
  const steps = configuration.rules.map(
    (rule, index): Step => ({
      name: rule.name,
      applies: rule.when === undefined ? () => true : predicate(['rules', index, 'when'], rule.when),
      set: flatten(rule.set ?? {}),
      add: flatten(rule.add ?? {}),
    }),
  );
  problems.push(...duplicateNames(configuration.rules));
  if (problems.length > 0) return { problems };

  return {
    problems: [],
    mapping: {
      wants: (person) => wanted(person),
      map: (person) => {
        const agent: DesiredAgent = {};
        const origins: { [Field in AgentField]?: Origin[] } = {};
        for (const [field, source] of sources) {
          const found = source(person);
          if (found === undefined) continue;
          agent[field] = found.value;
          origins[field] = [{ from: 'path', path: found.path }];
        }
        for (const step of steps) {
          if (!step.applies(person)) continue;
          Object.assign(agent, step.set);
          for (const field of Object.keys(step.set) as AgentField[]) {
            origins[field] = [{ from: 'rule', rule: step.name, how: 'set' }];
          }
          for (const field of append(agent, step.add)) {
            origins[field] = [...(origins[field] ?? []), { from: 'rule', rule: step.name, how: 'add' }];
          }
        }
        return { agent, origins };
      },
    },
  };
}

/** Where reading an expression stopped, counted from 1 as an editor counts. */
function withPosition({ message, position }: ScimInputError): string {
  return position === undefined ? message : `character ${position + 1}: ${message}`;
}

/** Compiles `path | path | …`: the first that has a value gives it. */
function compileSource(source: { from: string; as?: Conversion | undefined }): Source {
  const alternatives = splitAlternatives(source.from).map(({ text, begin }) => ({
    text,
    read: compilePath(parseAt(text, begin)),
  }));
  const convert = CONVERSIONS[source.as ?? 'none'];
  return (person) => {
    for (const { text, read } of alternatives) {
      const given = read(person).find((value) => typeof value === 'string' && value.trim() !== '');
      // A value that the conversion leaves nothing of is kept as it is: the limits then say what is wrong with it.
      if (typeof given === 'string') return { value: convert(given) || given, path: text };
    }
    return undefined;
  };
}

const CONVERSIONS: Record<Conversion | 'none', (value: string) => string> = {
  none: (value) => value,
  digits: (value) => value.normalize('NFKC').replace(/\D/g, ''),
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  trim: (value) => value.trim(),
};

/** A path that begins somewhere in a longer text: what is wrong with it is where it is in that text. */
function parseAt(text: string, begin: number) {
  try {
    return parsePath(text, USER_KIND);
  } catch (error) {
    if (!(error instanceof ScimInputError) || error.position === undefined) throw error;
    throw new ScimInputError(error.code, error.message, { position: begin + error.position });
  }
}

/** Splits at `|`, but not inside a quoted string or a value filter. */
function splitAlternatives(text: string): { text: string; begin: number }[] {
  let end = -1;
  return text
    .split(/\|(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((part) => {
      const begin = end + 1 + part.length - part.trimStart().length;
      end += 1 + part.length;
      return { text: part.trim(), begin };
    })
    .filter((part, _, all) => part.text !== '' || all.length === 1);
}

/** `{ chat: { capacity: 3 } }` → `{ 'chat.capacity': 3 }`: each leaf is a field that rules replace by itself. */
function flatten(values: AgentValues | AgentLists): Partial<DesiredAgent> {
  const { chat, voice, ...rest } = values;
  const leaves = [
    ...Object.entries(rest),
    ...Object.entries(chat ?? {}).map(([key, value]) => [`chat.${key}`, value] as const),
    ...Object.entries(voice ?? {}).map(([key, value]) => [`voice.${key}`, value] as const),
  ];
  return Object.fromEntries(leaves.filter(([, value]) => value !== undefined));
}

/** Adds list entries to an agent; an entry that is there already is merged, not doubled. */
function append(agent: DesiredAgent, add: Partial<DesiredAgent>): AgentField[] {
  if (add.skills) agent.skills = mergeSkills(agent.skills ?? [], add.skills);
  if (add.queues) agent.queues = mergeQueues(agent.queues ?? [], add.queues);
  if (add.desktopLayouts) agent.desktopLayouts = [...(agent.desktopLayouts ?? []), ...add.desktopLayouts];
  for (const field of ['chat.languages', 'voice.languages'] as const) {
    const languages = add[field];
    if (languages) agent[field] = mergeLanguages(agent[field] ?? [], languages);
  }
  return Object.keys(add) as AgentField[];
}

function duplicateNames(rules: readonly Rule[]): Problem[] {
  return rules.flatMap((rule, index) => {
    const first = rules.findIndex(({ name }) => name === rule.name);
    return first === index
      ? []
      : [
          {
            path: ['rules', index, 'name'],
            message: `rule ${first + 1} has the name "${rule.name}" already`,
          },
        ];
  });
}
