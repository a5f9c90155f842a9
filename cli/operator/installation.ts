import type { Directory } from '../../functions/directory/directory.ts';
import { changedTenants } from '../../functions/operate/configuration/push.ts';
import type { Finding } from '../../functions/operate/tenant/finding.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { FORM, readActive, readContent } from '../../functions/tenant/generation/store.ts';
import type { CommandContext } from '../command-context.ts';
import { versionOfClone } from '../version.ts';

/** Which configuration is active, whether alarms reach an operator, and which version this is. */
export async function installationFindings(
  { table, configuration: file }: CommandContext,
  directory: Directory,
  written: Configuration,
): Promise<Finding[]> {
  return [
    await generationFinding(directory, written, file),
    ...(table === undefined ? [] : [await (await import('./alarms.ts')).checkAlarms(table)]),
    {
      section,
      what: 'version',
      mark: '✓',
      found: `${versionOfClone()} of this clone, Node ${process.version}`,
    },
  ];
}

const section = 'installation';

async function generationFinding(
  directory: Directory,
  written: Configuration,
  file: string,
): Promise<Finding> {
  const what = 'configuration';
  const active = (await readActive(directory))?.entry;
  if (active === undefined) {
    return { section, what, mark: '✓', found: 'no generation yet; push, or npm start, makes the first' };
  }
  const { number, form, at, by } = active;
  if (form > FORM) {
    return {
      section,
      what,
      mark: '!',
      found: `generation ${number} was written by a later version than this clone`,
      advice: 'Use the version that is deployed.',
    };
  }
  const changed = changedTenants(await readContent(directory, active), written);
  if (changed.length === 0) {
    return { section, what, mark: '✓', found: `generation ${number}, since ${at} by ${by}, is ${file}` };
  }
  return {
    section,
    what,
    mark: '!',
    found: `generation ${number} is active, and ${file} has ${changed.join(', ')} otherwise`,
    advice: 'plan shows what would change, push activates it.',
  };
}
