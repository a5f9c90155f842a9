import * as z from 'zod';
import { AGENT_FIELDS, type FieldRow, type FieldTable, type PathField } from '../../smartassist/fields.ts';
import { agentSource, type Source } from '../text.ts';
import { customFields } from './value-kinds.ts';

/** The `agent` section of a tenant: fields that come from the person's own attributes. */
export type AgentPaths = { readonly [Field in PathField]?: Source | undefined } & {
  readonly custom?: Readonly<Record<string, Source>> | undefined;
};

function pathsOf(fields: FieldTable): z.ZodType<AgentPaths> {
  const shape = Object.values(fields).flatMap((row): [string, z.ZodType][] =>
    row.key === undefined || row.person === undefined ? [] : [[row.key, pathOf(row, row.person)]],
  );
  const own = customFields(agentSource, 'employeeNumber').optional();
  return z.strictObject({ ...Object.fromEntries(shape), custom: own });
}

function pathOf(
  { what }: FieldRow,
  { default: given, examples }: NonNullable<FieldRow['person']>,
): z.ZodType {
  const path = given === undefined ? agentSource.optional() : agentSource.prefault(given as string);
  return path.meta({
    description: `Where ${what} comes from: a SCIM path, several with | between, a template, or { from, as, map … }.`,
    examples: [...examples],
  });
}

export const paths = pathsOf(AGENT_FIELDS).prefault({});
