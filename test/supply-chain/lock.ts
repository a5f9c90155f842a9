import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A package as package-lock.json has it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** SPDX, as its author says it. */
  readonly license?: string;
  /** Only for work on the product: not in a bundle, not on a server. */
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  /** It came inside another package, under that one's digest. */
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

/** Every package of a lock file, beside the root. */
export function packagesOf(folder = '.'): Package[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8'));
  return Object.entries(packages as Record<string, Omit<Package, 'name'>>)
    .filter(([path]) => path !== '')
    .map(([path, each]) => ({ ...each, name: path.slice(path.lastIndexOf('node_modules/') + 13) }));
}

/** All dependencies that a package.json names, of whatever sort. */
export function dependenciesOf(folder = '.'): [string, string][] {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  return [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap((each) =>
    Object.entries((each ?? {}) as Record<string, string>),
  );
}
