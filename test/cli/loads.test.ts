import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

/** What a file imports when it is loaded, types apart. */
function importsOf(file: string): string[] {
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\s+(?!type\b)[^;]*?from '([^']+)';/gm,
  );
  return [...statements].map(([, specifier = '']) => specifier);
}

/** The packages that loading a file loads, each with a file that asks for it. */
function packagesOf(entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const files = new Set([entry]);
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) files.add(normalize(join(dirname(file), specifier)));
      else packages.set(specifier, file);
    }
  }
  return packages;
}

const COMMANDS = globSync('cli/commands/**/*.ts');

it('imports are found', () => {
  expect(packagesOf('cli/commands/explain.ts').keys()).toContain('yaml');
  expect(packagesOf('functions/lambda/services.ts').keys()).toContain('@aws-sdk/client-secrets-manager');
});

it.each(COMMANDS)('%s loads no client of AWS before one is needed', (file) => {
  const asked = [...packagesOf(file)].filter(([name]) => name.startsWith('@aws-sdk/'));
  expect(asked).toEqual([]);
});
