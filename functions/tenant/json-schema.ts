import * as z from 'zod';
import { once } from '../runtime/once.ts';
import { configurationSchema } from './configuration.ts';

/**
 * JSON Schema of provisioner.yaml, as an administrator writes it: an editor that has it completes keys, explains them and
 * marks what doesn't fit. Draft 7, which the language servers for YAML know best. Made once: it takes tens of milliseconds.
 */
export const jsonSchema = once((): Readonly<Record<string, unknown>> => {
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
});
