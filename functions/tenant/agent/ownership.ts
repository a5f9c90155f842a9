import * as z from 'zod';
import { AGENT_FIELDS, type FieldRow, isSetAtCreationOnly } from '../../smartassist/fields.ts';
import { asRead, grouped } from './groups.ts';

/** Who a person is to SmartAssist is the mapping's for good. */
const ALWAYS_OURS: readonly string[] = ['email', 'customId'];

function ownershipOf(row: FieldRow): [string, z.ZodType][] {
  const { key, kind, what } = row;
  if (key === undefined || ALWAYS_OURS.includes(kind) || isSetAtCreationOnly(row)) return [];
  const schema = z
    .enum(['always', 'initial'])
    .optional()
    .meta({
      description: `Whose ${what} is: always, the mapping's; initial, SmartAssist's once the agent is made.`,
      examples: ['initial'],
    });
  return [[key, schema]];
}

/** The `ownership` section of a tenant: by field, whether an edit in SmartAssist stays. */
export const ownership: z.ZodType<Readonly<Record<string, unknown>> | undefined> = z
  .strictObject(
    grouped(asRead(AGENT_FIELDS).flatMap(ownershipOf), {
      chat: { description: 'Of the fields of chat.', examples: [{ languages: 'initial' }] },
      voice: { description: 'Of the fields of voice.', examples: [{ languages: 'initial' }] },
    }),
  )
  .optional()
  .meta({
    description:
      "By field: always (without it), the mapping's value is kept; initial, it is given when the agent is made, and what a supervisor makes of it in SmartAssist stays.",
    examples: [{ skills: 'initial' }],
  });
