import { readdirSync } from 'node:fs';

/** `npm run bench -- NAME`: runs the benchmark of that name, which is the file of that name beside this one. */
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.replace(/\.ts$/, ''));
const [name = ''] = process.argv.slice(2);

if (names.includes(name)) {
  await import(`./${name}.ts`);
} else {
  console.error(`Which benchmark? One of: ${names.join(', ')}`);
  process.exitCode = 2;
}
