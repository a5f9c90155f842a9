import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { Item, Table } from '../../functions/directory/table.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Door, openDoor } from '../scim/door.ts';

/**
 * During a release two versions work on one table, and after a roll-back the older one alone. So items are held here as
 * versions of the product wrote them: each release that stores something new adds a file, and none is ever changed.
 */
const FOLDER = join(import.meta.dirname, '../fixtures/stored');
const FILES = ['person-0.1.json'];

interface Opened {
  readonly door: Door;
  readonly table: Table;
  drainAll(): Promise<void>;
}

async function openOn(items: readonly Item[]): Promise<Opened> {
  let table: Table | undefined;
  const door = openDoor({
    services: (given) => {
      table = memoryTable(given.clock);
      return { directory: openDirectory(table, given.clock) };
    },
  });
  if (table === undefined) throw new Error('the door was opened without a table');
  await table.write(items.map((put) => ({ put })));
  const { services } = door;
  const provisioning = openTenant('demo', demoTenant(), services);
  return {
    door,
    table,
    drainAll: async () => {
      await drain(provisioning, services, services.clock.now() + 60_000);
    },
  };
}

const itemsOf = (file: string): Item[] => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));

/** The person's own item, of all that are stored for it. */
const isRecord = ({ body }: Item) => body.record !== undefined;

describe.each(FILES)('%s, as an earlier version stored it', (file) => {
  it('is found, changed and provisioned by this one', async () => {
    const { door, drainAll } = await openOn(itemsOf(file));
    const found = await door.send('GET', '/Users', { query: { filter: 'userName eq "ada@example.com"' } });
    expect(found.body).toMatchObject({ totalResults: 1 });
    const [{ id }] = found.body.Resources as [{ id: string }];
    const patched = await door.send('PATCH', `/Users/${id}`, {
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'name.familyName', value: 'King' }],
      },
    });
    expect(patched).toMatchObject({ status: 200, body: { name: { familyName: 'King' } } });
    await drainAll();
    expect(door.simulator.agents()).toEqual([expect.objectContaining({ lastName: 'King' })]);
    expect((await door.stored()).map(({ state }) => state)).toEqual(['provisioned']);
  });
});

describe('what a later version has stored', () => {
  it('is left in place by this one, field by field, through a change and a drain', async () => {
    const later = itemsOf(FILES[0] ?? '').map((item) => {
      if (!isRecord(item)) return item;
      const record = item.body.record as PersonRecord;
      const added = { ...record, colour: { of: 'later' }, agent: { ...record.agent, later: 1 } };
      return { ...item, body: { ...item.body, record: added } };
    });
    const { door, drainAll } = await openOn(later);
    const [before] = await door.stored();
    const change = { op: 'replace', path: 'displayName', value: 'Countess' };
    await door.send('PATCH', `/Users/${before?.id}`, {
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [change] },
    });
    await drainAll();
    const [after] = await door.stored();
    expect(after).toMatchObject({
      state: 'provisioned',
      person: { displayName: 'Countess' },
      colour: { of: 'later' },
      agent: { later: 1 },
    });
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  });

  it('is answered 500 and logged with its key, where its shape is another one, and stays as it is', async () => {
    const later = itemsOf(FILES[0] ?? '').map((item) =>
      isRecord(item) ? { ...item, body: { ...item.body, shape: 2 } } : item,
    );
    const { door, table } = await openOn(later);
    const record = later.find(isRecord);
    if (record === undefined) throw new Error('there is no record');
    const { id } = record.body.record as PersonRecord;
    const answer = await door.send('DELETE', `/Users/${id}`);
    expect(answer.status).toBe(500);
    expect(door.logged.join('\n')).toMatch(/has shape 2, this version reads shape 1/);
    expect(await table.get(record)).toEqual(record);
  });
});
