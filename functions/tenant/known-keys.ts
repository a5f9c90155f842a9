import { jsonSchema } from './json-schema.ts';
import type { Problem } from './problem.ts';

/** The parts of JSON Schema that lead from a value down to its keys. */
interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/** The keys that the object at a path of the configuration may have. */
export function knownKeys(path: Problem['path']): string[] {
  return [...new Set(nodesAt(path).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** Whether a list, and nothing else, may stand at a path of the configuration. */
export function isList(path: Problem['path']): boolean {
  const types = nodesAt(path).flatMap(({ type }) => type ?? []);
  return types.length > 0 && types.every((type) => type === 'array');
}

/** What the schema has at a path, each way in which the value may be written. */
function nodesAt(path: Problem['path']): SchemaNode[] {
  const schema: SchemaNode = jsonSchema();
  const variants = (node: SchemaNode): SchemaNode[] => {
    const inner = [...(node.anyOf ?? []), ...(node.allOf ?? [])];
    const named =
      node.$ref === undefined ? undefined : schema.definitions?.[node.$ref.replace('#/definitions/', '')];
    return [node, ...inner.flatMap(variants), ...(named === undefined ? [] : variants(named))];
  };
  let nodes: SchemaNode[] = [schema];
  for (const step of path) nodes = nodes.flatMap(variants).flatMap((node) => below(node, step));
  return nodes.flatMap(variants);
}

function below(node: SchemaNode, step: string | number): SchemaNode[] {
  const found =
    typeof step === 'number' ? node.items : (node.properties?.[step] ?? node.additionalProperties);
  return typeof found === 'object' ? [found] : [];
}
