import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The texts in `corpus/<name>.json`: what inputs begin with, and each that was once taken wrongly. */
export function corpus(name: string): readonly string[] {
  const file = join(import.meta.dirname, 'corpus', `${name}.json`);
  const texts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(texts) || texts.length === 0) throw new Error(`${file} is no list of texts`);
  return texts.map((text) => (typeof text === 'string' ? text : JSON.stringify(text)));
}
