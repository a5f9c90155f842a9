import { isObject } from '../../scim-core/resource/resource.ts';
import { AGENT_FIELDS, type FieldRow } from '../../smartassist/fields.ts';
import type { AgentField } from './desired-agent.ts';

/** Keys of a rule under which fields are grouped: `chat`, `voice` and the tenant's own. */
const GROUPS: ReadonlySet<string> = new Set([
  ...Object.values<FieldRow>(AGENT_FIELDS).flatMap(({ key }) =>
    key?.includes('.') ? [key.split('.')[0] ?? ''] : [],
  ),
  'custom',
]);

export interface Leaf {
  readonly field: AgentField;
  readonly value: unknown;
  /** Keys below the object. */
  readonly path: readonly string[];
}

/** `{ chat: { capacity: 3 } }` → `chat.capacity: 3`: each leaf is a field that rules give and take by itself. */
export function leavesOf(values: object): Leaf[] {
  return Object.entries(values).flatMap(([key, value]): Leaf[] => {
    if (value === undefined) return [];
    if (!GROUPS.has(key) || !isObject(value)) return [{ field: key as AgentField, value, path: [key] }];
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([inner, leaf]) => ({ field: `${key}.${inner}` as AgentField, value: leaf, path: [key, inner] }));
  });
}

/** Whether a field is below a key of a rule: `chat.capacity` below `chat`. */
export function isBelow(field: string, key: string): boolean {
  return field === key || field.startsWith(`${key}.`);
}
