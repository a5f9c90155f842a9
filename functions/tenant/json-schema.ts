import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { configurationSchema } from './configuration.ts';

/** Where editors look for it: `# yaml-language-server: $schema=provisioner.schema.json`. */
export const JSON_SCHEMA_FILE = 'provisioner.schema.json';

/**
 * JSON Schema of provisioner.yaml, as an administrator writes it: an editor that has it completes keys, explains them and
 * marks what doesn't fit. Draft 7, which the language servers for YAML know best.
 */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configurationSchema, {
    io: 'input',
    target: 'draft-07',
    override: ({ zodSchema, jsonSchema: node }) => {
      // zod leaves the examples of what it transforms out; ours are as an administrator writes them.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) node.examples = examples;
    },
  });
  return {
    title: 'Agent Provisioner',
    description: 'Who becomes an agent, and what the agent looks like.',
    ...schema,
  };
}

/** The schema as the file has it. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;
}

// `npm run schema`
if (import.meta.main) writeFileSync(JSON_SCHEMA_FILE, jsonSchemaText());
