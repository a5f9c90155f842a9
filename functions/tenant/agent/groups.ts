import * as z from 'zod';
import type { FieldRow, FieldTable } from '../../smartassist/fields.ts';

/** What an editor says about a group of fields. */
type Words = Readonly<Record<string, { readonly description: string; readonly examples: unknown[] }>>;

/** `chat.capacity` becomes `capacity` below `chat`: the keys of an object, with those of a group below the group's. */
export function grouped(
  fields: readonly (readonly [string, z.ZodType])[],
  words: Words,
  alternative?: z.ZodType,
): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  const groups = new Map<string, Record<string, z.ZodType>>();
  for (const [key, schema] of fields) {
    const [group = '', inner] = key.split('.');
    if (inner === undefined) {
      shape[key] = schema;
      continue;
    }
    const members = groups.get(group) ?? {};
    groups.set(group, members);
    members[inner] = schema;
    const object = z.strictObject({ ...members });
    const written = alternative === undefined ? object : z.union([alternative, object]);
    shape[group] = written.optional().meta(words[group] ?? { description: group, examples: [{}] });
  }
  return shape;
}

const NAMES = ['agentGroup', 'role', 'skills', 'queues'];

/** In the order in which a rule is best read, and its values are explained: names, channels, all else. */
export function asRead(fields: FieldTable): FieldRow[] {
  const place = ({ kind, key }: FieldRow) =>
    NAMES.includes(kind) ? NAMES.indexOf(kind) - 9 : key?.includes('.') ? 0 : 1;
  return Object.values(fields).toSorted((first, second) => place(first) - place(second));
}
