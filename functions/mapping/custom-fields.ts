import { once } from '../runtime/once.ts';
import { AGENT_FIELDS } from '../smartassist/fields.ts';
import { SERVER_FIELDS } from '../smartassist/payload.ts';
import type { Problem } from '../tenant/problem.ts';
import type { Complaints } from './complaints.ts';
import type { MappingConfiguration } from './configuration.ts';

/** The fields of the tenant's own that its mapping may give. */
export function customNamesOf({ agent, rules }: MappingConfiguration): string[] {
  const given = [agent.custom, ...rules.map(({ set }) => set?.custom)];
  return [...new Set(given.flatMap((names) => Object.keys(names ?? {})))];
}

/** Complains about fields of the tenant's own that SmartAssist or this product has already, in whatever case. */
export function checkCustomFields({ agent, rules }: MappingConfiguration, complaints: Complaints): void {
  const check = (names: object | undefined, path: Problem['path']) => {
    for (const name of Object.keys(names ?? {})) {
      const why = taken().get(name.toLowerCase());
      if (why !== undefined) complaints.add([...path, 'custom', name], why);
    }
  };
  check(agent.custom, ['agent']);
  for (const [index, { set }] of rules.entries()) check(set?.custom, ['rules', index, 'set']);
}

const taken = once(
  () =>
    new Map(
      [
        ...Object.keys(AGENT_FIELDS).map(
          (name) => [name, 'is a field that this product gives by itself'] as const,
        ),
        ...SERVER_FIELDS.map(
          (name) => [name, "is SmartAssist's own, which it never takes from outside"] as const,
        ),
      ].map(([name, why]) => [name.toLowerCase(), why]),
    ),
);
