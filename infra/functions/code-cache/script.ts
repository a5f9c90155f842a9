import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { compact } from '../../../functions/runtime/compact.ts';

/** A CommonJS file as Node compiles it, with what V8 made of it before, if that is at hand. */
export function compile(file: string, cachedData?: Buffer): Script {
  const source = Module.wrap(readFileSync(file, 'utf8'));
  return new Script(source, { filename: file, ...compact({ cachedData }) });
}

/** Runs a compiled CommonJS file. @returns its exports */
export function run(script: Script, file: string): Readonly<Record<string, unknown>> {
  const module: { exports: Record<string, unknown> } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}
