import { writeFileSync } from 'node:fs';
import { jsonSchema } from '../functions/tenant/json-schema.ts';

/** Where editors look for it: `# yaml-language-server: $schema=provisioner.schema.json`. */
export const JSON_SCHEMA_FILE = 'provisioner.schema.json';

/** The schema as the file has it. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;
}

// `npm run schema`
if (import.meta.main) writeFileSync(JSON_SCHEMA_FILE, jsonSchemaText());
