import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printable } from '../../functions/runtime/printable.ts';
import { vectorSets } from './sets.ts';
import { summaryOf } from './vector-set.ts';

const REPOSITORIES = ['https://github.com/C2SP/wycheproof', 'https://github.com/nst/JSONTestSuite'];

/**
 * `npm run vectors` gives public test vectors to the readers of signatures, keys and JSON. They are checked out by hand
 * into a folder that isn't kept (`--folder`, `.vectors` by itself); ends with 1 when a vector was read wrongly, and with 2
 * when the folder isn't there.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { folder: { type: 'string', default: '.vectors' } } });
  const folder = resolve(values.folder);
  try {
    await access(resolve(folder, 'wycheproof/testvectors_v1'));
    await access(resolve(folder, 'JSONTestSuite/test_parsing'));
  } catch {
    const commands = REPOSITORIES.map(
      (url) => `git clone --depth 1 ${url} ${values.folder}/${url.split('/').at(-1)}`,
    );
    process.stderr.write(
      `The vectors aren't in ${values.folder}. Fetch them first:\n${commands.join('\n')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const rows = [];
  const wrong: string[] = [];
  for (const set of vectorSets(folder)) {
    const summary = await summaryOf(set);
    const otherwise = Object.entries(summary.otherwise).map(([reason, count]) => `${count}: ${reason}`);
    const { vectors, right, either } = summary;
    rows.push({
      set: set.name,
      vectors,
      right,
      either,
      'otherwise, and why': otherwise.join('; '),
      wrong: summary.wrong.length,
    });
    wrong.push(...summary.wrong.map((each) => `${set.name}, ${each}`));
  }
  console.table(rows);
  for (const each of wrong) process.stdout.write(`${printable(each)}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

await main();
