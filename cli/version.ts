import { readFileSync } from 'node:fs';

/** The version of this clone, as package.json says it. */
export function versionOfClone(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
