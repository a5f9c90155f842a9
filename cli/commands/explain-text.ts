import type { Clause } from '../../functions/mapping/rules/clauses.ts';
import type { LiveAgent } from '../../functions/operate/people/live-agent.ts';
import type { Scope } from '../../functions/operate/people/scope.ts';
import { valueText } from '../output.ts';

/** `provisionWhen` clause by clause, and the conditions of rules that don't hold. */
export function scopeLines({ provisionWhen, rules }: Scope): string[] {
  const failing = rules.filter(({ when }) => !when.holds);
  return [
    'provisionWhen:',
    ...clauseLines(provisionWhen, 1),
    ...failing.flatMap(({ name, when }) => [`rule ${name} is not for this person:`, ...clauseLines(when, 1)]),
  ];
}

function clauseLines({ text, holds, has, parts = [] }: Clause, level: number): string[] {
  const person = has === undefined ? '' : `  (${has.length === 0 ? 'has none' : `has ${valueText(has)}`})`;
  return [
    `${'  '.repeat(level)}${holds ? '✓' : '✗'} ${text}${person}`,
    ...parts.flatMap((part) => clauseLines(part, level + 1)),
  ];
}

/** Which source decides what. */
export function authorityLines({ authority }: Scope): string[] {
  const { inService, outBy, attributes, chosen } = authority;
  return [
    `in service is decided by ${inService.join(', ')}${outBy.length === 0 ? '' : `; out of it by ${outBy.join(', ')}`}`,
    ...Object.entries(chosen).map(([attribute, source]) => `${attribute} first from ${source}`),
    `attributes from the first that has a value of ${attributes.join(', ')}`,
  ];
}

/** What SmartAssist has beside what it should have. */
export function liveLines({ agentId, fields, updatedAt, lastOnlineAt, isNew }: LiveAgent): string[] {
  if (agentId === undefined) return ['no agent'];
  const times = [
    ...(updatedAt === undefined ? [] : [`changed at ${updatedAt}`]),
    ...(lastOnlineAt === undefined ? [] : [`online last at ${lastOnlineAt}`]),
    ...(isNew === true ? ['never online yet'] : []),
  ];
  return [
    [agentId, ...times].join(', '),
    ...fields.map(({ field, ours, theirs, differs, isTheirs }) =>
      differs
        ? `✗ ${field}: ${theirs}, and should be ${ours}`
        : `✓ ${field}: ${theirs}${isTheirs === true ? " (SmartAssist's since the agent was made)" : ''}`,
    ),
    ...(fields.length === 0 ? ['nothing to compare it with: see the problems above'] : []),
  ];
}
