import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { infrastructureProblems } from '../../functions/tenant/generation/infrastructure.ts';
import { DEPLOYED_MARK } from '../../functions/tenant/generation/mark.ts';
import { jsonSchema } from '../../functions/tenant/json-schema.ts';

/** A node of the schema, as far as values are made of it. */
interface Node {
  readonly [DEPLOYED_MARK]?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

const schema = jsonSchema() as Node & { readonly definitions?: Readonly<Record<string, Node>> };

/** Where a value stands in a configuration, with the node of the schema that is about it. */
interface Place {
  readonly path: readonly string[];
  readonly node: Node;
}

const KEY = 'one';

/** Every key that an object may have, to the bottom; of a record one entry. */
function* placesIn(node: Node, path: readonly string[]): Generator<Place> {
  const below = Object.entries(node.properties ?? {});
  if (typeof node.additionalProperties === 'object') below.push([KEY, node.additionalProperties]);
  for (const [key, each] of below) {
    yield { path: [...path, key], node: each };
    yield* placesIn(each, [...path, key]);
  }
}

/** A value with every key that there is; its leaves say `text`. */
function fullOf(node: Node, text: string): unknown {
  const entries = Object.entries(node.properties ?? {}).map(
    ([key, each]) => [key, fullOf(each, text)] as const,
  );
  if (typeof node.additionalProperties === 'object')
    entries.push([KEY, fullOf(node.additionalProperties, text)]);
  return entries.length === 0 ? text : Object.fromEntries(entries);
}

function withValue(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const before = value as Readonly<Record<string, unknown>>;
  if (rest.length > 0) return { ...before, [key]: withValue(before[key], rest, put) };
  const { [key]: _, ...others } = before;
  return put === undefined ? others : { ...others, [key]: put };
}

const places = [...placesIn(schema, [])];
const name = ({ path }: Place) => path.join('.');
const isLeaf = ({ node }: Place) => typeof fullOf(node, '') === 'string';
/** All keys; what reads sources is there already. */
const full = fullOf(schema, 'before') as Configuration;
const problemsOf = (next: unknown) => infrastructureProblems(full, next as Configuration);

const marked = places.filter(({ node }) => node[DEPLOYED_MARK] === 'value');
const keyed = places.filter(({ node }) => node[DEPLOYED_MARK] === 'keys');
const unmarked = places.filter((each) => isLeaf(each) && markOf(each) === undefined);
function markOf(each: Place): string | undefined {
  return each.node[DEPLOYED_MARK];
}

describe('what the schema marks as deployed', () => {
  it('is told from what it does not mark: there are keys of both kinds, and marks of no third', () => {
    expect(marked.length).toBeGreaterThan(4);
    expect(keyed.length).toBeGreaterThan(0);
    expect(unmarked.length).toBeGreaterThan(80);
    expect(new Set(places.map(markOf))).toEqual(new Set(['value', 'keys', undefined]));
  });

  it('stands where it is looked for: not below a list, a choice or a definition', () => {
    const marksIn = (text: string) => text.split(`"${DEPLOYED_MARK}"`).length - 1;
    expect(marked.length + keyed.length).toBe(marksIn(JSON.stringify(schema)));
  });

  it.each(marked.map((each) => [name(each), each] as const))(
    '%s is refused where it changes, comes or goes',
    (text, { path }) => {
      for (const put of ['after', undefined]) {
        const next = withValue(full, path, put);
        expect(problemsOf(next)).toEqual([{ path, message: `before → ${put ?? 'nothing'}: deploy first` }]);
      }
      const without = withValue(full, path, undefined) as Configuration;
      expect(infrastructureProblems(without, full).map(({ path: at }) => at.join('.'))).toEqual([text]);
    },
  );

  it.each(keyed.map((each) => [name(each), each] as const))(
    '%s is refused where a key comes or goes',
    (_, { path, node: below }) => {
      const entry = fullOf(below.additionalProperties as Node, 'before');
      const [problem] = problemsOf(withValue(full, [...path, 'two'], entry));
      expect(problem).toEqual({ path, message: 'one → one, two: deploy first' });
      expect(problemsOf(withValue(full, [...path, KEY], undefined))).toContainEqual({
        path,
        message: 'one → : deploy first',
      });
    },
  );

  it.each(unmarked.map((each) => [name(each), each] as const))(
    '%s, which it does not mark, is changed, put and taken away by a push',
    (_, { path }) => {
      expect(problemsOf(withValue(full, path, 'after'))).toEqual([]);
      expect(problemsOf(withValue(full, path, undefined))).toEqual([]);
      const without = withValue(full, path, undefined) as Configuration;
      expect(infrastructureProblems(without, full)).toEqual([]);
    },
  );

  it('goes with the first source that is read, whose function is not there before', () => {
    const path = ['tenants', KEY, 'sources', KEY, 'sync'];
    const without = withValue(full, path, undefined) as Configuration;
    expect(infrastructureProblems(without, full)).toEqual([
      { path, message: "the stack doesn't have the function that reads sources: deploy first" },
    ]);
    // What a function may read of S3, its role says.
    const file = { preset: 'file', fetch: { file: 's3://acme-hr/people.csv', content: 'full' }, sync: {} };
    const withFile = withValue(full, ['tenants', KEY, 'sources', 'hr'], file) as Configuration;
    expect(problemsOf(withFile)).toEqual([
      {
        path: ['tenants', KEY, 'sources', 'hr', 'fetch'],
        message: 'the functions may not read s3://acme-hr/people.csv yet: deploy first',
      },
    ]);
    expect(infrastructureProblems(withFile, withFile)).toEqual([]);
    // A second one is read by the same function.
    const second = withValue(full, ['tenants', KEY, 'sources', 'two'], { sync: {} });
    expect(problemsOf(second)).toEqual([]);
    expect(problemsOf(without)).toEqual([]);
  });
});
