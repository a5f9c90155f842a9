import { describe, expect, it } from 'vitest';
import { isAllowed } from './licenses.ts';
import { dependenciesOf, packagesOf } from './lock.ts';

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
