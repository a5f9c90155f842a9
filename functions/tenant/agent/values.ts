import * as z from 'zod';
import { AGENT_FIELDS, type FieldTable } from '../../smartassist/fields.ts';
import type { Source } from '../text.ts';
import { asRead, grouped } from './groups.ts';
import { type CustomValue, customFields, customValue, ENTRY_NAMES, RULE_VALUES } from './value-kinds.ts';

/** What rules give: the fields of the table, by name. What is written is told apart where rules are compiled. */

export interface AgentValues {
  readonly [key: string]: unknown;
  readonly custom?: Readonly<Record<string, CustomValue | Source>> | undefined;
}

/** Replaces what was there before. */
export function agentValuesOf(fields: FieldTable): z.ZodType<AgentValues> {
  const values = valuesOf(fields, false);
  const shape = grouped(values, {
    chat: {
      description: 'The chat channel: languages and capacities.',
      examples: [{ languages: [{ language: 'en', proficiency: 'good' }], capacity: 3 }],
    },
    voice: {
      description: 'The voice channel: languages.',
      examples: [{ languages: [{ language: 'en', proficiency: 'good' }] }],
    },
  });
  return z.strictObject({ ...shape, custom: customFields(customValue, '4711').optional() });
}

/** Added to what was there before: the fields that are lists. */
function agentListsOf(fields: FieldTable): z.ZodType<AgentLists> {
  const values = valuesOf(fields, true);
  return z.strictObject(
    grouped(values, {
      chat: {
        description: 'Languages of chat.',
        examples: [{ languages: [{ language: 'de', proficiency: 'expert' }] }],
      },
      voice: {
        description: 'Languages of voice.',
        examples: [{ languages: [{ language: 'de', proficiency: 'expert' }] }],
      },
    }),
  );
}
export type AgentLists = Readonly<Record<string, unknown>>;

function valuesOf(fields: FieldTable, listsOnly: boolean): [string, z.ZodType][] {
  return asRead(fields).flatMap(({ kind, key, rule }): [string, z.ZodType][] => {
    const value = RULE_VALUES[kind];
    if (key === undefined || rule === undefined || value === undefined) return [];
    if (listsOnly && ENTRY_NAMES[kind] === undefined) return [];
    const words = { description: rule.about, examples: [...rule.examples] };
    // A group of lists holds one list: without it there is nothing to add.
    const isNeeded = listsOnly && key.includes('.');
    return [[key, (isNeeded ? value : value.optional()).meta(words)]];
  });
}

export const agentValues = agentValuesOf(AGENT_FIELDS);
export const agentLists = agentListsOf(AGENT_FIELDS);
