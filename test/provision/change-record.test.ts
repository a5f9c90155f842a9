import { beforeEach, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { DirectoryBusyError } from '../../functions/directory/errors.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { changeRecord } from '../../functions/provision/change-record.ts';
import { aPerson, next } from '../contract/directory.ts';

describe('changing a record', () => {
  let directory: Directory;
  const stored = aPerson('acme', 'ada');
  const withSource = (source: string) => (record: PersonRecord) => next(record, { source });
  /** A directory in which another writer comes first at each write. */
  const contended = (): Pick<Directory, 'updatePerson'> => ({
    updatePerson: async (before, after) => {
      const current = await directory.readPerson('acme', 'ada');
      if (current !== undefined) await directory.updatePerson(current, next(current));
      return directory.updatePerson(before, after);
    },
  });

  beforeEach(async () => {
    const clock = { now: () => 0, sleep: async () => {} };
    directory = openDirectory(memoryTable(clock), clock);
    await directory.createPerson(stored);
  });

  it('goes on top of what another writer stored meanwhile', async () => {
    await directory.updatePerson(stored, next(stored, { source: 'okta' }));
    const seen: string[] = [];
    const isChanged = await changeRecord(directory, stored, (record) => {
      seen.push(record.source);
      return next(record, { source: `${record.source}!` });
    });
    expect(isChanged).toBe(true);
    expect(seen).toEqual([stored.source, 'okta']);
    expect((await directory.readPerson('acme', 'ada'))?.source).toBe('okta!');
  });

  it('leaves a record that needs no change any more, and one that is gone', async () => {
    const held = (record: PersonRecord) =>
      record.source === 'okta' ? undefined : next(record, { source: 'scim' });
    const other = next(stored, { source: 'okta' });
    await directory.updatePerson(stored, other);
    expect(await changeRecord(directory, stored, held)).toBe(false);
    expect(await directory.readPerson('acme', 'ada')).toEqual(other);
    await directory.erasePerson(other);
    expect(await changeRecord(directory, stored, withSource('scim'))).toBe(false);
    expect(await directory.readPerson('acme', 'ada')).toBeUndefined();
  });

  it('ends when another writer always comes first', async () => {
    await expect(changeRecord(contended(), stored, withSource('scim'))).rejects.toThrow(DirectoryBusyError);
    expect((await directory.readPerson('acme', 'ada'))?.source).toBe(stored.source);
  });

  it('says so when another person has a key of it', async () => {
    const taken = { updatePerson: async () => ({ ok: false, reason: 'conflict', id: 'bob' }) as never };
    await expect(changeRecord(taken, stored, withSource('scim'))).rejects.toThrow('a key was taken');
  });
});
