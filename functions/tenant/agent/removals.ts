import * as z from 'zod';
import { AGENT_FIELDS, type FieldRow, type FieldTable } from '../../smartassist/fields.ts';
import { asRead, grouped } from './groups.ts';
import { customName, ENTRY_NAMES } from './value-kinds.ts';

/** What rules take away. */

export interface AgentRemovals {
  readonly [key: string]: unknown;
  readonly custom?: true | readonly string[] | undefined;
}

/** Taken away from what was there before: a field as a whole with true, entries of a list by name. */
export function agentRemovalsOf(fields: FieldTable): z.ZodType<AgentRemovals> {
  const removals = asRead(fields).flatMap((row): [string, z.ZodType][] =>
    row.key !== undefined && isRemovable(row) ? [[row.key, removalOf(row)]] : [],
  );
  const shape = grouped(
    removals,
    {
      chat: { description: 'true takes all about chat away.', examples: [true, { languages: ['de'] }] },
      voice: { description: 'true takes all about voice away.', examples: [true, { languages: ['de'] }] },
    },
    z.literal(true),
  );
  return z.strictObject({
    ...shape,
    custom: z
      .union([z.literal(true), z.array(customName)])
      .optional()
      .meta({
        description: 'Fields of your own to take away, by name; true: all of them.',
        examples: [['employeeId']],
      }),
  });
}

/** Without what only the person gives and every agent has to have, nothing is left to make an agent of. */
function isRemovable({ rule, required }: FieldRow): boolean {
  return rule !== undefined || required !== true;
}

function removalOf({ kind, what = '' }: FieldRow): z.ZodType {
  const list = ENTRY_NAMES[kind];
  return list === undefined
    ? z
        .literal(true)
        .optional()
        .meta({ description: `true takes ${what} away.`, examples: [true] })
    : z
        .union([z.literal(true), z.array(list.name)])
        .optional()
        .meta({
          description: `The ${what} to take away, by name; true: all of them.`,
          examples: [[list.example], true],
        });
}

export const agentRemovals = agentRemovalsOf(AGENT_FIELDS);
