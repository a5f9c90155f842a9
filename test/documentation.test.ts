import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../functions/mapping/load.ts';

const FILES = [
  'README.md',
  'docs/architecture.md',
  'docs/commands.md',
  'docs/contributing.md',
  'docs/entra.md',
  'docs/okta.md',
  'docs/operating.md',
  ...globSync('docs/runbooks/*.md').toSorted(),
];

/** The code blocks of a language. */
const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, block = '']) => block,
  );

/** The headings of a file as links name them. */
const headingsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('shows configurations that are good', () => {
    for (const block of blocksOf(text, 'yaml')) expect(() => loadConfiguration(block, file)).not.toThrow();
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links to files and headings that there are', () => {
    const links = [...text.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      return !existsSync(target) || (heading !== undefined && !headingsOf(target).includes(heading));
    });
    expect(broken).toEqual([]);
  });

  it('names files and folders that there are', () => {
    const named = [...text.matchAll(/`((?:functions|infra|local|test)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});

it('README.md has every variable of the environment, and no other', () => {
  const rows = [...readFileSync('README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
    ([, name]) => name,
  );
  const read = [...readFileSync('local/environment.ts', 'utf8').matchAll(/^ {2}([A-Z_]+): (?!')/gm)].map(
    ([, name]) => name,
  );
  expect(rows.toSorted()).toEqual(read.toSorted());
});
