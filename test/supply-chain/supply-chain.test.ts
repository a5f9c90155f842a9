import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { isAllowed } from './licenses.ts';
import { dependenciesOf, packagesOf } from './lock.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Folders with a package.json of their own. */
const FOLDERS = ['.', 'test/bench/scimmy', 'test/lambda/ric'];

const REGISTRY = 'https://registry.npmjs.org/';

describe('licences', () => {
  it('of everything that is in the product are allowed', () => {
    const shipped = packagesOf().filter(({ dev }) => dev !== true);
    expect(shipped.length).toBeGreaterThan(20);
    expect(shipped.filter(({ license }) => !isAllowed(license))).toEqual([]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE', false],
    ['(MIT AND (GPL-3.0-only OR ISC))', false],
    [undefined, false],
  ])('%s: %s', (license, allowed) => {
    expect(isAllowed(license)).toBe(allowed);
  });
});

describe.each(FOLDERS)('the packages of %s', (folder) => {
  it('are named by exact versions', () => {
    const dependencies = dependenciesOf(folder);
    expect(dependencies.length).toBeGreaterThan(0);
    expect(dependencies.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('come from the registry, with a digest', () => {
    const strange = packagesOf(folder).filter(
      ({ inBundle, resolved, integrity }) =>
        inBundle !== true &&
        // Without an address it is the registry's.
        (!(resolved ?? REGISTRY).startsWith(REGISTRY) || !integrity?.startsWith('sha512-')),
    );
    expect(strange.map(({ name }) => name)).toEqual([]);
  });
});

describe('an install', () => {
  it('needs to run no script: the one that there is makes a start of esbuild faster', () => {
    const withScript = packagesOf().filter(({ hasInstallScript }) => hasInstallScript === true);
    expect(withScript.map(({ name, dev }) => ({ name, dev }))).toEqual([{ name: 'esbuild', dev: true }]);
  });
});

/** SHA-256 of `bin/node` in the packages that npm installs, by platform: version 24.21.0. */
const NODE = {
  'linux-x64': '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  'linux-arm64': '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
} as const;
const platform = `${process.platform}-${process.arch}`;

describe('the Node that npm ci brings', () => {
  it.runIf(platform in NODE)('is the one whose digest is known', async () => {
    const binary = createReadStream(join(ROOT, `node_modules/node-${platform}/bin/node`));
    const digest = await pipeline(binary, createHash('sha256').setEncoding('hex'), text);
    expect(digest).toBe(NODE[platform as keyof typeof NODE]);
  });

  it('is one version, in every place that names it', () => {
    const named = dependenciesOf().filter(([name]) => name.startsWith('node-linux-'));
    expect(named.map(([name]) => name.replace('node-', '')).toSorted()).toEqual(Object.keys(NODE).toSorted());
    const version = readFileSync(join(ROOT, '.node-version'), 'utf8').trim();
    expect(new Set([...named.map(([, each]) => each), version]).size).toBe(1);
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  it('agrees with LICENSE that no licence is chosen, and can not be published by mistake', () => {
    expect(manifest).toMatchObject({ license: 'UNLICENSED', private: true });
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toMatch(
      /All rights reserved[\s\S]+No licence has been chosen/,
    );
  });

  it('has the version that CHANGELOG.md began', () => {
    const [, begun] =
      /^The beginning of (\S+)\.$/m.exec(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')) ?? [];
    const [, released] = /^## \[(\d\S*)\]/m.exec(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')) ?? [];
    expect([begun, released]).toContain(manifest.version);
  });
});
