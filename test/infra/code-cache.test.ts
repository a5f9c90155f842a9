import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../infra/functions/bundle.ts';
import { digestOf, withCodeCache } from '../../infra/functions/code-cache/code-cache.ts';
import { environmentOf } from './environment.ts';

const OPTIONS = {
  entry: 'functions/lambda/drain.ts',
  withoutProviderParts: ['webhook', 'list', 'subscription', 'partner'],
  readsS3: false,
  phoneNumbers: false,
  sourceMaps: false,
} as const;

let code: Bundle;
let cached: Bundle;
beforeAll(() => {
  code = bundle(OPTIONS);
  cached = withCodeCache(code);
}, 60_000);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function unpacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'provisioner-cached-'));
  folders.push(folder);
  for (const [name, contents] of cached) writeFileSync(join(folder, name), contents);
  return folder;
}

const SAY = `
  const { handler } = require(process.argv[1] + '/index.js');
  const word = globalThis[Symbol.for('agent-provisioner.code-cache')];
  process.stdout.write(typeof handler + ' ' + word, () => process.exit(0));
`;

/** Loads a function in a fresh process, as the runtime starts one. */
function loaded(
  folder: string,
  flags: readonly string[] = ['--expose-gc', '--max-old-space-size=460'],
): string {
  const options = { env: environmentOf(folder), encoding: 'utf8' } as const;
  return execFileSync(process.execPath, [...flags, '-e', SAY, folder], options);
}

describe("V8's code cache of a function", { timeout: 60_000 }, () => {
  it('is used as it was made', () => {
    expect(loaded(unpacked())).toBe('function undefined');
  });

  it.each([
    ['cut short', 'digest', (folder: string) => truncateSync(join(folder, 'start.cache'), 1_000)],
    [
      'changed',
      'digest',
      (folder: string) => writeFileSync(join(folder, 'start.cache'), 'x', { flag: 'r+' }),
    ],
    ['gone', 'missing', (folder: string) => unlinkSync(join(folder, 'start.cache'))],
    [
      'of another V8',
      'version',
      (folder: string) => {
        const entry = Buffer.from(cached.get('index.js') ?? '').toString();
        writeFileSync(join(folder, 'index.js'), entry.replace(`"${process.versions.v8}"`, '"13.0.1"'));
      },
    ],
  ] as const)('that is %s is not used, and the function says so: %s', (_, reason, spoil) => {
    const folder = unpacked();
    spoil(folder);
    expect(loaded(folder)).toBe(`function ${reason}`);
  });

  it('that V8 refuses, as under other flags, is not used, and the function says so', () => {
    expect(loaded(unpacked(), [])).toBe('function flags');
  });

  it('makes an asset about twice as large, and with the same digest each time', () => {
    const size = (files: Bundle) => [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(size(cached)).toBeLessThan(2.25 * size(code));
    expect(digestOf(code)).toBe(digestOf(bundle(OPTIONS)));
    expect(digestOf(code)).not.toBe(digestOf(new Map([...code].slice(1))));
  });
});
