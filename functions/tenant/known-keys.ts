import * as z from 'zod';
import { configurationSchema } from './configuration.ts';
import type { Problem } from './problem.ts';

/** The parts of JSON Schema that lead from a value down to its keys. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that the object at a path of the configuration may have. */
export function knownKeys(path: Problem['path']): string[] {
  let nodes: SchemaNode[] = [z.toJSONSchema(configurationSchema, { io: 'input' }) as SchemaNode];
  for (const step of path) nodes = nodes.flatMap(alternatives).flatMap((node) => below(node, step));
  return nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {}));
}

function alternatives(node: SchemaNode): SchemaNode[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(alternatives);
}

function below(node: SchemaNode, step: string | number): SchemaNode[] {
  const found =
    typeof step === 'number' ? node.items : (node.properties?.[step] ?? node.additionalProperties);
  return typeof found === 'object' ? [found] : [];
}
