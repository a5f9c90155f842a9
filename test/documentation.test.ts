import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../functions/mapping/load.ts';
import { PROVIDERS } from '../functions/providers/registry.ts';
import { wordsOfBefore } from './comments.ts';

const posix = (file: string) => file.replaceAll('\\', '/');
/** Every page that is written by hand. */
const FILES = ['*.md', 'docs/**/*.md', 'test/*.md', '.github/**/*.md']
  .flatMap((pattern) => globSync(pattern))
  .map(posix)
  .toSorted();

const read = (file: string) => readFileSync(file, 'utf8');

/** The code blocks of a language. */
const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, block = '']) => block,
  );

/** The headings of a file as links name them. */
const headingsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

/** Paths of the repository that a text names as code. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:functions|infra|local|test|cli|docs|examples|\.github|\.ci)\/[^`\s]*)`/g)].map(
    ([, path = '']) => path,
  );

/** Pages that show parts of a configuration; those of the mapping are run by a test of their own. */
const IN_PARTS = /^docs\/(mapping|sources|sources\/.+)\.md$/;

/** Pages whose paths are a list of what there was. */
const OF_THE_PAST = ['docs/glossary.md', 'CHANGELOG.md'];

describe.each(FILES)('%s', (file) => {
  const text = read(file);

  it.skipIf(IN_PARTS.test(file))('shows configurations that are good', () => {
    for (const block of blocksOf(text, 'yaml')) expect(() => loadConfiguration(block, file)).not.toThrow();
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links to files and headings that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      return !existsSync(target) || (heading !== undefined && !headingsOf(target).includes(heading));
    });
    expect(broken).toEqual([]);
  });

  it.skipIf(OF_THE_PAST.includes(file))('names files and folders that there are', () => {
    expect(pathsIn(text).filter((path) => globSync(path).length === 0)).toEqual([]);
  });

  it('calls the command so that npm fetches no package of its name', () => {
    expect(text).not.toMatch(/npx (?!--no -- )[^`\n]*agent-provisioner/);
  });
});

it('paths and links would be noticed that lead nowhere', () => {
  expect(pathsIn('`cli/none.ts`, `functions/none/` and `infra/app.ts`')).toEqual([
    'cli/none.ts',
    'functions/none/',
    'infra/app.ts',
  ]);
  expect(headingsOf('README.md')).toContain('see-it-work');
});

it('README.md has every variable of the environment, and no other', () => {
  const rows = [...read('README.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  const variables = [...read('local/environment.ts').matchAll(/^ {2}([A-Z_]+): (?!')/gm)].map(
    ([, name]) => name,
  );
  expect(rows.toSorted()).toEqual(variables.toSorted());
});

describe('every folder', () => {
  const rooms = globSync('functions/*/').map((folder) => `${posix(folder)}/`);

  it('of functions/ is in the table of docs/contributing.md', () => {
    expect(rooms.length).toBeGreaterThan(10);
    const table = read('docs/contributing.md');
    expect(rooms.filter((room) => !table.includes(`\`${room}\``))).toEqual([]);
  });

  it('of functions/ is in the picture of docs/architecture.md', () => {
    const [picture = ''] = blocksOf(read('docs/architecture.md'), 'mermaid');
    const missing = rooms.filter((room) => !new RegExp(`["· ]${room.split('/')[1]}[ <]`).test(picture));
    expect(missing).toEqual([]);
  });
});

/** What README's table calls a preset whose name is not in it. */
const NAMES: Readonly<Record<string, string>> = {
  'okta-event-hook': 'Okta event hooks',
  'entra-graph': 'Microsoft Graph',
  'google-workspace': 'Google Workspace',
  'ory-polis': 'Ory Polis',
  'standard-webhooks': 'Standard Webhooks',
  'security-events': 'SCIM events (RFC 9967)',
  hmac: 'any HMAC by a descriptor',
  json: 'JSON with basic authentication',
};

describe('every provider', () => {
  const presets = Object.keys(PROVIDERS);

  it('has a row in docs/sources.md, and no row is of one that there is not', () => {
    const rows = [
      ...read('docs/sources.md').matchAll(/^\| (?=\[?`)([^|]+) \|[^|]*\|[^|]*\| (?:signed|caller|url)/gm),
    ];
    const named = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
    expect(named.toSorted()).toEqual(presets.toSorted());
  });

  it("is in README's table of ways in", () => {
    const text = read('README.md');
    const section = text.slice(text.indexOf('## Every way in'), text.indexOf('## What it costs'));
    const table = section.toLowerCase();
    const missing = presets.filter((preset) => !table.includes((NAMES[preset] ?? preset).toLowerCase()));
    expect(missing).toEqual([]);
  });
});

describe('docs/glossary.md', () => {
  const glossary = read('docs/glossary.md');
  const { words, identifiers } = wordsOfBefore(glossary);

  /** Where a word of before stands with reason: a sentence about the name itself. */
  const ALLOWED: readonly RegExp[] = [
    /are called \*census\*/,
    // A page of Okta's own.
    /\*Dashboard → Tasks\*/,
  ];

  const prose = (text: string) =>
    text
      .replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
      .replaceAll(/`[^`\n]*`/g, '')
      .replaceAll(/\]\([^)]*\)/g, ']');
  const wordsIn = (text: string): string[] =>
    prose(text)
      .split('\n')
      .filter((line) => !ALLOWED.some((allowed) => allowed.test(line)))
      .flatMap((line) => line.toLowerCase().match(/[a-z]+/g) ?? [])
      .filter((word) => words.includes(word));

  it('has words of before', () => {
    expect(words.length).toBeGreaterThan(3);
    expect(identifiers.length).toBeGreaterThan(20);
    expect(wordsIn('a nightly census, `census`')).toEqual(['census']);
    expect(identifiersIn('const World = 1; // Hands\ncall("Knock")')).toEqual(['World']);
  });

  it.each(FILES.filter((file) => !OF_THE_PAST.includes(file)))('%s uses none of them', (file) => {
    expect(wordsIn(read(file))).toEqual([]);
  });

  /** Names in code: no comment, no text. */
  function identifiersIn(text: string): string[] {
    const code = text
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/\/\/.*$/gm, '')
      .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
    return [...new Set(code.match(/[A-Za-z_$][\w$]*/g))].filter((name) => identifiers.includes(name));
  }

  it('names nothing in functions/ by a word of before', () => {
    const found = globSync('functions/**/*.ts').flatMap((file) =>
      identifiersIn(read(file)).map((name) => `${posix(file)}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('explains each word once', () => {
    const rows = [...glossary.matchAll(/^\| \*\*([^*]+)\*\*/gm)].map(([, word]) => word);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(20);
  });
});
