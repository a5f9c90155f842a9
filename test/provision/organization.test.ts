import { expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openOrganization } from '../../functions/provision/organization.ts';

/** A directory that counts what it is asked for. */
function counted() {
  const clock = { now: () => 0, sleep: async () => {} };
  const directory = openDirectory(memoryTable(clock), clock);
  const requests = { read: 0, written: 0 };
  const readDocument: typeof directory.readDocument = (...which) => {
    requests.read += 1;
    return directory.readDocument(...which);
  };
  const writeDocument: typeof directory.writeDocument = (...what) => {
    requests.written += 1;
    return directory.writeDocument(...what);
  };
  return { directory: { ...directory, readDocument, writeDocument }, requests };
}

it('the organization is learned once, by all functions', async () => {
  const { directory, requests } = counted();
  const learner = openOrganization(directory, 'acme');
  expect(await learner.id()).toBeUndefined();
  await learner.learn('o-1');
  await learner.learn('o-1');
  expect(requests.written).toBe(1);
  const other = openOrganization(directory, 'acme');
  expect([await learner.id(), await other.id()]).toEqual(['o-1', 'o-1']);
  const { read } = requests;
  expect([await learner.id(), await other.id()]).toEqual(['o-1', 'o-1']);
  expect(requests.read).toBe(read);
  expect(await openOrganization(directory, 'another').id()).toBeUndefined();
});

it('the organization follows the account, where the tenant gets another one', async () => {
  const { directory } = counted();
  await openOrganization(directory, 'acme').learn('o-1');
  const organization = openOrganization(directory, 'acme');
  expect(await organization.id()).toBe('o-1');
  await organization.learn('o-2');
  expect(await openOrganization(directory, 'acme').id()).toBe('o-2');
});

it('an organization that is not written as it should be is not known, and learned anew', async () => {
  const { directory } = counted();
  await directory.writeDocument('acme', 'organization', { id: 7 });
  const organization = openOrganization(directory, 'acme');
  expect(await organization.id()).toBeUndefined();
  await organization.learn('o-1');
  expect(await organization.id()).toBe('o-1');
});
