import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { openQuietDoor } from '../scim/quiet.ts';

/** Ada in full-width letters, which version 0.1.0 listed as they are and this version lists in narrow ones. */
const WIDE = '\uff41\uff44\uff41@example.com';
const NARROW = 'ada@example.com';

async function openFormer() {
  let table: Table | undefined;
  const door = openQuietDoor({
    services: ({ clock }) => {
      table = memoryTable(clock);
      return { directory: openDirectory(table, clock) };
    },
  });
  if (table === undefined) throw new Error('the door was opened without a table');
  const { body } = await door.create({ userName: WIDE, emails: [{ value: WIDE }] });
  const group = await door.send('POST', '/Groups', { body: { displayName: WIDE } });
  const id = String(body.id);
  for (const [what, sk] of [
    ['userName', '-'],
    ['email', id],
    ['group-displayName', String(group.body.id)],
  ] as const) {
    const item = await table.get({ pk: `demo#${what}#${NARROW}`, sk });
    if (item === undefined) throw new Error(`nothing is listed as ${what}`);
    await table.write([{ delete: item }, { put: { ...item, pk: `demo#${what}#${WIDE}` } }]);
  }
  return { door, table, id };
}

describe('what version 0.1.0 listed by its full-width name', () => {
  it('is found by it', async () => {
    const { door, id } = await openFormer();
    for (const filter of [`userName eq "${WIDE}"`, `emails.value eq "${WIDE}"`]) {
      const { body } = await door.send('GET', '/Users', { query: { filter } });
      expect(body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
    }
    const groups = await door.send('GET', '/Groups', { query: { filter: `displayName eq "${WIDE}"` } });
    expect(groups.body).toMatchObject({ totalResults: 1 });
    expect((await door.create({ userName: WIDE })).status).toBe(409);
  });

  it('leaves nothing behind when it has another name, or is erased', async () => {
    const { door, table, id } = await openFormer();
    await door.send('PUT', `/Users/${id}`, { body: { userName: 'ben@example.com' } });
    expect(await table.get({ pk: `demo#userName#${WIDE}`, sk: '-' })).toBeUndefined();
    expect(await table.get({ pk: `demo#email#${WIDE}`, sk: id })).toBeUndefined();
    const erased = await openFormer();
    const record = await erased.door.directory.readPerson('demo', erased.id);
    if (record !== undefined) await erased.door.directory.erasePerson(record);
    expect(await erased.table.get({ pk: `demo#userName#${WIDE}`, sk: '-' })).toBeUndefined();
    expect(await erased.table.get({ pk: `demo#email#${WIDE}`, sk: erased.id })).toBeUndefined();
  });
});
