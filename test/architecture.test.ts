import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The rooms of functions/, from the bottom. A file imports from its own room and from rooms further down. Rooms on one
 * line are neighbours and know nothing of each other.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['scim-core', 'runtime'],
  ['directory'],
  ['smartassist'],
  ['tenant'],
  ['mapping'],
  ['provision'],
  ['events'],
  ['scim', 'webhook', 'signup', 'reconcile'],
  ['sources'],
  ['providers'],
  ['operate'],
  ['console'],
  ['lambda'],
];

const TOP_FOLDERS = ['functions', 'infra', 'local', 'cli', 'test'];
const SOURCES = TOP_FOLDERS.flatMap((folder) =>
  globSync(`${folder}/**/*.ts`, { exclude: ['**/node_modules/**'] }),
).map((file) => file.split(sep).join('/'));

interface Import {
  readonly from: string;
  readonly to: string;
}

const STATEMENT = /^\s*(?:import|export)\s+(?:type\s+)?[\w*{}\s,$]+?\s+from\s*(['"])([^'"]+)\1/gm;
/** `import './a.ts'` and `import('./a.ts')` */
const BARE = /\bimport\s*\(?\s*(['"])([^'"]+)\1/g;

/** Type-only imports count as well: a reader has to follow them, too. */
function specifiersIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [STATEMENT, BARE].flatMap((form) =>
    [...code.matchAll(form)].map(([, , specifier = '']) => specifier),
  );
}

const IMPORTS: readonly Import[] = SOURCES.flatMap((from) =>
  specifiersIn(readFileSync(from, 'utf8'))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({
      from,
      to: normalize(join(dirname(from), specifier))
        .split(sep)
        .join('/'),
    })),
);

/** The room of a file of functions/ and how far up it is; -1 for a room that has no place. */
function placeOf(file: string): { readonly room: string; readonly layer: number } {
  const [, room = ''] = file.split('/');
  return { room, layer: LAYERS.findIndex((rooms) => rooms.includes(room)) };
}

/** Why an import within functions/ points the wrong way, if it does. */
function faultOf({ from, to }: Import): string | undefined {
  const importer = placeOf(from);
  const imported = placeOf(to);
  if (importer.room === imported.room || imported.layer < importer.layer) return undefined;
  return `${from} imports ${to}, which is not below it`;
}

/** The files of a circle of imports, if there is one. */
function cycleIn(imports: readonly Import[]): string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const target of targets.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

const within = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
/** Where schemas are that a configuration is checked by, at synth and on one machine: they are in no bundle. */
const NEVER_ON_AWS = within('functions/tenant');

describe('imports', () => {
  it('are found at all, and lead to files that exist', () => {
    expect(IMPORTS.length).toBeGreaterThan(200);
    const code = `import type { A } from './a.ts';
      export * from "./b.ts";
      import {
        type C,
        c,
      } from './c.ts';
      export const from = './none.ts';
      await import('./d.ts');`;
    expect(specifiersIn(code)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts']);
    const files = new Set(SOURCES);
    const missing = IMPORTS.filter(({ to }) => /\.ts$/.test(to) && within('functions')(to) && !files.has(to));
    expect(missing).toEqual([]);
  });

  it('point downwards through the rooms of functions/', () => {
    const faults = IMPORTS.filter(({ from, to }) => within('functions')(from) && within('functions')(to))
      .map(faultOf)
      .filter((fault) => fault !== undefined);
    expect(faults).toEqual([]);
  });

  it('would be noticed if one pointed up or sideways', () => {
    const fault = (from: string, to: string) => faultOf({ from: `functions/${from}`, to: `functions/${to}` });
    expect(fault('scim-core/a.ts', 'mapping/b.ts')).toContain('not below');
    expect(fault('scim/a.ts', 'webhook/b.ts')).toContain('not below');
    expect(fault('scim-core/a.ts', 'runtime/b.ts')).toContain('not below');
    expect(fault('scim/a.ts', 'lambda/services.ts')).toContain('not below');
    expect(fault('events/a.ts', 'providers/b.ts')).toContain('not below');
    expect(fault('webhook/a.ts', 'providers/b.ts')).toContain('not below');
    expect(fault('lambda/scim.ts', 'scim/http/handler.ts')).toBeUndefined();
    expect(fault('mapping/a.ts', 'scim-core/b.ts')).toBeUndefined();
    expect(fault('mapping/a.ts', 'mapping/b.ts')).toBeUndefined();
  });

  it('never lead out of functions/: what runs on AWS has nothing of one machine or of a test in it', () => {
    const out = IMPORTS.filter(({ from, to }) => within('functions')(from) && !within('functions')(to));
    expect(out).toEqual([]);
  });

  it('never lead from what is shipped into a test', () => {
    const out = IMPORTS.filter(({ from, to }) => !within('test')(from) && within('test')(to));
    expect(out).toEqual([]);
  });

  it('go in no circle', () => {
    const shipped = IMPORTS.filter(({ from }) => !within('test')(from));
    expect(cycleIn(shipped)).toBeUndefined();
  });

  it('would be noticed if they went in one', () => {
    const of = (...pairs: [string, string][]) => cycleIn(pairs.map(([from, to]) => ({ from, to })));
    expect(of(['a', 'b'], ['b', 'c'], ['c', 'b'])).toEqual(['b', 'c', 'b']);
    expect(of(['a', 'a'])).toEqual(['a', 'a']);
    expect(of(['a', 'b'], ['a', 'c'], ['b', 'd'], ['c', 'd'])).toBeUndefined();
  });

  it('take all of zod as z, so that a bundle takes only what is used', () => {
    const wrong = SOURCES.filter((file) =>
      /import\s+(?!type\b)(?!\* as z\b)[^;]*?\bfrom\s+['"]zod(\/mini)?['"]/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong.filter((file) => file !== 'test/architecture.test.ts')).toEqual([]);
  });

  it('name what they use of zod: taken apart, the whole of it with all its languages is in the bundle', () => {
    const wrong = SOURCES.filter((file) => /\}\s*=\s*z;/.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('take the small zod where they run on AWS: the large one is 60 KB more, and the functions check little', () => {
    const users = SOURCES.filter((file) => within('functions')(file) && !NEVER_ON_AWS(file)).filter((file) =>
      /from\s+['"]zod['"]/.test(readFileSync(file, 'utf8')),
    );
    expect(users).toEqual([]);
  });
});

/** A constant of a module that is a schema, or that loads the rules of languages. */
const MADE_AT_START = /^(?:export )?const \w+(?:: [^=]+)? = (?:z\s*\.|new Intl\.)/m;

describe('modules', () => {
  it('make no schema while a function starts: each costs as much time as reading a file', () => {
    const early = SOURCES.filter((file) => within('functions')(file) && !NEVER_ON_AWS(file)).filter((file) =>
      MADE_AT_START.test(readFileSync(file, 'utf8')),
    );
    expect(early).toEqual([]);
  });

  it('would be noticed if one did', () => {
    expect('export const page = z.object({});').toMatch(MADE_AT_START);
    expect('const page: z.ZodType<Page> = z\n  .object({});').toMatch(MADE_AT_START);
    expect('const cutter = new Intl.Segmenter();').toMatch(MADE_AT_START);
    expect('const page = once(() => z.object({}));').not.toMatch(MADE_AT_START);
  });
});

/** What is called from outside the code: by Lambda, in the place of a library, or by the pages for operators. */
const CALLED_FROM_OUTSIDE = [
  within('functions/lambda'),
  within('infra/bundle-stubs'),
  within('functions/operate'),
  // A check by the compiler alone: the simulator's record has each field that is read.
  (each: string) => each === 'local/simulator/agents/record.ts: ReadFields',
];

const EXPORT =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type) ([\w$]+)/gm;

/** Exports whose name stands nowhere else in the code. Comments and what follows `//` are none. */
function deadExportsIn(files: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  const exported: { readonly file: string; readonly name: string }[] = [];
  for (const [file, text] of files) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?:^|\s)\/\/.*$/gm, '');
    for (const word of code.match(/[A-Za-z_$][\w$]*/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [, name = ''] of code.matchAll(EXPORT)) exported.push({ file, name });
  }
  return exported.filter(({ name }) => counts.get(name) === 1).map(({ file, name }) => `${file}: ${name}`);
}

describe('programs', () => {
  it('are TypeScript as Node reads it, those too that no test starts', () => {
    const unreadable = SOURCES.filter(
      (file) => file.startsWith('test/') && !file.endsWith('.test.ts'),
    ).flatMap((file) => {
      try {
        stripTypeScriptTypes(readFileSync(file, 'utf8'));
        return [];
      } catch (error) {
        return [`${file}: ${(error as Error).message}`];
      }
    });
    expect(unreadable).toEqual([]);
  });
});

describe('exports', () => {
  it('are used by something', () => {
    const files = new Map(SOURCES.map((file) => [file, readFileSync(file, 'utf8')]));
    const dead = deadExportsIn(files).filter(
      (each) => !within('test')(each) && !CALLED_FROM_OUTSIDE.some((isCalled) => isCalled(each)),
    );
    expect(dead).toEqual([]);
  });

  it('would be noticed if they were not', () => {
    const files = new Map([
      ['a.ts', 'export const used = 1;\nexport function dead() {}\nexport type Dead = string;'],
      ['b.ts', "import { used } from './a.ts'; // dead\n/** Dead */"],
    ]);
    expect(deadExportsIn(files)).toEqual(['a.ts: dead', 'a.ts: Dead']);
  });
});

/** How many members of objects are there on a condition by `...(a ? { b } : {})` or `...(a && { b })`. */
function conditionalSpreadsIn(text: string): number {
  const spreads = [...text.matchAll(/\.\.\.\(/g)].map(({ index }) => {
    let depth = 0;
    let end = index + 3;
    do {
      if ('([{'.includes(text.charAt(end))) depth += 1;
      if (')]}'.includes(text.charAt(end))) depth -= 1;
      end += 1;
    } while (depth > 0 && end < text.length);
    return text.slice(index + 4, end - 1).replace(/\s+/g, ' ');
  });
  return spreads.filter((spread) => /\? \{\}|: \{\}$|&& (\{|\w+\()/.test(spread)).length;
}

describe('members that may be missing', () => {
  it('are given by compact() for the most part: a spread on a condition is read twice', () => {
    const shipped = SOURCES.filter((file) => !within('test')(file));
    const spreads = shipped.reduce((sum, file) => sum + conditionalSpreadsIn(readFileSync(file, 'utf8')), 0);
    // What is left reads better so: several members on one condition, or a name that is computed. To be lowered only.
    expect(spreads).toBeLessThanOrEqual(70);
  });

  it('would be counted', () => {
    const code = `const a = { ...(b === undefined ? {} : { b }), ...(c && { c }), ...(d ? { d: f(1) } : {}),
      ...(e && conditionOf(e)) }; const f = [...(g ? [g] : []), ...(await h()), ...compact({ i })];`;
    expect(conditionalSpreadsIn(code)).toBe(4);
  });
});

describe('folders', () => {
  it('of functions/ are rooms that have a place', () => {
    const rooms = new Set(SOURCES.filter(within('functions')).map((file) => placeOf(file).room));
    expect([...rooms].filter((room) => !LAYERS.flat().includes(room))).toEqual([]);
  });

  it('are each in a place, and no place is empty', () => {
    const rooms = new Set(SOURCES.filter(within('functions')).map((file) => placeOf(file).room));
    expect(LAYERS.flat().filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('hold at most twenty files, so that a reader sees them at a glance', () => {
    const counts = new Map<string, number>();
    for (const file of SOURCES.filter((each) => !within('test')(each)))
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, files]) => files > 20)).toEqual([]);
  });

  it('are called by what is in them', () => {
    const names = SOURCES.flatMap((file) => file.split('/').slice(0, -1));
    expect(names.filter((name) => /^(utils?|helpers?|common|misc|shared|lib)$/i.test(name))).toEqual([]);
  });
});
