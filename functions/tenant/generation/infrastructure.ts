import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../configuration.ts';
import { objectsOf, type S3Object } from '../file-source.ts';
import { jsonSchema } from '../json-schema.ts';
import { type Problem, pathText } from '../problem.ts';
import { DEPLOYED_MARK } from './mark.ts';

/** The parts of JSON Schema that lead from a value down, and the mark of what infrastructure is made of. */
interface SchemaNode {
  readonly [DEPLOYED_MARK]?: 'value' | 'keys';
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
}

/** Whether a rule converts phone numbers to E.164: only then the bundles have the library that knows the world's numbering. */
export function convertsToE164(configuration: Configuration): boolean {
  return JSON.stringify(configuration).includes('"e164"');
}

/** Whether a source is read: only then there is the function that reads. */
export function readsSources(configuration: Configuration): boolean {
  return readOf(configuration) !== undefined;
}

/** Where the first source is that is read. */
function readOf({ tenants }: Configuration): Problem['path'] | undefined {
  for (const [tenant, { sources }] of Object.entries(tenants)) {
    for (const [name, { sync }] of Object.entries(sources)) {
      if (sync !== undefined) return ['tenants', tenant, 'sources', name, 'sync'];
    }
  }
  return undefined;
}

/** The topics that operators are told by: the schedule's function may publish to these and no other. */
export function notifiedTopics({ tenants }: Configuration): string[] {
  const topics = Object.values(tenants).flatMap(({ notify }) => notify?.topic ?? []);
  return [...new Set(topics)].sort();
}

/** The objects of S3 that sources are read from: the function that reads may read these and no other. */
export function sourceObjects(configuration: Configuration): S3Object[] {
  return placedObjects(configuration).map(({ object }) => object);
}

function placedObjects({ tenants }: Configuration) {
  return Object.entries(tenants).flatMap(([tenant, { sources }]) =>
    Object.entries(sources).flatMap(([name, settings]) =>
      objectsOf(settings).map((object) => ({
        object,
        path: ['tenants', tenant, 'sources', name, 'fetch'] as Problem['path'],
      })),
    ),
  );
}

/**
 * What differs between two configurations in what the infrastructure is made of: names of tenants, secrets, pools and
 * partners, as the schema marks them. Each needs a deployment.
 */
export function infrastructureProblems(deployed: Configuration, next: Configuration): Problem[] {
  const [before, after] = [markedIn(deployed), markedIn(next)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const problems = paths.flatMap((name): Problem[] => {
    const [had, has] = [before.get(name), after.get(name)];
    if (isDeepStrictEqual(had?.value, has?.value)) return [];
    const path = (has ?? had)?.path ?? [];
    return [{ path, message: `${wordsOf(had?.value)} → ${wordsOf(has?.value)}: deploy first` }];
  });
  if (convertsToE164(next) && !convertsToE164(deployed)) {
    const message = "the functions don't have the numbering of the world, which e164 takes: deploy first";
    problems.push({ path: ['tenants'], message });
  }
  const read = readOf(next);
  if (read !== undefined && !readsSources(deployed)) {
    problems.push({
      path: read,
      message: "the stack doesn't have the function that reads sources: deploy first",
    });
  }
  const granted = sourceObjects(deployed);
  for (const { object, path } of placedObjects(next)) {
    if (granted.some((each) => isDeepStrictEqual(each, object))) continue;
    const message = `the functions may not read s3://${object.bucket}/${object.key} yet: deploy first`;
    problems.push({ path, message });
  }
  return problems;
}

interface Marked {
  readonly path: Problem['path'];
  readonly value: unknown;
}

function markedIn(configuration: Configuration): Map<string, Marked> {
  const found = new Map<string, Marked>();
  const walk = (node: SchemaNode, value: unknown, path: Problem['path']): void => {
    if (value === undefined) return;
    const mark = node[DEPLOYED_MARK];
    if (mark === 'value') found.set(pathText(path), { path, value });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    if (mark === 'keys') found.set(pathText(path), { path, value: Object.keys(value).sort() });
    for (const [key, inner] of Object.entries(value)) {
      const below = node.properties?.[key] ?? node.additionalProperties;
      if (typeof below === 'object') walk(below, inner, [...path, key]);
    }
  };
  walk(jsonSchema(), configuration, []);
  return found;
}

function wordsOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
