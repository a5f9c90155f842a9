import { parse } from '@babel/parser';
import { describe, expect, it } from 'vitest';
import { bundle, modulesOf, type ProviderPart } from '../../infra/functions/bundle.ts';

interface Node extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly start: number;
}

interface Place {
  /** Whether an arrow function is between the node and what its `this` belongs to. */
  readonly inArrow: boolean;
  /** Whether its `this` belongs to a field, or to the constructor of a class that extends another. */
  readonly isOfClass: boolean;
}

const BEGIN: Place = { inArrow: false, isOfClass: false };

/** What esbuild would get wrong, as it is written. */
function wrongOf(code: string): string[] {
  const found: string[] = [];
  visit(parse(code, { sourceType: 'module' }).program as unknown as Node, BEGIN, false);
  return found;

  function visit(node: Node, place: Place, extendsAnother: boolean): void {
    const isWrong =
      (node.type === 'ThisExpression' && place.inArrow && place.isOfClass) ||
      ((node.type === 'Super' || node.type === 'MetaProperty') && place.inArrow && !isImportMeta(node));
    if (isWrong) found.push(code.slice(node.start, node.start + 60));
    const within = 'superClass' in node ? node.superClass !== null : extendsAnother;
    for (const [key, child] of childrenOf(node))
      visit(child, placeIn(node, key, place, extendsAnother), within);
  }
}

function placeIn(node: Node, key: string, place: Place, extendsAnother: boolean): Place {
  switch (node.type) {
    case 'ArrowFunctionExpression':
      return { ...place, inArrow: true };
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ObjectMethod':
      return key === 'key' ? place : BEGIN;
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      if (key === 'key') return place;
      return { inArrow: false, isOfClass: node.kind === 'constructor' && extendsAnother };
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return key === 'value' ? { inArrow: false, isOfClass: true } : place;
    case 'StaticBlock':
      return { inArrow: false, isOfClass: true };
    default:
      return place;
  }
}

const isImportMeta = ({ meta }: Node) => (meta as { name?: string } | undefined)?.name === 'import';

function* childrenOf(node: Node): Generator<[key: string, child: Node]> {
  for (const [key, value] of Object.entries(node)) {
    for (const each of [value].flat()) if (isNode(each)) yield [key, each];
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

const optionsOf = (entry: string, withoutProviderParts: readonly ProviderPart[], readsS3 = false) => ({
  entry: `functions/lambda/${entry}.ts`,
  withoutProviderParts,
  phoneNumbers: true,
  readsS3,
  sourceMaps: false,
});

/**
 * esbuild makes functions of arrow functions for code without classes. Of classes it gets three things wrong, without a
 * word: `this` in an arrow of the constructor of a class that extends another, which it reads before `super()`; `this` in an
 * arrow of a field or a static block, for which it leaves a name that stands for nothing; and `super` and `new.target` in any
 * arrow. The bundles whose arrow functions are made functions of have none of them.
 */
describe('arrow functions that become functions', { timeout: 60_000 }, () => {
  it.each(['webhook', 'drain', 'reconcile', 'console', 'signup'])(
    'are none that esbuild gets wrong, in %s',
    (entry) => {
      expect(modulesOf(optionsOf(entry, ['list'])).flatMap(wrongOf)).toEqual([]);
    },
  );

  it('are none that esbuild gets wrong, in scim', () => {
    expect(modulesOf(optionsOf('scim', [])).flatMap(wrongOf)).toEqual([]);
  });

  it('would be some of them where S3 is read, whose arrow functions stay as they are', () => {
    const found = modulesOf(optionsOf('sync', [], true)).flatMap(wrongOf);
    expect(found.length).toBeGreaterThan(0);
  });

  it('are all of the schema library, whichever function is built first', () => {
    const library = bundle(optionsOf('sync', [], true)).get('zod-library.js');
    expect(Buffer.from(library ?? '=>').includes('=>')).toBe(false);
  });

  it.each([
    ['a constructor', 'class A extends B { constructor() { super(); this.f = () => this.x; } }', 1],
    ['a field', 'class A { f = () => this.x; static { this.y = () => this.z; } #g = () => [() => this] }', 3],
    ['super', 'class A extends B { f() { return () => super.f(); } }', 1],
    ['new.target', 'function f() { return () => new.target; }', 1],
    ['none, in a method', 'class A extends B { constructor() { super(); } f() { return () => this.x; } }', 0],
    ['none, in a constructor of its own', 'class A { constructor() { this.f = () => this.x; } }', 0],
    ['none, in a function of a field', 'class A { f = () => { return function () { return this; }; }; }', 0],
    ['none, but for import.meta', 'export const f = () => import.meta.url;', 0],
  ])('are told: %s', (_, code, count) => {
    expect(wrongOf(code)).toHaveLength(count);
  });
});
