import { compact } from '../runtime/compact.ts';
import type { Person } from '../scim-core/person.ts';
import { AGENT_FIELDS, type FieldRow, type PathField } from '../smartassist/fields.ts';
import type { Problem } from '../tenant/problem.ts';
import { isList, type RequestedEntitlement, SCIM } from '../tenant/vocabulary.ts';
import { bounded } from './bounded-person.ts';
import { Complaints } from './complaints.ts';
import { isDated, type MappingConfiguration } from './configuration.ts';
import { checkCustomFields } from './custom-fields.ts';
import { isCustomIdWord } from './desired/custom-id.ts';
import type { AgentField, Mapped } from './desired/desired-agent.ts';
import { type Draft, mappedOf, newDraft, put, report } from './desired/draft.ts';
import { leavesOf } from './desired/rule-fields.ts';
import { compileCondition } from './rules/condition.ts';
import { zoneOf } from './rules/dates.ts';
import { grantRequestedEntitlements } from './rules/requested-entitlements.ts';
import { compileRule, type Step } from './rules/rule.ts';
import { compileValueSource, type Take } from './values/value-source.ts';

/** A tenant's mapping, ready to run. Pure: the same person gives the same answer. */
export interface Mapping {
  /** `provisionWhen`: is this person to be an agent at all? */
  wants(person: Person): boolean;
  /**
   * What the agent should be. Complete or not: `toPayload` finds out.
   *
   * @param sourceOf the source that an attribute came from, where that isn't SCIM
   * @param at epoch milliseconds: which rules and skills hold then; without it none that begins at a day
   */
  map(person: Person, sourceOf?: SourceOf, at?: number): Mapped;
  /** Whether it depends on the day what it makes of a person. */
  readonly isDated: boolean;
}

export type CompiledMapping =
  | { readonly mapping: Mapping; readonly problems: readonly [] }
  | { readonly problems: readonly Problem[] };

export type SourceOf = (attribute: string) => string;

/** Where a person comes from of whom nothing else is known. */
const fromScim: SourceOf = () => SCIM;

const compiled = new WeakMap<MappingConfiguration, CompiledMapping>();

/**
 * Compiles paths, filters and rules once, so that a request only runs them. The same configuration is compiled once.
 *
 * @returns the mapping, or every problem with its path below the tenant
 *
 * @example
 * const { tenants } = loadConfiguration(text, 'provisioner.yaml');
 * const { mapping, problems } = compileMapping(tenants.demo);
 * if (mapping?.wants(person)) console.log(mapping.map(person).agent.agentGroup);
 */
export function compileMapping(configuration: MappingConfiguration): CompiledMapping {
  let present = compiled.get(configuration);
  if (present === undefined) {
    present = compile(configuration);
    compiled.set(configuration, present);
  }
  return present;
}

function compile(configuration: MappingConfiguration): CompiledMapping {
  const complaints = new Complaints();
  const wanted = compileCondition(configuration.provisionWhen, ['provisionWhen'], complaints);
  const sources = compileSources(configuration, complaints);
  const steps = configuration.rules.map((rule, index) => compileRule(rule, ['rules', index], complaints));
  checkRules(steps, complaints);
  checkWork(configuration.rules, complaints);
  checkCustomFields(configuration, complaints);
  const allowed = allowedBy(configuration.wishes ?? []);
  if (complaints.problems.length > 0) return { problems: complaints.problems };

  return {
    problems: [],
    mapping: {
      wants: (person) => wanted(bounded(person)),
      isDated: isDated(configuration.rules),
      map: (whole, sourceOf = fromScim, at = 0) => {
        const person = bounded(whole);
        const draft = newDraft(person, { at, zone: zoneOf(person, configuration.timeZone) });
        for (const [field, take] of sources) give(draft, field, take);
        const stoppedBy = applyRules(steps, draft);
        const ignored = grantRequestedEntitlements(draft, (attribute) => allowed(sourceOf(attribute)));
        return mappedOf(draft, {
          ...compact({
            stoppedBy,
            ignoredWishes: ignored.wishes.length === 0 ? undefined : ignored.wishes,
            ignoredEntitlements: ignored.entitlements.length === 0 ? undefined : ignored.entitlements,
          }),
        });
      },
    },
  };
}

const NOTHING: ReadonlySet<RequestedEntitlement> = new Set();

/** What each source may ask for: the same for all, or by its name. */
function allowedBy(
  wishes: NonNullable<MappingConfiguration['wishes']>,
): (source: string) => ReadonlySet<RequestedEntitlement> {
  if (isList(wishes)) {
    const all = new Set(wishes);
    return () => all;
  }
  const sets = new Map(Object.entries(wishes).map(([source, list]) => [source, new Set(list)] as const));
  return (source) => sets.get(source) ?? NOTHING;
}

/** In the order of explanations: what the person brings along, then names of the catalogue. */
const PATH_FIELDS = [false, true].flatMap((isName) =>
  Object.values<FieldRow>(AGENT_FIELDS).flatMap(({ kind, key, person }) =>
    person !== undefined && (kind === 'agentGroup' || kind === 'role') === isName ? [key as PathField] : [],
  ),
);

function compileSources({ agent }: MappingConfiguration, complaints: Complaints): [AgentField, Take][] {
  const own = Object.entries(agent.custom ?? {}).map(
    ([name, source]) => [`custom.${name}`, source, ['agent', 'custom', name]] as const,
  );
  const known = PATH_FIELDS.map((field) => [field, agent[field], ['agent', field]] as const);
  return [...known, ...own].flatMap(([field, source, path]): [AgentField, Take][] =>
    source === undefined || (field === 'customId' && isCustomIdWord(source.from))
      ? []
      : [[field, compileValueSource(source, path, complaints)]],
  );
}

function give(draft: Draft, field: AgentField, take: Take): void {
  const taken = take(draft.person);
  if (taken === undefined) return;
  if ('problem' in taken) {
    report(draft, field, `${taken.path} (${field}): ${taken.problem}`);
    return;
  }
  if ('leftOut' in taken) {
    draft.warnings.push({ field, message: `${taken.path} (${field}): ${taken.leftOut}; left out` });
    return;
  }
  const { value, path, as } = taken;
  put(draft, field, value, [as === undefined ? { from: 'path', path } : { from: 'path', path, as }]);
}

/** Runs the rules from top to bottom; answers the one that stopped it. */
function applyRules(steps: readonly Step[], draft: Draft): string | undefined {
  for (const step of steps) {
    if (step.condition?.(draft.person) === false || !step.isInForce(draft)) continue;
    draft.rules.push(step.name);
    step.apply(draft);
    if (step.stop) return step.name;
  }
  return undefined;
}

function checkRules(steps: readonly Step[], complaints: Complaints): void {
  const last = steps.findIndex(
    ({ stop, condition, isAlways }) => stop && isAlways && condition === undefined,
  );
  for (const [index, { name }] of steps.entries()) {
    const first = steps.findIndex((step) => step.name === name);
    if (first !== index) {
      complaints.add(['rules', index, 'name'], `rule ${first + 1} has the name "${name}" already`);
    }
    if (last !== -1 && index > last) {
      complaints.add(
        ['rules', index],
        `never applies: rule "${steps[last]?.name}" above it stops for everybody`,
      );
    }
  }
}

/** A person with a thousand values of each kind costs some 20 ms then. */
const MAX_LOOKS = 500;
/** An agent with so many skills, languages and queues has all there are. */
const MAX_ENTRIES = 2000;

/** Complains about a mapping that would take its time with a person. */
function checkWork(rules: MappingConfiguration['rules'], complaints: Complaints): void {
  const { looks } = complaints;
  if (looks > MAX_LOOKS) {
    const most = `${MAX_LOOKS} is the most, groups.display eq not counted`;
    complaints.add([], `has ${looks} comparisons and paths in all; ${most}`);
  }
  const lists = rules.flatMap(({ set, add, remove }) =>
    [set, add, remove].flatMap((each) => leavesOf(each ?? {})),
  );
  const entries = lists.reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 0), 0);
  if (entries > MAX_ENTRIES) {
    complaints.add(['rules'], `have ${entries} entries in their lists; ${MAX_ENTRIES} is the most`);
  }
}
