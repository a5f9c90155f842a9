import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, buildSync, type Metafile, type OutputFile } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

/** A file of a provider's folder: a row of the registry loads it when it is needed. */
export type ProviderPart = 'webhook' | 'api' | 'list' | 'subscription' | 'partner';

export interface BundleOptions {
  /** The module that exports `handler`, counted from the repository. */
  readonly entry: string;
  /** The parts of providers (`functions/providers/registry.ts`) that the function never loads, and so doesn't carry. */
  readonly withoutProviderParts: readonly ProviderPart[];
  /** Whether a rule converts phone numbers to E.164, and so needs the library that knows the world's numbering. */
  readonly phoneNumbers: boolean;
  /** Whether it reads from S3, whose client reads streams of events and needs its arrow functions as they are. */
  readonly readsS3: boolean;
  /** Source maps beside the code, which is the same to the byte with them. */
  readonly sourceMaps: boolean;
}

/** Files by their names. `index.js` is what Lambda loads; the others are loaded on demand. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

const bundles = new Map<string, Bundle>();

/**
 * A function's code, with every package that it uses: what its start needs in one file, and each module that is imported
 * on demand in one of its own, which a start neither reads nor compiles. Made once a process.
 */
export function bundle(options: BundleOptions): Bundle {
  const key = JSON.stringify(options);
  const made = bundles.get(key) ?? build(options);
  bundles.set(key, made);
  return made;
}

function build(options: BundleOptions): Bundle {
  return inFolder((folder) => {
    const out = join(folder, 'out');
    toCommonJs(split(options, folder), options, folder, out);
    return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
  });
}

/** The ES modules that a bundle is made of, as they were written but for their types. */
export function modulesOf(options: BundleOptions): string[] {
  return inFolder((folder) => {
    split(options, folder);
    const library = buildSync({ ...ZOD_LIBRARY, format: 'esm', write: false, outdir: folder });
    const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
    return [
      ...names.map((name) => readFileSync(join(folder, name), 'utf8')),
      ...library.outputFiles.map(({ text }) => text),
    ];
  });
}

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'provisioner-bundle-')));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const COMMON: BuildOptions = { bundle: true, platform: 'node', target: 'node24', logLevel: 'warning' };

/** Modules that are written here in the place of a package's: what they leave out is most of that package. */
const STUBS = './infra/bundle-stubs';

/** The schema library, a file of its own: `bundle-stubs/zod.ts`. As a pattern, since it isn't there before it is built. */
const ZOD_FILE = 'zod-library.js';
const ZOD_IMPORT = './zod-library.*';

/** The SDK imports it on demand for streams of events, which no call here has; the client of S3 does at once. */
const EVENT_STREAMS = '@smithy/core/event-streams';

const ZOD_LIBRARY = {
  ...COMMON,
  absWorkingDir: ROOT,
  entryPoints: { 'zod-library': `${STUBS}/zod-members.ts` },
} satisfies BuildOptions;

/** What is in no bundle. */
const externals = ({ withoutProviderParts, readsS3 }: BundleOptions) => [
  ...(readsS3 ? [] : [EVENT_STREAMS]),
  ZOD_IMPORT,
  ...withoutProviderParts.map((part) => `./*/${part}.ts`),
];

/** The ES modules that a function is split into, by the names of their files. */
interface Split {
  /** Those that a start loads and that modules on demand use as well. */
  readonly shared: readonly string[];
  readonly onDemand: readonly string[];
}

const START = 'start.js';

/** Writes a function into a folder as ES modules: `start.js`, and what it imports at once and on demand. */
function split(options: BundleOptions, folder: string): Split {
  const { outputFiles, metafile } = buildSync({
    ...COMMON,
    absWorkingDir: ROOT,
    entryPoints: { start: options.entry },
    splitting: true,
    format: 'esm',
    // Sources of packages as ES modules: what isn't used is left out.
    mainFields: ['module', 'main'],
    external: externals(options),
    alias: {
      '@aws-sdk/credential-provider-node': `${STUBS}/credentials.ts`,
      '@aws-sdk/endpoint-cache': `${STUBS}/endpoint-cache.ts`,
      'zod/mini': `${STUBS}/zod.ts`,
      'zod/v4/locales/en.js': `${STUBS}/zod-english.ts`,
      ...(options.phoneNumbers
        ? {}
        : {
            'libphonenumber-js/core': `${STUBS}/phone-numbers.ts`,
            'libphonenumber-js/min/metadata': `${STUBS}/phone-numbers.ts`,
          }),
    },
    // What the stub of zod lacks.
    logOverride: { 'import-is-undefined': 'error' },
    // For the second pass; without one it comes to the same code in less time.
    sourcemap: options.sourceMaps ? 'linked' : false,
    metafile: true,
    outdir: folder,
    write: false,
  });
  const modules = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const importsOf = (name: string) => modules.get(name)?.imports.filter(({ external }) => !external) ?? [];
  const atOnce = reach(START, (name) => importsOf(name).filter(({ kind }) => kind !== 'dynamic-import'));
  const onDemand = reach(START, importsOf).difference(atOnce);
  const wanted = new Set([...onDemand].flatMap((name) => importsOf(name).map(({ path }) => basename(path))));
  const names = readableNames(modules);
  const renamed = (text: string) =>
    text
      .replaceAll(/[\w-]+-[A-Z\d]{8}\.js\b/g, (name) => names.get(name) ?? name)
      // esbuild looks for a require() of its own in ES modules.
      .replaceAll(`__require("./${ZOD_FILE}")`, `require("./${ZOD_FILE}")`);
  for (const { path, text } of outputFiles)
    writeFileSync(join(folder, renamed(basename(path))), renamed(text));
  return {
    shared: [...atOnce.intersection(wanted)].map(renamed).toSorted(),
    onDemand: [...onDemand].map(renamed).toSorted(),
  };
}

/** The files that a file leads to by imports, itself included. */
function reach(from: string, imports: (name: string) => readonly { readonly path: string }[]): Set<string> {
  const reached = new Set([from]);
  for (const name of reached) for (const { path } of imports(name)) reached.add(basename(path));
  return reached;
}

/**
 * Names for files that esbuild calls by a digest, which follows from the place of the build as well: a module on demand
 * is named as its source, with the folder; what several share is counted.
 */
function readableNames(modules: ReadonlyMap<string, Module>): Map<string, string> {
  const digests = [...modules].filter(([name]) => name.endsWith('.js') && name !== START);
  const sorted = digests.toSorted(([, a], [, b]) => (sourcesOf(a) < sourcesOf(b) ? -1 : 1));
  let shared = 0;
  return new Map(
    sorted.map(([name, { entryPoint }]) => {
      const source = entryPoint
        ?.replace(/\.\w+$/, '')
        .split('/')
        .slice(-2)
        .join('-');
      return [name, `${source ?? `shared-${++shared}`}.js`];
    }),
  );
}

type Module = Metafile['outputs'][string];

const sourcesOf = ({ inputs }: Module) => Object.keys(inputs).join();

/**
 * esbuild splits ES modules alone. As such the functions would start 25 ms later, because an import of node:http loads
 * all of fetch; so a second pass makes CommonJS of them, with all that a start needs in one file.
 */
function toCommonJs({ shared, onDemand }: Split, options: BundleOptions, folder: string, out: string): void {
  const common: BuildOptions = {
    ...COMMON,
    absWorkingDir: folder,
    format: 'cjs',
    minify: true,
    sourcemap: options.sourceMaps ? 'external' : false,
    supported: supportedWith({ arrows: options.readsS3 }),
    external: ['./index.js', ...onDemand.map((name) => `./${name}`), ...externals(options)],
  };
  const parts = shared.map((name, index) => `export * as shared${index} from './${name}';`);
  const contents = [`export { handler } from './${START}';`, ...parts].join('\n');
  buildSync({ ...common, stdin: { contents, resolveDir: folder }, outfile: join(out, 'index.js') });
  // What the others share with the first file they have from there: no module is loaded twice.
  shared.forEach((name, index) => {
    writeFileSync(join(folder, name), `module.exports = require('./index.js').shared${index};`);
  });
  buildSync({ ...common, entryPoints: [...onDemand], outdir: out });
  if (usesZod(out)) for (const { path, contents } of zodLibrary(common, out)) writeFileSync(path, contents);
}

/**
 * import() becomes require(), which needs no second loader, and an arrow function a `function`: V8 parses the body of
 * `() => value` in full when it reads what is around it, that of a `function` when it is called.
 *
 * @param arrows whether arrow functions stay: in classes as the client of S3 has them esbuild makes something else of them
 *   (test/infra/arrows.test.ts)
 */
function supportedWith({ arrows }: { readonly arrows: boolean }): Record<string, boolean> {
  return { 'dynamic-import': false, arrow: arrows };
}

const zodLibraries = new Map<BuildOptions['sourcemap'], OutputFile[]>();

/** The same for every function, but for its place: made once a process, with source maps and without. */
function zodLibrary(
  common: BuildOptions,
  out: string,
): { readonly path: string; readonly contents: Uint8Array }[] {
  const library = zodLibraries.get(common.sourcemap) ?? buildZodLibrary(common, out);
  zodLibraries.set(common.sourcemap, library);
  return library.map(({ path, contents }) => ({ path: join(out, basename(path)), contents }));
}

function buildZodLibrary(common: BuildOptions, out: string): OutputFile[] {
  const supported = supportedWith({ arrows: false });
  return buildSync({ ...common, ...ZOD_LIBRARY, supported, outdir: out, write: false }).outputFiles;
}

const usesZod = (out: string) =>
  readdirSync(out).some((name) => readFileSync(join(out, name), 'utf8').includes(`require("./${ZOD_FILE}")`));
