import type { Directory } from '../directory/directory.ts';
import { DirectoryBusyError, MAX_RACES } from '../directory/errors.ts';
import type { PersonRecord } from '../directory/record.ts';

/**
 * Changes a record over whatever others write to it meanwhile. The holder of its lease finds it changed, and doesn't call
 * it done.
 *
 * @param record as the caller has read it
 * @param change sees the record as it is stored now, and answers undefined where nothing is to be changed any more
 * @returns whether it was changed; false also for a record that is gone
 * @throws DirectoryBusyError when each try loses to another writer
 */
export async function changeRecord(
  directory: Pick<Directory, 'updatePerson'>,
  record: PersonRecord,
  change: (current: PersonRecord) => PersonRecord | undefined,
): Promise<boolean> {
  let current: PersonRecord | undefined = record;
  for (let race = 0; race < MAX_RACES && current !== undefined; race += 1) {
    const after = change(current);
    if (after === undefined) return false;
    const written = await directory.updatePerson(current, after);
    if (written.ok) return true;
    if (written.reason !== 'changed') throw new Error('a key was taken while it was in use');
    current = written.current;
  }
  if (current === undefined) return false;
  throw new DirectoryBusyError(`The record ${record.tenant}/${record.id} changes all the time`);
}
