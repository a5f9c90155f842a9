import { compact } from '../../runtime/compact.ts';
import type { AgentRemovals, Rule } from '../../tenant/configuration.ts';
import type { Problem } from '../../tenant/problem.ts';
import type { Complaints } from '../complaints.ts';
import { hasEnd } from '../configuration.ts';
import type { AgentField, Origin } from '../desired/desired-agent.ts';
import { clear, type Draft, extend, put, report, takeAway, withoutDoubles } from '../desired/draft.ts';
import { isListField, type ListField, namedBy } from '../desired/merge-entries.ts';
import { isBelow, leavesOf } from '../desired/rule-fields.ts';
import { compileValue, type Findings, isConstant, type RuleValue, valueFor } from '../values/value.ts';
import { type Condition, compileCondition } from './condition.ts';
import { isInForce, withoutEnded } from './dates.ts';

/** A rule, ready to run. */
export interface Step {
  readonly name: string;
  readonly stop: boolean;
  /** It has no first and no last day. */
  readonly isAlways: boolean;
  /** Which persons it is for; absent when it is for all. */
  readonly condition?: Condition;
  /** Whether it holds at the time that the draft is of; asked where the condition holds. */
  isInForce(draft: Draft): boolean;
  /** Writes what the rule gives and takes into the draft: set, then add, then remove. */
  apply(draft: Draft): void;
}

type Change = (draft: Draft) => void;

/** Compiles a rule. What is wrong with it goes to `complaints`, at `path` or below. */
export function compileRule(rule: Rule, path: Problem['path'], complaints: Complaints): Step {
  const changes: Change[] = [
    ...leavesOf(rule.set ?? {}).map(({ field, value, path: below }) =>
      compileSet(rule.name, field, compileValue(value, [...path, 'set', ...below], complaints)),
    ),
    ...leavesOf(rule.add ?? {}).map(({ field, value, path: below }) =>
      compileAdd(rule.name, field, compileValue(value, [...path, 'add', ...below], complaints)),
    ),
    ...compileRemovals(rule.name, rule.remove ?? {}, [...path, 'remove'], complaints),
  ];
  return {
    name: rule.name,
    stop: rule.stop === true,
    isAlways: isAlways(rule),
    ...(rule.when === undefined
      ? {}
      : { condition: compileCondition(rule.when, [...path, 'when'], complaints) }),
    isInForce: isAlways(rule) ? () => true : (draft) => isInForce(rule, draft),
    apply: (draft) => {
      for (const change of changes) change(draft);
    },
  };
}

function isAlways({ from, until }: Rule): boolean {
  return from === undefined && until === undefined;
}

/** Whether entries of a list of the configuration have last days. */
function haveEnds(value: RuleValue): boolean {
  return isConstant(value) && Array.isArray(value.constant) && value.constant.some(hasEnd);
}

function compileSet(rule: string, field: AgentField, value: RuleValue): Change {
  const list = isListField(field) ? field : undefined;
  const origin = (entries: unknown, path?: string): Origin => ({
    from: 'rule',
    rule,
    how: 'set',
    ...compact({
      path: path || undefined,
      entries: list === undefined ? undefined : (entries as unknown[]),
    }),
  });
  const given = (resolved: unknown) =>
    list === undefined ? resolved : withoutDoubles(list, resolved as unknown[]);
  // Stryker disable next-line ConditionalExpression,BlockStatement: it is only quicker
  if (isConstant(value) && !haveEnds(value)) {
    const constant = given(value.constant);
    const origins = [origin(constant)];
    return (draft) => put(draft, field, constant, origins);
  }
  return (draft) => {
    const { resolved, path, problems } = resolve(rule, field, value, draft);
    // A rule that finds no value leaves the field as it is.
    if (resolved !== undefined) {
      const set = given(field === 'skills' ? withoutEnded(resolved as unknown[], rule, draft) : resolved);
      put(draft, field, set, [origin(set, path)]);
    }
    for (const problem of problems) report(draft, field, problem, rule);
  };
}

function compileAdd(rule: string, field: AgentField, value: RuleValue): Change {
  const list = field as ListField;
  // Stryker disable next-line ConditionalExpression,BlockStatement: it is only quicker
  if (isConstant(value) && !haveEnds(value)) {
    const entries = value.constant as unknown[];
    const origin: Origin = { from: 'rule', rule, how: 'add', entries };
    return (draft) => extend(draft, list, entries, origin);
  }
  return (draft) => {
    const { resolved, path, problems } = resolve(rule, field, value, draft);
    const given = resolved as unknown[];
    const entries = field === 'skills' ? withoutEnded(given, rule, draft) : given;
    // Of skills that have ended the list remains, so that SmartAssist loses the last one, too.
    if (given.length > 0 && (entries.length > 0 || draft.agent[list] === undefined)) {
      extend(draft, list, entries, { from: 'rule', rule, how: 'add', ...(path ? { path } : {}), entries });
    }
    for (const problem of problems) report(draft, field, problem, rule);
  };
}

function compileRemovals(
  rule: string,
  removals: AgentRemovals,
  path: Problem['path'],
  complaints: Complaints,
): Change[] {
  const { custom, ...others } = removals;
  const own = Array.isArray(custom) ? custom.map((name) => ['custom', name].join('.')) : custom && ['custom'];
  return [
    ...leavesOf(others).map(({ field, value, path: below }) =>
      value === true
        ? compileClear(rule, field)
        : compileTakeAway(rule, field as ListField, compileValue(value, [...path, ...below], complaints)),
    ),
    // Stryker disable next-line ArrayDeclaration: what isn't there can't be taken away
    ...(own ?? []).map((field) => compileClear(rule, field)),
  ];
}

/** Takes a field away, or all those below a key: `chat` takes `chat.languages` and the rest. */
function compileClear(rule: string, key: string): Change {
  const origin: Origin = { from: 'rule', rule, how: 'remove' };
  return (draft) => {
    const known = new Set([...Object.keys(draft.agent), ...draft.problems.map(({ field }) => field)]);
    for (const field of known) if (isBelow(field, key)) clear(draft, field as AgentField, origin);
  };
}

/** Takes entries out of a list by name. */
function compileTakeAway(rule: string, field: ListField, value: RuleValue): Change {
  return (draft) => {
    const { resolved, problems } = resolve(rule, field, value, draft);
    for (const problem of problems) report(draft, field, problem, rule);
    const names = resolved as string[];
    takeAway(draft, field, namedBy(field, names), rule);
  };
}

function resolve(rule: string, field: AgentField, value: RuleValue, { person, warnings }: Draft) {
  const findings: Findings = { person, paths: [], problems: [], warnings: [] };
  const resolved = valueFor(value, findings);
  for (const warning of findings.warnings) {
    warnings.push({ field, message: `rule "${rule}": ${warning}; left out` });
  }
  return {
    resolved,
    path: findings.paths.join(', '),
    problems: findings.problems.map((problem) => `rule "${rule}": ${problem}`),
  };
}
