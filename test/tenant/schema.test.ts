import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { JSON_SCHEMA_FILE, jsonSchemaText } from '../../cli/schema-file.ts';
import { jsonSchema } from '../../functions/tenant/json-schema.ts';

interface Node {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly definitions?: Readonly<Record<string, Node>>;
}

/** Every key of the schema by its path. */
function* keysOf(node: Node, path: string): Generator<[string, Node]> {
  for (const [key, below] of Object.entries(node.properties ?? {})) {
    yield [`${path}.${key}`, below];
    yield* keysOf(below, `${path}.${key}`);
  }
  if (typeof node.additionalProperties === 'object') yield* keysOf(node.additionalProperties, `${path}.*`);
  if (node.items !== undefined) yield* keysOf(node.items, `${path}[]`);
  for (const variant of node.anyOf ?? []) yield* keysOf(variant, path);
  for (const [name, definition] of Object.entries(node.definitions ?? {})) yield* keysOf(definition, name);
}

const schema: Node = jsonSchema();
const keys = [...keysOf(schema, '')];

describe('the schema for editors', () => {
  it('is the one that the repository ships: npm run schema writes it', () => {
    expect(readFileSync(JSON_SCHEMA_FILE, 'utf8')).toBe(jsonSchemaText());
  });

  it('knows every key of the configuration', () => {
    expect(keys.length).toBeGreaterThan(100);
    expect(keys.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        '.tenants',
        '.tenants.*.rules[].set.chat.messagingCapacity',
        '.tenants.*.rules[].remove.skills',
        '.tenants.*.agent.custom',
        '.tenants.*.wishes',
        'Source.otherwise',
        'Queue.preferred',
      ]),
    );
  });

  it('explains each key of the mapping, with an example', () => {
    const bare = keys.filter(([, { description, examples }]) => !description || !examples?.length);
    const ofMapping = /^(\.tenants\.\*\.(smartassist|lifecycle|provisionWhen|agent|rules|wishes)|[A-Z])/;
    expect(bare.map(([path]) => path).filter((path) => ofMapping.test(path))).toEqual([]);
  });

  it('takes what the repository ships, and not what is wrong', () => {
    const takes = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
    const files = ['provisioner.yaml', ...readdirSync('examples').map((file) => `examples/${file}`)];
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const { error } = takes.safeParse(parse(readFileSync(file, 'utf8')));
      expect(error?.issues ?? [], file).toEqual([]);
    }
    const smartassist = { host: 'platform.kore.ai', streamId: 'st-1', secret: 's' };
    const rule = (set: object) =>
      takes.safeParse({ tenants: { a: { smartassist, rules: [{ name: 'a', set }] } } }).success;
    expect(rule({ agentGroup: 'A' })).toBe(true);
    expect(rule({ agentGrup: 'A' })).toBe(false);
    expect(rule({ chat: { capacity: 16 } })).toBe(false);
    expect(rule({ skills: [{ skill: 'A', proficiency: 'great' }] })).toBe(false);
  });
});

it('the shipped configuration names it in its first line', () => {
  const [first] = readFileSync('provisioner.yaml', 'utf8').split('\n');
  expect(first).toBe(`# yaml-language-server: $schema=${JSON_SCHEMA_FILE}`);
});
